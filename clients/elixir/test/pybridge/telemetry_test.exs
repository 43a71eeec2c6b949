defmodule PyBridge.TelemetryTest do
  use ExUnit.Case

  import PyBridge.Probe

  alias Fakelib.Text
  alias PyBridge.Error

  # The package has no dependencies, so `:telemetry` is a stand-in, there for these tests only.
  setup do
    defmodule :telemetry do
      def execute(event, measurements, metadata) do
        send(self(), {:telemetry, event, measurements, metadata})
        :ok
      end
    end

    on_exit(fn ->
      :code.delete(:telemetry)
      :code.purge(:telemetry)
    end)
  end

  test "calls have a start and a stop" do
    start_worker(fn _request -> {:ok, "x"} end)

    Text.join("a")

    assert_received {:telemetry, [:pybridge, :call, :start], %{system_time: _},
                     %{request: %{tool_name: "fakelib.text.join"}}}

    assert_received {:telemetry, [:pybridge, :call, :stop], %{duration: duration}, %{result: :ok}}
    assert duration >= 0
  end

  test "failures are told as they are" do
    error = Error.new(:timeout, "late")

    start_worker(fn request ->
      if request.positional == ["a"], do: {:error, error}, else: raise("bug")
    end)

    Text.join("a")
    assert_received {:telemetry, [:pybridge, :call, :stop], _, %{result: {:error, ^error}}}

    assert_raise RuntimeError, fn -> Text.join("b") end

    assert_received {:telemetry, [:pybridge, :call, :exception], _,
                     %{kind: :error, reason: %RuntimeError{}}}
  end

  test "streams count their items and say how they ended" do
    error = Error.new(:python, "late")

    start_worker(fn
      %{keyword: %{"text" => "fails"}} -> {:stream, [1, error]}
      %{keyword: %{"text" => "refused"}} -> {:error, error}
      %{keyword: %{"text" => ""}} -> {:stream, []}
      _request -> {:stream, [1, 2, 3]}
    end)

    Enum.to_list(Text.words!("a"))
    assert_received {:telemetry, [:pybridge, :stream, :stop], %{items: 3}, %{result: :ok}}

    {:ok, stream} = Text.words("a")
    Enum.take(stream, 2)
    assert_received {:telemetry, [:pybridge, :stream, :stop], %{items: 2}, %{result: :halted}}

    catch_error(Enum.to_list(Text.words!("fails")))

    assert_received {:telemetry, [:pybridge, :stream, :stop], %{items: 1},
                     %{result: {:error, ^error}}}

    Text.words("refused")

    assert_received {:telemetry, [:pybridge, :stream, :stop], %{items: 0},
                     %{result: {:error, ^error}}}

    Text.words("")
    assert_received {:telemetry, [:pybridge, :stream, :stop], %{items: 0}, %{result: :ok}}

    for _ <- 1..5, do: assert_received({:telemetry, [:pybridge, :stream, :start], _, _})
    refute_received {:telemetry, [:pybridge, :stream, _], _, _}
  end
end
