"""``sys.modules[__name__] = _LazyModule(..., _import_structure)`` of transformers, diffusers and their kin."""

from collections.abc import Iterator

from pybridge.model.expressions import (
    Argument,
    Attribute,
    Call,
    Constant,
    Dict,
    Expr,
    Name,
    Sequence,
    SequenceKind,
    Subscript,
)
from pybridge.model.facts import Assignment, Expression
from pybridge.model.names import ModuleName
from pybridge.resolve.surface.lazy.names import LazyContext, LazyNames
from pybridge.resolve.surface.scan.sources import dotted_parts, text_of

_SCANNERS = frozenset({"define_import_structure", "create_import_structure_from_path"})


def find(context: LazyContext) -> LazyNames | None:
    """Read the import structure given to a lazy module; None when the module does not replace itself by one."""
    call = context.replacement
    if not isinstance(call, Call) or "lazy" not in (dotted_parts(call.function) or ("",))[-1].lower():
        return None
    names: dict[str, tuple[ModuleName, str | None]] = {}
    stars: list[ModuleName] = []
    for argument in call.arguments:
        for module, member in _structure(context, argument):
            if member is None:
                stars.append(module)
                submodule = _child(context, module)
                if submodule is not None:
                    names.setdefault(submodule, (module, None))
            else:
                names.setdefault(member, (module, member))
    return LazyNames(names=names, stars=tuple(stars))


def _structure(context: LazyContext, argument: Argument) -> Iterator[tuple[ModuleName, str | None]]:
    """Pairs of module and name; a name of None stands for everything that the module declares."""
    value = argument.value
    if isinstance(value, Name):
        yield from _changes(context, value.id)
        for statement in context.facts.body:
            if isinstance(statement, Assignment) and statement.target == value and statement.value is not None:
                yield from _structure(context, Argument(statement.value))
    elif isinstance(value, Dict):
        yield from _table(context, value)
    elif isinstance(value, Call) and (dotted_parts(value.function) or ("",))[-1] in _SCANNERS:
        yield from ((module, None) for module in context.sources.below(context.facts.module))


def _table(context: LazyContext, table: Dict) -> Iterator[tuple[ModuleName, str | None]]:
    for key, value in table.items:
        written = text_of(key)
        module = None if written is None else context.module(written)
        if module is None:
            continue
        if not (isinstance(value, Sequence) and value.items):
            yield module, None
        elif isinstance(value, Sequence):
            yield from ((module, name) for item in value.items if (name := text_of(item)) is not None)


def _changes(context: LazyContext, table: str) -> Iterator[tuple[ModuleName, str | None]]:
    """Read ``table["module"] = [...]``, ``+= [...]``, ``.append(...)`` and ``.extend([...])``."""
    for statement in context.facts.body:
        match statement:
            case Assignment(target=Subscript(value=Name(id=name), index=Constant() as key), value=value) if (
                name == table
            ):
                yield from _table(context, Dict(((key, value),)) if value is not None else Dict(()))
            case Expression(
                value=Call(
                    function=Attribute(value=Subscript(value=Name(id=name), index=Constant() as key), name=method),
                    arguments=(argument,),
                )
            ) if name == table and method in {"append", "extend"}:
                yield from _table(context, Dict(((key, _as_list(argument.value)),)))
            case _:
                continue


def _as_list(value: Expr) -> Expr:
    return value if isinstance(value, Sequence) else Sequence(SequenceKind.LIST, (value,))


def _child(context: LazyContext, module: ModuleName) -> str | None:
    prefix = f"{context.facts.module}."
    name = module.removeprefix(prefix)
    return name if module.startswith(prefix) and "." not in name else None
