defmodule PyBridge.MixProject do
  use Mix.Project

  # No dependencies: a single one from Hex, even an optional one, would make Mix ask for Hex.
  def project do
    [
      app: :pybridge,
      version: "0.1.0",
      elixir: "~> 1.14",
      elixirc_paths: elixirc_paths(Mix.env()),
      start_permanent: Mix.env() == :prod,
      deps: [],
      description: "Runtime of the Elixir clients that PyBridge generates for Python libraries."
    ]
  end

  def application, do: []

  defp elixirc_paths(:test), do: ["lib", "test/support"]
  defp elixirc_paths(_), do: ["lib"]
end
