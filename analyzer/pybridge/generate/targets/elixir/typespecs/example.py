"""Values that fit a type, for offline tests of generated modules."""

from collections.abc import Mapping

from pybridge.generate.targets.elixir.escape import Elixir, string
from pybridge.generate.targets.elixir.typespecs.typespec import Atomic, Choice, Compound, ElixirType

_VALUES = {
    "integer()": "1",
    "number()": "1.5",
    "boolean()": "true",
    "String.t()": '"text"',
    "binary()": '"bytes"',
    "tuple()": "{}",
    "map()": "%{}",
    "Date.t()": "~D[2024-01-31]",
    "Time.t()": "~T[12:30:00]",
    "DateTime.t()": "~U[2024-01-31 12:30:00Z]",
}


def example(expr: ElixirType, paths: Mapping[str, str], own_path: str) -> Elixir:
    """Write a value of a type; `paths` gives the Python path of a generated module. ``nil`` where anything fits."""
    match expr:
        case Choice(members=members):
            return example(members[0], paths, own_path)
        case Compound(texts=texts, items=items) if texts[0] == "[":
            return Elixir(f"[{example(items[0], paths, own_path)}]")
        case Compound(texts=texts, items=items) if texts[0] == "{":
            return Elixir(f"{{{', '.join(example(item, paths, own_path) for item in items)}}}")
        case Compound(texts=texts):
            return Elixir("%{}" if texts[0].startswith("%") else "MapSet.new()")
        case Atomic(code=code):
            return _atomic(code, paths, own_path)


def _atomic(code: Elixir, paths: Mapping[str, str], own_path: str) -> Elixir:
    if code == "t()":
        return Elixir(f"{{:object, {string(own_path)}}}")
    module = code.removesuffix(".instance()")
    if module != code and module in paths:
        return Elixir(f"{{:object, {string(paths[module])}}}")
    if code in _VALUES:
        return Elixir(_VALUES[code])
    is_constant = code[:1] in {":", "-"} or code[:1].isdigit() or code in {"true", "false", "nil", "{}"}
    return code if is_constant else Elixir("nil")
