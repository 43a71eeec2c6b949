defmodule PyBridge.WorkerTest do
  use ExUnit.Case

  alias PyBridge.{Error, Worker}

  defmodule Linked do
    @behaviour PyBridge.Transport

    @impl true
    def connect({:refuse, error}, _options), do: {:error, error}

    def connect(test, options) do
      connection = spawn_link(fn -> receive do: (reason -> exit(reason)) end)
      send(test, {:connected, connection, options})
      {:ok, {test, connection}}
    end

    @impl true
    def execute({_test, connection}, _request), do: {:ok, inspect(connection)}

    @impl true
    def stream(_connection, _request), do: {:ok, []}

    @impl true
    def release(_connection, _refs), do: :ok

    @impl true
    def close({test, connection}) do
      send(test, {:closed, connection})
      :ok
    end
  end

  @tag :capture_log
  test "it stops with its connection, and is started anew" do
    start_supervised!({Worker, transport: Linked, address: self()})
    assert_receive {:connected, first, []}
    assert {:ok, inspect(first)} == Fakelib.configure()

    send(first, :kill)

    assert_receive {:connected, second, []}
    assert first != second
    assert_receive {:closed, ^first}
  end

  test "it closes its connection when it is stopped" do
    start_supervised!({Worker, transport: Linked, address: self(), options: [a: 1]})
    assert_receive {:connected, connection, [a: 1]}

    stop_supervised!(Worker)

    assert_received {:closed, ^connection}
  end

  @tag :capture_log
  test "it does not start when it cannot connect" do
    error = Error.new(:unavailable, "nobody listens")

    assert {:error, {^error, _child}} =
             start_supervised({Worker, transport: Linked, address: {:refuse, error}})
  end

  test "it can be nameless, and be found by its pid" do
    {:ok, worker} = Worker.start_link(transport: Linked, address: self(), name: nil)

    assert {:ok, text} = Fakelib.configure(pybridge: [worker: worker])
    assert text =~ "#PID"
  end

  test "the default can be configured" do
    Application.put_env(:pybridge, :worker, :mine)
    on_exit(fn -> Application.delete_env(:pybridge, :worker) end)
    start_supervised!({Worker, transport: Linked, address: self(), name: :mine})

    assert {:ok, _text} = Fakelib.configure()
  end

  test "misspelt options are errors" do
    assert_raise ArgumentError, ~r/adress/, fn ->
      Worker.start_link(transport: Linked, adress: 1)
    end
  end
end
