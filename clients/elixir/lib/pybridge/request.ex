defmodule PyBridge.Request do
  @moduledoc """
  One call, as a `PyBridge.Transport` gets it.
  """

  alias PyBridge.{Arguments, Error, Ref, Runtime, Value, Worker}

  @enforce_keys [:tool_name]
  defstruct [
    :tool_name,
    :target,
    :session,
    :worker,
    :timeout,
    operation: :call,
    positional: [],
    keyword: %{},
    streaming: false
  ]

  @typedoc """
  What the call does: `:create` makes an instance (the result is to be a reference, never a value),
  `:call` calls, `:get` reads an attribute, `:set` writes the one value in `positional` to it.
  """
  @type operation :: :create | :call | :get | :set

  @typedoc """
  `tool_name` is made of public Python paths: `"fakelib.Predict"` to create, `"fakelib.Predict.load"`
  with the object in `target`, `"fakelib.text.join"` for a function. `target` is `nil` for functions, class
  and static methods. `session` is `nil` for a call outside any session. `timeout` is in milliseconds; of a
  stream it is the longest wait for one item. It is `nil` until the worker's default fills it in.
  """
  @type t :: %__MODULE__{
          tool_name: String.t(),
          operation: operation(),
          target: Ref.t() | nil,
          positional: [term()],
          keyword: %{optional(String.t()) => term()},
          streaming: boolean(),
          session: String.t() | nil,
          worker: GenServer.server() | nil,
          timeout: timeout() | nil
        }

  @doc """
  Builds a request.

  `fields` are `:operation`, `:name`, `:target`, `:streaming`, and `:args`, `:opts`, `:kwargs` as
  `PyBridge.Runtime.call/6` takes them. The call goes to the worker and session of the objects in it, else to
  those of the call's options; contradictions are `:argument` errors.
  """
  @spec new(Runtime.class(), keyword()) :: {:ok, t()} | {:error, Error.t()}
  def new({_module, path, _root}, fields) do
    tool_name = tool_name(path, fields[:name])
    {call_opts, options} = Keyword.pop(fields[:opts] || [], :pybridge, [])

    with :ok <- check_call_options(call_opts),
         {:ok, positional, keyword} <-
           Arguments.arrange(tool_name, fields[:args], options, fields[:kwargs] || []),
         {:ok, {positional, keyword}, refs} <- encode(tool_name, positional, keyword),
         refs = List.wrap(fields[:target]) ++ Enum.reverse(refs),
         {:ok, worker} <- home(tool_name, :worker, call_opts, refs),
         {:ok, session} <- home(tool_name, :session, call_opts, refs) do
      {:ok,
       %__MODULE__{
         tool_name: tool_name,
         operation: fields[:operation],
         target: fields[:target],
         positional: positional,
         keyword: keyword,
         streaming: fields[:streaming] || false,
         session: session,
         worker: worker || Worker.default(),
         timeout: call_opts[:timeout]
       }}
    end
  end

  defp tool_name(path, nil), do: path
  defp tool_name(path, name), do: path <> "." <> name

  defp check_call_options(call_opts) do
    if Keyword.keyword?(call_opts),
      do: Enum.find_value(call_opts, :ok, &bad_call_option/1),
      else: argument_error(":pybridge takes a keyword list, not #{inspect(call_opts)}")
  end

  defp bad_call_option({:timeout, :infinity}), do: nil
  defp bad_call_option({:timeout, timeout}) when is_integer(timeout) and timeout > 0, do: nil
  defp bad_call_option({:session, session}) when is_binary(session) or is_nil(session), do: nil
  defp bad_call_option({:worker, _worker}), do: nil

  defp bad_call_option({name, value}) do
    argument_error(
      "#{inspect([{name, value}])} is no option of a call; " <>
        "there are timeout: milliseconds, session: name and worker: worker"
    )
  end

  defp encode(tool_name, positional, keyword) do
    {positional, refs} = Value.encode(positional)
    {values, refs} = keyword |> Map.values() |> Value.encode(refs)
    {:ok, {positional, keyword |> Map.keys() |> Enum.zip(values) |> Map.new()}, refs}
  catch
    {:unsendable, part} ->
      argument_error("#{tool_name}: #{inspect(part, limit: 5)} has no counterpart in Python")
  end

  # Objects can be used only where they are, so the ones in the call decide where it goes.
  defp home(tool_name, key, call_opts, refs) do
    held = refs |> Enum.map(&Map.fetch!(&1, key)) |> Enum.reject(&is_nil/1)

    case Enum.uniq_by(List.wrap(call_opts[key]) ++ held, &place(key, &1)) do
      [] ->
        {:ok, nil}

      [place] ->
        {:ok, place}

      [place, other | _] ->
        argument_error(
          "#{tool_name}: an object of the #{key} #{inspect(other)} " <>
            "cannot be used in the #{key} #{inspect(place)}"
        )
    end
  end

  # A worker may be known by its name here and by its pid there.
  defp place(:worker, worker), do: GenServer.whereis(worker) || worker
  defp place(:session, session), do: session

  defp argument_error(message), do: {:error, Error.new(:argument, message)}
end
