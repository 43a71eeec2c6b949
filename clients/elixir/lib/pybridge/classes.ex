defmodule PyBridge.Classes do
  @moduledoc """
  Finds the generated module that speaks for a Python object.
  """

  alias PyBridge.Ref

  @doc """
  Wraps a reference in the struct of the nearest class that `root`'s table knows.

  Nearest in the method resolution order that the worker reported. Where `root` knows none, the roots
  in `config :pybridge, roots: [Other, ...]` are asked, in order. A reference that no table knows is
  returned as it is.
  """
  @spec wrap(Ref.t(), module()) :: struct()
  def wrap(%Ref{} = ref, root) do
    roots = [root | Application.get_env(:pybridge, :roots, [])]

    case Enum.find_value(roots, &nearest(&1.__pybridge_classes__(), ref)) do
      nil -> ref
      module -> struct!(module, ref: ref)
    end
  end

  defp nearest(table, ref) do
    Enum.find_value([ref.type | ref.bases], fn path -> Map.get(table, path) end)
  end
end
