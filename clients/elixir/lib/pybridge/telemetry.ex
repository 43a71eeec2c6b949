defmodule PyBridge.Telemetry do
  @moduledoc """
  Events of `:telemetry`, where the application has it.

  The package does not depend on `:telemetry`; it finds it at run time, and does nothing without it.

    * `[:pybridge, :call, :start]` - measurements `%{system_time: integer}`
    * `[:pybridge, :call, :stop]` - `%{duration: integer}` in native units
    * `[:pybridge, :call, :exception]` - `%{duration: integer}`; something raised here, not in Python
    * `[:pybridge, :stream, :start]`, `[:pybridge, :stream, :stop]` - the same for streams; `:stop` comes when
      the stream ends or is halted, with `items: count` beside `duration`

  Metadata: `:request`, the `PyBridge.Request`. Of `:stop` also `:result`: `:ok`, `:halted` (streams), or
  `{:error, PyBridge.Error.t()}`. Of `:exception` also `:kind`, `:reason`, `:stacktrace`.
  """

  alias PyBridge.{Error, Request}

  @typedoc "A monotonic time in native units."
  @type started :: integer()

  @doc "Runs a call inside a span."
  @spec span(Request.t(), (... -> result)) :: result
        when result: {:ok, term()} | {:error, Error.t()}
  def span(request, fun) do
    started = start(:call, request)

    try do
      fun.()
    catch
      kind, reason ->
        metadata = %{request: request, kind: kind, reason: reason, stacktrace: __STACKTRACE__}
        execute([:pybridge, :call, :exception], %{duration: since(started)}, metadata)
        :erlang.raise(kind, reason, __STACKTRACE__)
    else
      result ->
        stop(:call, request, started, outcome(result), %{})
        result
    end
  end

  @doc "Says that a call or stream starts; the answer is for `stop/5`."
  @spec start(:call | :stream, Request.t()) :: started()
  def start(event, request) do
    execute([:pybridge, event, :start], %{system_time: System.system_time()}, %{request: request})
    System.monotonic_time()
  end

  @doc "Says that it ended."
  @spec stop(:call | :stream, Request.t(), started(), :ok | :halted | {:error, term()}, map()) ::
          :ok
  def stop(event, request, started, result, measurements) do
    measurements = Map.put(measurements, :duration, since(started))
    execute([:pybridge, event, :stop], measurements, %{request: request, result: result})
  end

  defp outcome({:ok, _value}), do: :ok
  defp outcome({:error, error}), do: {:error, error}

  defp since(started), do: System.monotonic_time() - started

  # A module that is not loaded has no handlers attached, so it need not be looked for on disk.
  defp execute(event, measurements, metadata) do
    if function_exported?(:telemetry, :execute, 3),
      do: apply(:telemetry, :execute, [event, measurements, metadata])

    :ok
  end
end
