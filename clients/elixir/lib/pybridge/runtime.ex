defmodule PyBridge.Runtime do
  @moduledoc """
  What generated modules call; `CONTRACT.md` in this package says how.

  Applications use the generated functions, and of this module only `release/1`, and `t:opts/0` under the key
  `:pybridge` of any generated function's options:

      Fakelib.Predict.load(predict, path, pybridge: [timeout: 5_000])
  """

  alias PyBridge.{Classes, Error, Ref, Request, ResultStream, Telemetry, Value, Worker}

  @typedoc "Who calls: the generated module, its public Python path, and the library's root module."
  @type class :: {module(), String.t(), module()}

  @typedoc """
  A function's own arguments: all by name, or `{positional, named}`, or
  `{positional, optional, rest, named}`, where `optional` names the options that go by position.
  """
  @type args ::
          keyword()
          | {[term()], keyword()}
          | {[term()], [atom() | {atom(), term()}], [term()], keyword()}

  @typedoc """
  How to make a call.

    * `:timeout` - milliseconds to wait for the result, or for each item of a stream, or `:infinity`;
      the worker's own default when it is not given
    * `:session` - the session to work in; calls on an object go to its session
    * `:worker` - the worker to use; calls on an object go to its worker
  """
  @type opt ::
          {:timeout, timeout()} | {:session, String.t() | nil} | {:worker, GenServer.server()}

  @type opts :: [opt()]

  @typedoc "Further keyword arguments, for Python's `**kwargs`."
  @type kwargs ::
          [{atom() | String.t(), term()}] | %{optional(atom() | String.t()) => term()}

  @type result :: {:ok, term()} | {:error, Error.t()}

  @doc "Creates an instance of a class, as a struct of the generated module."
  @spec create(class(), args(), keyword(), kwargs()) :: result()
  def create({module, _path, _root} = class, args \\ [], opts \\ [], kwargs \\ []) do
    case run(class, operation: :create, args: args, opts: opts, kwargs: kwargs) do
      {:ok, %Ref{} = ref} -> {:ok, struct!(module, ref: ref)}
      {:ok, %{ref: %Ref{} = ref}} -> {:ok, struct!(module, ref: ref)}
      other -> other
    end
  end

  @doc "Calls a method of an object."
  @spec call(class(), Ref.t(), String.t(), args(), keyword(), kwargs()) :: result()
  def call(class, %Ref{} = ref, name, args \\ [], opts \\ [], kwargs \\ []) do
    run(class, operation: :call, target: ref, name: name, args: args, opts: opts, kwargs: kwargs)
  end

  @doc "Calls a class method or static method."
  @spec static(class(), String.t(), args(), keyword(), kwargs()) :: result()
  def static(class, name, args \\ [], opts \\ [], kwargs \\ []) do
    run(class, operation: :call, name: name, args: args, opts: opts, kwargs: kwargs)
  end

  @doc "Calls a function of a module."
  @spec function(class(), String.t(), args(), keyword(), kwargs()) :: result()
  def function(module, name, args \\ [], opts \\ [], kwargs \\ []) do
    run(module, operation: :call, name: name, args: args, opts: opts, kwargs: kwargs)
  end

  @doc "Reads a property or field of an object; without an object, of the class or module."
  @spec get(class(), Ref.t() | nil, String.t(), keyword()) :: result()
  def get(class, ref, name, opts \\ []) do
    run(class, operation: :get, target: ref, name: name, args: [], opts: opts)
  end

  @doc "Writes a property or field."
  @spec set(class(), Ref.t() | nil, String.t(), term(), keyword()) ::
          {:ok, nil} | {:error, Error.t()}
  def set(class, ref, name, value, opts \\ []) do
    fields = [operation: :set, target: ref, name: name, args: {[value], []}, opts: opts]
    with {:ok, _nothing} <- run(class, fields), do: {:ok, nil}
  end

  @doc """
  Starts a call whose result is a stream, and waits for its first item.

  The stream is enumerated once, by the calling process. Leaving it early ends the call; failures after the
  first item raise `PyBridge.Error`. A stream that is opened and never enumerated keeps its
  call until the process ends.
  """
  @spec open(class(), Ref.t() | nil, String.t(), args(), keyword(), kwargs()) ::
          {:ok, Enumerable.t()} | {:error, Error.t()}
  def open(class, ref, name, args \\ [], opts \\ [], kwargs \\ []) do
    with {:ok, source} <- source(class, ref, name, args, opts, kwargs),
         do: ResultStream.open(source)
  end

  @doc "The same, lazy: each enumeration is a new call, and every failure raises."
  @spec open!(class(), Ref.t() | nil, String.t(), args(), keyword(), kwargs()) :: Enumerable.t()
  def open!(class, ref, name, args \\ [], opts \\ [], kwargs \\ []) do
    ResultStream.lazy(fn -> source(class, ref, name, args, opts, kwargs) end)
  end

  @doc "The value of a result; raises its error."
  @spec bang({:ok, value} | {:error, Error.t()}) :: value when value: term()
  def bang({:ok, value}), do: value
  def bang({:error, error}), do: raise(error)

  @doc """
  Lets go of objects: of generated structs, of bare references, or of a list of them.

  Python may then collect them. Using one afterwards is an error. Objects already gone are none.
  """
  @spec release(struct() | [struct()]) :: :ok | {:error, Error.t()}
  def release(objects) do
    {_objects, refs} = objects |> List.wrap() |> Value.encode()

    refs
    |> Enum.reverse()
    |> Enum.group_by(& &1.worker)
    |> Enum.reduce(:ok, fn {worker, held}, result ->
      with :ok <- release(worker || Worker.default(), held), do: result
    end)
  end

  defp release(worker, refs) do
    with {:ok, {transport, connection, _timeout}} <- Worker.checkout(worker),
         do: transport.release(connection, refs)
  end

  defp run(class, fields) do
    with {:ok, request} <- Request.new(class, fields),
         {:ok, {transport, connection, timeout}} <- Worker.checkout(request.worker) do
      request = with_timeout(request, timeout)

      Telemetry.span(request, fn ->
        with {:ok, value} <- transport.execute(connection, request),
             do: {:ok, decode(value, class, request)}
      end)
    end
  end

  defp source(class, ref, name, args, opts, kwargs) do
    fields = [operation: :call, target: ref, name: name, streaming: true]

    with {:ok, request} <- Request.new(class, fields ++ [args: args, opts: opts, kwargs: kwargs]),
         {:ok, {transport, connection, timeout}} <- Worker.checkout(request.worker) do
      request = with_timeout(request, timeout)
      started = Telemetry.start(:stream, request)

      {:ok,
       %{
         start: fn -> transport.stream(connection, request) end,
         decode: &decode(&1, class, request),
         finish: &Telemetry.stop(:stream, request, started, &1, %{items: &2})
       }}
    end
  end

  defp with_timeout(%Request{timeout: nil} = request, timeout), do: %{request | timeout: timeout}
  defp with_timeout(request, _timeout), do: request

  defp decode(value, {_module, _path, root}, request) do
    Value.decode(value, fn ref ->
      home = %{ref | worker: request.worker, session: ref.session || request.session}
      Classes.wrap(home, root)
    end)
  end
end
