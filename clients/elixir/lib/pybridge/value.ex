defmodule PyBridge.Value do
  @moduledoc """
  What may cross the bridge.

  Going out, at every depth:

  | Elixir | Python |
  | --- | --- |
  | `nil`, booleans, numbers | `None`, `bool`, `int`, `float` |
  | a string; another binary, `{:bytes, binary}` | `str`; `bytes` |
  | another atom | `str` |
  | a list, a tuple, a `MapSet` | `list`, `tuple`, `set` |
  | a map | `dict` |
  | `Date`, `Time`, `NaiveDateTime`, `DateTime`, `Decimal` | their counterparts |
  | a struct of a generated class, a `PyBridge.Ref` | the object |
  | a `PyBridge.Python` | a value that Elixir has no type for: NaN, complex, an array, ... |

  Other structs, functions, processes, ports and references have no counterpart.
  Coming in, the same table read backwards, without atoms.
  """

  alias PyBridge.{Python, Ref}

  @scalar_structs [Date, Time, NaiveDateTime, DateTime, Decimal]

  @doc """
  Turns a value into what a `PyBridge.Transport` is given, and lists the references in it.

  Throws `{:unsendable, part}` at the first part without a Python counterpart.
  """
  @spec encode(term(), [Ref.t()]) :: {term(), [Ref.t()]}
  def encode(value, refs \\ [])
  def encode(value, refs) when is_number(value) or is_binary(value), do: {value, refs}
  def encode(value, refs) when value in [nil, true, false], do: {value, refs}
  # Not to_string/1: it turns nil into "", and names may be any atom.
  def encode(value, refs) when is_atom(value), do: {Atom.to_string(value), refs}
  def encode({:bytes, binary}, refs) when is_binary(binary), do: {{:bytes, binary}, refs}

  def encode(value, refs) when is_list(value) do
    if proper?(value), do: Enum.map_reduce(value, refs, &encode/2), else: throw_unsendable(value)
  end

  def encode(value, refs) when is_tuple(value) do
    {items, refs} = value |> Tuple.to_list() |> Enum.map_reduce(refs, &encode/2)
    {List.to_tuple(items), refs}
  end

  def encode(%Ref{} = ref, refs), do: {ref, [ref | refs]}

  def encode(%Python{type: type, value: value} = python, refs)
      when type in [:frozenset, :object, :slice] do
    {value, refs} = encode(value, refs)
    {%{python | value: value}, refs}
  end

  def encode(%Python{} = value, refs), do: {value, refs}
  def encode(%{__struct__: _, ref: %Ref{} = ref}, refs), do: {ref, [ref | refs]}
  def encode(%{__struct__: name} = value, refs) when name in @scalar_structs, do: {value, refs}

  def encode(%MapSet{} = value, refs) do
    {items, refs} = value |> MapSet.to_list() |> Enum.map_reduce(refs, &encode/2)
    {MapSet.new(items), refs}
  end

  def encode(%{__struct__: _} = value, _refs), do: throw_unsendable(value)

  def encode(value, refs) when is_map(value) do
    {pairs, refs} = value |> Map.to_list() |> Enum.map_reduce(refs, &encode/2)
    encoded = Map.new(pairs)

    # `%{a: 1, "a" => 2}` has two keys here and one in Python.
    if map_size(encoded) == map_size(value),
      do: {encoded, refs},
      else: throw_unsendable(value)
  end

  def encode(value, _refs), do: throw_unsendable(value)

  @doc """
  Passes every reference in a result through `wrap`.
  """
  @spec decode(term(), (Ref.t() -> term())) :: term()
  def decode(%Ref{} = ref, wrap), do: wrap.(ref)
  def decode(value, wrap) when is_list(value), do: Enum.map(value, &decode(&1, wrap))

  def decode(value, wrap) when is_tuple(value) do
    value |> Tuple.to_list() |> Enum.map(&decode(&1, wrap)) |> List.to_tuple()
  end

  def decode(%MapSet{} = value, wrap), do: MapSet.new(value, &decode(&1, wrap))

  def decode(%Python{type: type, value: value} = python, wrap)
      when type in [:frozenset, :object, :slice] do
    %{python | value: decode(value, wrap)}
  end

  def decode(%{__struct__: _} = value, _wrap), do: value

  def decode(value, wrap) when is_map(value) do
    Map.new(value, fn {key, item} -> {decode(key, wrap), decode(item, wrap)} end)
  end

  def decode(value, _wrap), do: value

  defp proper?(list), do: List.improper?(list) == false

  @spec throw_unsendable(term()) :: no_return()
  defp throw_unsendable(value), do: throw({:unsendable, value})
end
