"""``__getattr__`` over a literal table: langchain's ``_dynamic_imports``, pydantic's, huggingface_hub's, and their kin.

The function itself is not read: a table of the module counts when its entries lead to modules and names that exist.
"""

from collections.abc import Iterator

from pybridge.model.expressions import Comprehension, Dict, Expr, Name, Sequence, Starred
from pybridge.model.facts import Assignment
from pybridge.model.names import ModuleName
from pybridge.resolve.surface.lazy.names import LazyContext, LazyNames
from pybridge.resolve.surface.scan.sources import text_of

Place = tuple[ModuleName, str | None]

_ITSELF = frozenset({"__module__"})
"""What stands for "the submodule of that name" in the tables of pydantic and langchain."""


def find(context: LazyContext) -> LazyNames | None:
    """Read every table of a module that has a hook; None when there is none that leads anywhere."""
    if not context.has_hook:
        return None
    names: dict[str, Place] = {}
    for table in _tables(context):
        for name, place in places(context, table).items():
            names.setdefault(name, place)
    return LazyNames(names=names) if names else None


def places(context: LazyContext, table: Dict) -> dict[str, Place]:
    """Where the names of a table lead; empty for a table of something else (messages, versions)."""
    entries = list(_entries(context, table))
    found = {name: place for name, place in entries if place is not None}
    # One bad entry is a typing error of its author.
    return found if len(found) * 2 >= len(entries) else {}


def _tables(context: LazyContext) -> Iterator[Dict]:
    for statement in context.facts.body:
        if not isinstance(statement, Assignment) or not isinstance(statement.target, Name):
            continue
        if isinstance(statement.value, Dict):
            yield statement.value


def _entries(context: LazyContext, table: Dict) -> Iterator[tuple[str, Place | None]]:
    for key, value in table.items:
        if key is None:
            inner = context.value(value)
            if isinstance(inner, Dict) and inner is not table:
                yield from _entries(context, Dict(tuple(pair for pair in inner.items if pair[0] is not None)))
            continue
        name = text_of(key)
        if name is None:
            continue
        listed = _listed(context, name, value)
        if listed is not None:
            yield from listed
        else:
            yield name, _place(context, name, value)


def _listed(context: LazyContext, key: str, value: Expr) -> list[tuple[str, Place | None]] | None:
    """Read ``"module": ["Name", ...]``; None when the entry is of another shape."""
    items = _strings(context.value(value))
    if items is None or (isinstance(value, Sequence) and _place(context, key, value) is not None):
        return None
    module = context.module(key)
    if module is None:
        return None
    return [(name, (module, name)) for name in items]


def _strings(value: Expr | None) -> list[str] | None:
    match value:
        case Sequence(items=items) if not any(isinstance(item, Starred) for item in items):
            texts = [text_of(item) for item in items]
            return [text for text in texts if text is not None] if all(text is not None for text in texts) else None
        case Comprehension(iterable=iterable):
            return _strings(iterable)
        case _:
            return None


def _place(context: LazyContext, name: str, value: Expr) -> Place | None:
    """Read ``"Name": "module"`` and ``"Name": ("module", "attribute")`` in either order."""
    match value:
        case Sequence(items=items) if 1 <= len(items) <= 2:
            texts = [context.package_text(item) for item in items]
            if None in texts:
                return None
            return _pair(context, name, *(text for text in texts if text is not None))
        case Name(id=member) if member in context.scope.runtime:
            return context.facts.module, member
        case _:
            text = text_of(value)
            return None if text is None else _single(context, name, text)


def _single(context: LazyContext, name: str, text: str) -> Place | None:
    if text in _ITSELF:
        module = context.module(f".{name}")
        return None if module is None else (module, None)
    module = context.module(text)
    if module is not None:
        # A submodule under its own name is the submodule; a name that lives in one is that name.
        is_itself = module.rpartition(".")[2] == name and not _binds(context, module, name)
        return module, None if is_itself else name
    holder, mark, member = text.rpartition(":")
    if not mark:
        holder, mark, member = text.rpartition(".")
    module = context.module(holder) if mark and member.isidentifier() else None
    if module is not None:
        return module, member
    return (context.facts.module, text) if text in context.scope.runtime and text != name else None


def _pair(context: LazyContext, name: str, first: str, second: str | None = None) -> Place | None:
    if second is None:
        return _single(context, name, first)
    if second in _ITSELF:
        module = context.module(f".{name}")
        return None if module is None else (module, None)
    if second.startswith(".") or not second.isidentifier():
        # A package and a module in it; another package's is taken at its word.
        if second.startswith(".") and not context.sources.is_inside(first) and first.isidentifier():
            return ModuleName(f"{first}{second}".rstrip(".")), name
        module = context.module(second) or context.module(f"{first}.{second.lstrip('.')}")
        return None if module is None else (module, name)
    module = context.module(first)
    if module is not None:
        deeper = context.module(f"{module}.{second}")
        return (deeper, name) if deeper is not None and not _binds(context, module, second) else (module, second)
    module = context.module(second)
    return None if module is None else (module, first)


def _binds(context: LazyContext, module: ModuleName, name: str) -> bool:
    return context.constants.binds(module, name)
