defmodule PyBridge.Python do
  @moduledoc """
  A Python value for which Elixir has no type of its own. It can be matched on, and passed back as it is.

  | `type` | `value` |
  | --- | --- |
  | `:float` | `:nan`, `:infinity` or `:neg_infinity` |
  | `:bytearray`, `:bytes` | a binary; `bytes` come as bare binaries, and may be written so |
  | `:text` | a `str` with lone surrogates, as the bytes that UTF-8 would have for it |
  | `:frozenset` | a `MapSet` |
  | `:complex` | `{real, imaginary}` |
  | `:decimal`, `:uuid` | text |
  | `:fraction` | `{numerator, denominator}` |
  | `:timedelta` | `{days, seconds, microseconds}` |
  | `:date`, `:time`, `:datetime` | ISO 8601, where Elixir's own structs cannot hold it |
  | `:path` | `{"path" \\| "posix" \\| "windows", text}` |
  | `:slice`, `:range` | `{start, stop, step}` |
  | `:enum` | `{"pkg.Colour", "RED"}`, or a number for several members of a flag |
  | `:object` | `{"pkg.Order", %{"number" => 7}}`: an instance that is its fields |
  | `:tensor` | `{dtype, shape, binary}`: little-endian, in C order, as `Nx.from_binary/2` takes it |
  | `:arrow` | `{binary, "pandas.DataFrame"}`: an Arrow IPC stream, and what it is to be in Python |
  | `:result` | index of an earlier operation of the same batch; to the worker only |
  """

  @enforce_keys [:type, :value]
  defstruct [:type, :value]

  @type t :: %__MODULE__{type: atom(), value: term()}
end
