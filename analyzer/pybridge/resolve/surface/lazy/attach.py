"""``__getattr__, __dir__, __all__ = lazy_loader.attach(...)`` of scientific Python, and huggingface_hub's ``_attach``.

``attach_stub`` reads the ``.pyi`` beside the module: the evaluator takes the names of that stub by itself.
"""

from pybridge.model.expressions import Call, Constant, Dict, Expr, Name, Sequence
from pybridge.model.facts import Assignment
from pybridge.model.names import ModuleName
from pybridge.resolve.surface.lazy.names import LazyContext, LazyNames
from pybridge.resolve.surface.scan.sources import dotted_parts, text_of

_ATTACHERS = frozenset({"attach", "_attach", "lazy_attach"})
_STUB_ATTACHERS = frozenset({"attach_stub", "_attach_stub"})


def find(context: LazyContext) -> LazyNames | None:
    """Read the arguments of ``attach``; None when the module does not call it."""
    for statement in context.facts.body:
        if not isinstance(statement, Assignment) or not isinstance(statement.value, Call):
            continue
        called = (dotted_parts(statement.value.function) or ("",))[-1]
        if called in _STUB_ATTACHERS:
            return LazyNames(is_complete=context.facts.module in context.sources.stubs, is_declaring=True)
        if called in _ATTACHERS and _is_hook(statement):
            return _attached(context, statement.value)
    return None


def _is_hook(statement: Assignment) -> bool:
    """True when the result is unpacked into ``__getattr__`` or, as the extractor writes it, a part of it."""
    target = statement.target
    items = target.items if isinstance(target, Sequence) else (target,)
    return any(isinstance(item, Name) and item.id == "__getattr__" for item in items)


def _attached(context: LazyContext, call: Call) -> LazyNames:
    positional = [argument.value for argument in call.arguments if argument.name is None]
    named = {argument.name: argument.value for argument in call.arguments if argument.name is not None}
    submodules = _first(named.get("submodules"), positional, 1)
    attributes = _first(named.get("submod_attrs"), positional, 2)
    names: dict[str, tuple[ModuleName, str | None]] = {}
    table = context.value(attributes)
    for key, value in table.items if isinstance(table, Dict) else ():
        written = text_of(key)
        module = None if written is None else context.module(f".{written}")
        if module is not None and isinstance(value, Sequence):
            names.update({name: (module, name) for name in map(text_of, value.items) if name is not None})
    listed = context.value(submodules)
    for item in listed.items if isinstance(listed, Sequence) else ():
        name = text_of(item)
        module = None if name is None else context.module(f".{name}")
        if name is not None and module is not None:
            names.setdefault(name, (module, None))
    is_read = isinstance(table, Dict | None | Constant) and isinstance(listed, Sequence | None | Constant)
    return LazyNames(names=names, is_complete=is_read, is_declaring=True)


def _first(named: Expr | None, positional: list[Expr], at: int) -> Expr | None:
    if named is not None:
        return named
    return positional[at] if len(positional) > at else None
