defmodule PyBridge.Transport do
  @moduledoc """
  How requests reach Python.

  A transport is a module with the callbacks below; a `PyBridge.Worker` connects it and keeps the
  connection. `PyBridge.Transport.Fake` answers without Python, for tests.

  ## Writing one

    * `c:connect/2` runs in the worker process. Processes started there should be linked to it: when
      one exits, the worker stops and its supervisor starts it anew.
    * `c:execute/2` and `c:stream/2` run in the process that makes the call, many at a time. They return
      errors, they do not raise them.
    * Arguments in a `PyBridge.Request` are made of the terms that `PyBridge.Value` lists for going out,
      without atoms other than `nil`, `true` and `false`, and with every object as a `PyBridge.Ref`.
      A binary that is not valid UTF-8 is `bytes`, and so is `{:bytes, binary}`.
      `PyBridge.MessagePack` writes them as the worker reads them.
    * Results are the same terms. An object is a `PyBridge.Ref` with `id`, `type`, `bases`, `session` and
      `epoch`; the runtime fills in the rest.
    * `c:stream/2` gives an enumerable of `{:ok, item}`, with `{:error, error}` at most once and last.
      `Stream.resource/3` is the natural way to make one; its third function must cancel the call when the
      enumeration stops early. The request's `timeout` is the longest wait for one item.
      Nothing may be fetched far ahead of what is consumed.
    * A caller may die without ending its stream: monitor it and cancel.
  """

  alias PyBridge.{Error, Ref, Request}

  @typedoc "Whatever `c:connect/2` returned."
  @type connection :: term()

  @doc "Opens a connection. `address` and `options` are those given to the `PyBridge.Worker`."
  @callback connect(address :: term(), options :: keyword()) ::
              {:ok, connection()} | {:error, Error.t()}

  @doc "Makes a call and waits for its result."
  @callback execute(connection(), Request.t()) :: {:ok, term()} | {:error, Error.t()}

  @doc "Starts a call whose result is a stream."
  @callback stream(connection(), Request.t()) ::
              {:ok, Enumerable.t({:ok, term()} | {:error, Error.t()})} | {:error, Error.t()}

  @doc "Lets go of objects; those already gone are no error."
  @callback release(connection(), [Ref.t()]) :: :ok | {:error, Error.t()}

  @doc "Closes the connection. Runs in the worker process when it ends."
  @callback close(connection()) :: :ok
end
