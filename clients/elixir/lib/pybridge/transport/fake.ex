defmodule PyBridge.Transport.Fake do
  @moduledoc """
  A transport without Python, for tests that run anywhere.

  The address of its worker says what calls answer:

      start_supervised!(
        {PyBridge.Worker, transport: PyBridge.Transport.Fake, address: fn _request -> {:ok, "text"} end}
      )

    * a function from `PyBridge.Request` to a reply, run in the calling process
    * a map from tool names to replies or such functions; `"*"` stands for all others, and without it they are
      refused. `replies/2` makes such a map from a generated library.

  A reply is `{:ok, value}`, `{:error, %PyBridge.Error{}}`, or, to a streaming request, `{:stream, enumerable}` of items;
  a `PyBridge.Error` among the items ends the stream. Objects in values are made by `object/2`.

  With `options: [notify: pid]` the worker sends that process `{:pybridge_request, request}` for each call,
  `{:pybridge_end, request, :done | :halted}` for each stream that started, and `{:pybridge_release, refs}`:

      assert_received {:pybridge_request, %{tool_name: "fakelib.Predict.load", keyword: %{"path" => "text"}}}
  """

  @behaviour PyBridge.Transport

  alias PyBridge.{Error, Ref, Request}
  alias PyBridge.Transport.Fake.Library

  @type reply :: {:ok, term()} | {:error, Error.t()} | {:stream, Enumerable.t()}
  @type table :: %{optional(String.t()) => reply() | (Request.t() -> reply())}

  @doc """
  An object of a Python class, each time another one.

  `fields` are those of `PyBridge.Ref`, such as `bases: ["fakelib.predict.predict.Predict"]`.
  """
  @spec object(String.t(), keyword()) :: Ref.t()
  def object(type, fields \\ []) do
    struct!(%Ref{id: System.unique_integer([:positive]), type: type}, fields)
  end

  @doc """
  Replies for every call of a generated library, from its root module.

  Arguments are checked against the descriptors, with Python's `TypeError` for those that Python would refuse; results
  are the descriptors' examples, and streams have two of them. `overrides` take precedence.
  """
  @spec replies(module(), table()) :: table()
  def replies(root, overrides \\ %{}), do: Map.merge(Library.replies(root), overrides)

  @impl true
  def connect(address, options) when is_function(address, 1) or is_map(address) do
    {:ok, %{address: address, notify: Keyword.get(options, :notify)}}
  end

  @impl true
  def execute(connection, request) do
    case reply(connection, request) do
      {:ok, value} -> {:ok, value}
      {:error, %Error{} = error} -> {:error, error}
      other -> raise ArgumentError, wrong(request, other, "{:ok, value}")
    end
  end

  @impl true
  def stream(connection, request) do
    case reply(connection, request) do
      {:stream, items} -> {:ok, items(connection, request, items)}
      {:error, %Error{} = error} -> {:error, error}
      other -> raise ArgumentError, wrong(request, other, "{:stream, items}")
    end
  end

  @impl true
  def release(connection, refs), do: notify(connection, {:pybridge_release, refs})

  @impl true
  def close(_connection), do: :ok

  defp reply(connection, request) do
    notify(connection, {:pybridge_request, request})

    case answer(connection.address, request.tool_name) do
      nil -> {:error, Error.new(:refused, "no reply is given for #{request.tool_name}")}
      fun when is_function(fun, 1) -> fun.(request)
      reply -> reply
    end
  end

  defp answer(table, tool_name) when is_map(table), do: table[tool_name] || table["*"]
  defp answer(fun, _tool_name), do: fun

  defp items(connection, request, items) do
    Stream.transform(
      items,
      fn -> :halted end,
      fn
        %Error{} = error, _ -> {[{:error, error}], :done}
        item, state -> {[{:ok, item}], state}
      end,
      fn _ -> {[], :done} end,
      fn state -> notify(connection, {:pybridge_end, request, state}) end
    )
  end

  defp notify(%{notify: nil}, _message), do: :ok

  defp notify(%{notify: pid}, message) do
    send(pid, message)
    :ok
  end

  defp wrong(request, reply, wanted) do
    "the reply to #{request.tool_name} is #{inspect(reply)}, not #{wanted} or {:error, %PyBridge.Error{}}"
  end
end
