"""Lines of Elixir as `mix format` leaves them: 98 columns, the rules measured against the formatter itself.

Each function gives code whose first line stands at the indentation named in its documentation; further lines carry
their indentation themselves.
"""

from collections.abc import Sequence

from pybridge.generate.targets.elixir.escape import Elixir

WIDTH = 98
_MARGIN = 2


def code(*parts: Elixir) -> Elixir:
    """Join code without anything in between."""
    return Elixir("".join(parts))


def commas(parts: Sequence[Elixir]) -> Elixir:
    """Join code by commas."""
    return Elixir(", ".join(parts))


def spec(name: Elixir, arguments: Sequence[Elixir], members: Sequence[Elixir]) -> Elixir:
    """Write ``@spec`` at 2; `members` are those of the result's union, in order."""
    start, result = f"@spec {name}", " | ".join(members)
    whole = f"{start}({', '.join(arguments)}) :: {result}"
    if _fits(whole, _MARGIN):
        return Elixir(whole)
    opened = f"{start}({', '.join(arguments)}) ::"
    if _fits(opened, _MARGIN) or not arguments:
        return Elixir(f"{opened}\n{_result(members)}")
    head, last = ", ".join(arguments[:-1]), arguments[-1]
    before = f"{head}, " if head else ""
    if last.startswith("[") and _fits(f"{start}({before}[", _MARGIN):
        return Elixir(f"{start}({before}[\n{' ' * 10}{last[1:-1]}\n{_closing('])', members)}")
    if _is_keyword(last) and head and _fits(f"{start}({head},", _MARGIN):
        return Elixir(f"{start}({head},\n{' ' * 10}{last}\n{_closing(')', members)}")
    lines = ",\n".join(f"{' ' * 10}{argument}" for argument in arguments)
    return Elixir(f"{start}(\n{lines}\n{_closing(')', members)}")


def type_definition(name: Elixir, members: Sequence[Elixir]) -> Elixir:
    """Write ``@type`` at 2, a union's members one a line where they are many."""
    whole = f"@type {name} :: {' | '.join(members)}"
    if _fits(whole, _MARGIN):
        return Elixir(whole)
    return Elixir(f"@type {name} ::\n{_members(members)}")


def head(name: Elixir, parameters: Sequence[Elixir]) -> Elixir:
    """Write the head of a function at 2, up to its ``do``."""
    whole = f"def {name}({', '.join(parameters)}) do"
    if _fits(whole, _MARGIN):
        return Elixir(whole)
    lines = ",\n".join(f"{' ' * 8}{parameter}" for parameter in parameters)
    return Elixir(f"def {name}(\n{lines}\n      ) do")


def pair(first: Elixir, second: Elixir) -> Elixir:
    """A tuple of two, as a member of a union; `_members` breaks it where it is long."""
    return Elixir(f"{{{first}, {second}}}")


def listing(items: Sequence[Elixir], *, indent: int) -> Elixir:
    """Write a list at `indent`, broken where it does not fit with a comma after it."""
    return _container("[", items, "]", indent)


def bundle(items: Sequence[Elixir], *, indent: int) -> Elixir:
    """Write a tuple at `indent`, one item a line where it does not fit with a comma after it.

    Items must have been laid out for ``indent + 2``.
    """
    flat = f"{{{', '.join(items)}}}"
    if "\n" not in flat and _fits(f"{flat},", indent):
        return Elixir(flat)
    return _container("{", items, "}", indent, is_broken=True)


def call(function: Elixir, arguments: Sequence[Elixir], *, indent: int) -> Elixir:
    """Write a call at `indent`, its arguments one a line where they do not fit.

    Arguments must have been laid out for ``indent + 2``.
    """
    whole = f"{function}({', '.join(arguments)})"
    if "\n" not in whole and _fits(whole, indent):
        return Elixir(whole)
    return _container(f"{function}(", arguments, ")", indent, is_broken=True)


