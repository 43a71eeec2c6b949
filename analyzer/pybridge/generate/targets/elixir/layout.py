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
    if len(opened) + _MARGIN <= WIDTH + _room(arguments) or not arguments:
        return Elixir(f"{opened}\n{_result(members)}")
    head, last = ", ".join(arguments[:-1]), arguments[-1]
    if _is_keyword(last) and head and len(opened) + _MARGIN == WIDTH + len(") ::"):
        # Versions 1.14 and 1.18 of the formatter disagree on a keyword that ends in this very column.
        last = Elixir("[{:pybridge, Runtime.opts()}]")
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


def listing(items: Sequence[Elixir], *, indent: int, before: int = 0, is_last: bool = False) -> Elixir:
    """Write a list on a line at `indent`, broken where it does not fit.

    `before` columns of the line are taken already; a comma follows unless it is the last item.
    """
    flat = Elixir(f"[{', '.join(items)}]")
    if "\n" not in flat and _fits(flat + _comma(is_last=is_last), indent + before):
        return flat
    return broken_list(items, indent=indent)


def bundle(items: Sequence[Elixir], *, indent: int) -> Elixir:
    """Write a tuple at `indent`, one item a line where it does not fit with a comma after it.

    Items must have been laid out for ``indent + 2``.
    """
    flat = f"{{{', '.join(items)}}}"
    if "\n" not in flat and _fits(f"{flat},", indent):
        return Elixir(flat)
    return _container("{", items, "}", indent)


def call(function: Elixir, arguments: Sequence[Elixir], *, indent: int) -> Elixir:
    """Write a call at `indent`, its arguments one a line where they do not fit.

    Arguments must have been laid out for ``indent + 2``.
    """
    whole = f"{function}({', '.join(arguments)})"
    if "\n" not in whole and _fits(whole, indent):
        return Elixir(whole)
    return _container(f"{function}(", arguments, ")", indent)


def nested_call(outer: Elixir, function: Elixir, arguments: Sequence[Elixir], *, indent: int) -> Elixir:
    """Write ``outer(function(arguments))`` at `indent`.

    Arguments must have been laid out for ``indent + 4``.
    """
    whole = f"{outer}({function}({', '.join(arguments)}))"
    if "\n" not in whole and _fits(whole, indent):
        return Elixir(whole)
    inner = call(function, arguments, indent=indent + 2)
    return _container(f"{outer}(", (inner,), ")", indent)


def mapping(entries: Sequence[tuple[Elixir, Elixir]], *, indent: int) -> Elixir:
    """Write a map at `indent`, one entry a line; keys carry their colon or arrow."""
    lines = entries_of(entries, indent=indent + 2)
    return _container("%{", lines, "}", indent)


def small_mapping(entries: Sequence[tuple[Elixir, Elixir]], *, indent: int, is_last: bool = False) -> Elixir:
    """Write a map at `indent` on one line, or one entry a line where that does not fit; `is_last` as in `listing`."""
    flat = Elixir(f"%{{{', '.join(f'{key} {value}' for key, value in entries)}}}")
    return flat if _fits(flat + _comma(is_last=is_last), indent) else mapping(entries, indent=indent)


def entries_of(entries: Sequence[tuple[Elixir, Elixir]], *, indent: int) -> tuple[Elixir, ...]:
    """Write all entries of a map at `indent`."""
    last = len(entries) - 1
    return tuple(entry(key, value, indent=indent, is_last=at == last) for at, (key, value) in enumerate(entries))


def entry(key: Elixir, value: Elixir, *, indent: int, is_last: bool = False) -> Elixir:
    """Write an entry of a map at `indent`; a long value goes to a line of its own. `is_last` as in `listing`."""
    first, breaks, _ = value.partition("\n")
    if _fits(f"{key} {first}" + ("" if breaks else _comma(is_last=is_last)), indent):
        return Elixir(f"{key} {value}")
    return Elixir(f"{key}\n{' ' * (indent + 2)}{value}")


def broken_list(items: Sequence[Elixir], *, indent: int) -> Elixir:
    """Write a list at `indent`, one item a line; an empty list stays closed."""
    return _container("[", items, "]", indent) if items else Elixir("[]")


def triple(first: Elixir, second: Elixir, third: Elixir, *, indent: int, is_last: bool = False) -> Elixir:
    """Write a tuple of three at `indent`, filled line by line; `is_last` as in `listing`."""
    flat = f"{{{first}, {second}, {third}}}"
    ending = "}" + _comma(is_last=is_last)
    if indent + len(flat) + len(ending) - 1 <= WIDTH:
        return Elixir(flat)
    lines, column = [f"{{{first},"], indent + 1 + len(first) + 1
    for item, after in ((second, ","), (third, ending)):
        if column + 1 + len(item) + len(after) <= WIDTH:
            lines[-1] += f" {item}{after[:1]}"
            column += 1 + len(item) + 1
        else:
            lines.append(f"{' ' * (indent + 1)}{item}{after[:1]}")
            column = indent + 1 + len(item) + 1
    return Elixir("\n".join(lines))


def _container(opening: str, items: Sequence[Elixir], closing: str, indent: int) -> Elixir:
    if not items:
        return Elixir(opening + closing)
    inner = " " * (indent + 2)
    return Elixir(f"{opening}\n" + ",\n".join(f"{inner}{item}" for item in items) + f"\n{' ' * indent}{closing}")


def _comma(*, is_last: bool) -> str:
    return "" if is_last else ","


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


def _room(arguments: Sequence[Elixir]) -> int:
    """What of ``) ::`` the formatter lets stand beyond the width, by what the last argument is."""
    return 0 if arguments and arguments[-1].startswith("[") else len(" ::")


def _is_keyword(argument: str) -> bool:
    return argument.startswith("pybridge: ")


def _fits(line: str, indent: int) -> bool:
    return indent + len(line) <= WIDTH
