defmodule PyBridge.Probe do
  @moduledoc """
  What tests of the runtime share: a worker on the fake transport, and generated classes by hand.
  """

  alias PyBridge.Transport.Fake

  @doc "A class whose Elixir module is `Fakelib.Predict`."
  def class, do: {Fakelib.Predict, "fakelib.Predict", Fakelib}

  @doc "The functions of a Python module."
  def module, do: {Fakelib.Text, "fakelib.text", Fakelib}

  @doc "Starts the default worker; requests go to the test process."
  def start_worker(address, opts \\ []) do
    ExUnit.Callbacks.start_supervised!(
      {PyBridge.Worker, [transport: Fake, address: address, options: [notify: self()]] ++ opts}
    )
  end

  @doc "A predictor, as the worker `worker` would hold it."
  def predict(fields \\ []) do
    %Fakelib.Predict{ref: Fake.object("fakelib.predict.predict.Predict", fields)}
  end
end