def nested_call(outer: Elixir, function: Elixir, arguments: Sequence[Elixir], *, indent: int) -> Elixir:
    """Write ``outer(function(arguments))`` at `indent`."""
    whole = f"{outer}({function}({', '.join(arguments)}))"
    if _fits(whole, indent):
        return Elixir(whole)
    inner = call(function, arguments, indent=indent + 2)
    return _container(f"{outer}(", (inner,), ")", indent, is_broken=True)


def mapping(entries: Sequence[tuple[Elixir, Elixir]], *, indent: int) -> Elixir:
    """Write a map at `indent`, one entry a line; keys carry their colon or arrow."""
    lines = [entry(key, value, indent=indent + 2) for key, value in entries]
    return _container("%{", lines, "}", indent, is_broken=True)


def small_mapping(entries: Sequence[tuple[Elixir, Elixir]], *, indent: int) -> Elixir:
    """Write a map at `indent` on one line, or one entry a line where that does not fit."""
    flat = Elixir(f"%{{{', '.join(f'{key} {value}' for key, value in entries)}}}")
    return flat if _fits(f"{flat},", indent) else mapping(entries, indent=indent)


def entry(key: Elixir, value: Elixir, *, indent: int) -> Elixir:
    """Write an entry of a map at `indent`; a long value goes to a line of its own."""
    first = value.partition("\n")[0]
    if _fits(f"{key} {first},", indent):
        return Elixir(f"{key} {value}")
    return Elixir(f"{key}\n{' ' * (indent + 2)}{value}")


def broken_list(items: Sequence[Elixir], *, indent: int) -> Elixir:
    """Write a list at `indent`, one item a line; an empty list stays closed."""
    return _container("[", items, "]", indent, is_broken=True) if items else Elixir("[]")


def triple(first: Elixir, second: Elixir, third: Elixir, *, indent: int) -> Elixir:
    """Write a tuple of three at `indent` with room for a comma, filled line by line."""
    flat = f"{{{first}, {second}, {third}}}"
    if _fits(f"{flat},", indent):
        return Elixir(flat)
    lines, column = [f"{{{first},"], indent + 1 + len(first) + 1
    for item, ending in ((second, ","), (third, "},")):
        needed = 1 + len(item) + len(ending)
        if column + needed <= WIDTH:
            lines[-1] += f" {item}{ending}"
            column += needed
        else:
            lines.append(f"{' ' * (indent + 1)}{item}{ending}")
            column = indent + len(item) + len(ending) + 1
    return Elixir("\n".join(lines).removesuffix(","))


def _container(opening: str, items: Sequence[Elixir], closing: str, indent: int, *, is_broken: bool = False) -> Elixir:
    flat = f"{opening}{', '.join(items)}{closing}"
    if not items or (not is_broken and "\n" not in flat and _fits(f"{flat},", indent)):
        return Elixir(flat)
    inner = " " * (indent + 2)
    return Elixir(f"{opening}\n" + ",\n".join(f"{inner}{item}" for item in items) + f"\n{' ' * indent}{closing}")


def _closing(closing: str, members: Sequence[Elixir]) -> str:
    joined = " | ".join(members)
    line = f"{' ' * 8}{closing} :: {joined}"
    if len(line) <= WIDTH:
        return line
    return f"{' ' * 8}{closing} ::\n{_result(members)}"


def _result(members: Sequence[Elixir]) -> str:
    joined = f"{' ' * 10}{' | '.join(members)}"
    return joined if len(joined) <= WIDTH else _members(members)


def _members(members: Sequence[Elixir]) -> str:
    lines = [_member(members[0], " " * 10, "")]
    lines += [_member(member, " " * 10, "| ") for member in members[1:]]
    return "\n".join(lines)


def _member(member: Elixir, margin: str, prefix: str) -> str:
    line = f"{margin}{prefix}{member}"
    if len(line) <= WIDTH or not member.startswith("{") or ", " not in member:
        return line
    first, _, second = member.partition(", ")
    return f"{margin}{prefix}{first},\n{margin}{' ' * (len(prefix) + 1)}{second}"


def _is_keyword(argument: str) -> bool:
    return argument.startswith("pybridge: ")


def _fits(line: str, indent: int) -> bool:
    return indent + len(line) <= WIDTH
