defmodule PyBridge.Worker do
  @moduledoc """
  Holds the connection to Python, under the application's supervisor.

      children = [
        {PyBridge.Worker, transport: MyApp.Transport, address: "/run/python.sock"}
      ]

  Options:

    * `:transport` - a module with the behaviour `PyBridge.Transport`, required
    * `:address` - where that transport connects to, required; its documentation says what it takes
    * `:options` - further options of the transport, `[]`
    * `:name` - under which name to register, `PyBridge.Worker`; `nil` for none. Calls find the worker by it:
      generated functions use `PyBridge.Worker`, or what `config :pybridge, worker: name` says, or
      `pybridge: [worker: name]` in the call, or the worker that holds the object.
    * `:timeout` - milliseconds that calls wait which do not say it, or `:infinity`; 60,000

  When the connection's processes exit, the worker stops with them, and the supervisor starts it anew.
  Calls do not pass through this process: each is made by its own caller.
  """

  use GenServer

  alias PyBridge.Error

  @default_timeout 60_000

  @typedoc "What `checkout/1` gives: the transport, its connection, and the default timeout."
  @type checkout :: {module(), PyBridge.Transport.connection(), timeout()}

  @type option ::
          {:transport, module()}
          | {:address, term()}
          | {:options, keyword()}
          | {:name, GenServer.name() | nil}
          | {:timeout, timeout()}

  @doc "A child specification; its id is the worker's name, so that one supervisor can hold several."
  @spec child_spec([option()]) :: Supervisor.child_spec()
  def child_spec(opts) do
    %{id: Keyword.get(opts, :name, __MODULE__), start: {__MODULE__, :start_link, [opts]}}
  end

  @doc "Starts a worker; an error when the transport cannot connect."
  @spec start_link([option()]) :: GenServer.on_start()
  def start_link(opts) do
    opts = Keyword.validate!(opts, [:transport, :address, :options, :name, :timeout])

    case Keyword.get(opts, :name, __MODULE__) do
      nil -> GenServer.start_link(__MODULE__, opts)
      name -> GenServer.start_link(__MODULE__, opts, name: name)
    end
  end

  @doc "The worker that calls use when nothing else says."
  @spec default() :: GenServer.server()
  def default, do: Application.get_env(:pybridge, :worker, __MODULE__)

  @doc "Asks a worker for its connection. An `:unavailable` error when it is not running."
  @spec checkout(GenServer.server()) :: {:ok, checkout()} | {:error, Error.t()}
  def checkout(worker) do
    {:ok, GenServer.call(worker, :checkout)}
  catch
    :exit, reason -> {:error, Error.new(:unavailable, unavailable(worker, reason))}
  end

  @impl true
  def init(opts) do
    Process.flag(:trap_exit, true)
    transport = Keyword.fetch!(opts, :transport)
    address = Keyword.fetch!(opts, :address)

    case transport.connect(address, Keyword.get(opts, :options, [])) do
      {:ok, connection} ->
        {:ok, {transport, connection, Keyword.get(opts, :timeout, @default_timeout)}}

      {:error, error} ->
        {:stop, error}
    end
  end

  @impl true
  def handle_call(:checkout, _from, state), do: {:reply, state, state}

  @impl true
  def handle_info({:EXIT, _process, reason}, state),
    do: {:stop, {:connection_lost, reason}, state}

  def handle_info(_message, state), do: {:noreply, state}

  @impl true
  def terminate(_reason, {transport, connection, _timeout}), do: transport.close(connection)

  defp unavailable(worker, {:noproc, _call}) do
    "the worker #{inspect(worker)} is not running; start {PyBridge.Worker, ...} in a supervisor"
  end

  defp unavailable(worker, {reason, _call}) do
    "the worker #{inspect(worker)} went away: #{inspect(reason)}"
  end

  defp unavailable(worker, reason) do
    "the worker #{inspect(worker)} went away: #{inspect(reason)}"
  end
end
