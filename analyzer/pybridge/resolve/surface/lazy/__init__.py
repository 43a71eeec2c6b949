"""Modules that make their names on first access. One idiom, one file; each reads literals and runs nothing.

An idiom answers `LazyNames`, or None where it does not apply.
"""

from pybridge.model.facts import ModuleFacts
from pybridge.model.names import ModuleName
from pybridge.resolve.surface.lazy import attach, hook, installed, structure, tables
from pybridge.resolve.surface.lazy.names import LazyContext, LazyNames
from pybridge.resolve.surface.scan.bindings import Scope
from pybridge.resolve.surface.scan.constants import Constants
from pybridge.resolve.surface.scan.sources import Sources

__all__ = ["LazyNames", "lazy_names"]

_IDIOMS = (attach.find, installed.find, structure.find, hook.find, tables.find)


def lazy_names(facts: ModuleFacts, *, scope: Scope, constants: Constants, sources: Sources) -> LazyNames | None:
    """Find the names a module makes on demand; None when it has no hook for that.

    A hook that no idiom explains gives no names and is not complete: the module is dynamic.
    """
    context = LazyContext(facts=facts, scope=scope, constants=constants, sources=sources)
    found = [answer for idiom in _IDIOMS if (answer := idiom(context)) is not None]
    if not found:
        return LazyNames(is_complete=False) if context.has_hook else None
    names: dict[str, tuple[ModuleName, str | None]] = {}
    for answer in found:
        for name, place in answer.names.items():
            names.setdefault(name, place)
    return LazyNames(
        names=names,
        values={name: value for answer in found for name, value in answer.values.items() if name not in names},
        stars=tuple(dict.fromkeys(module for answer in found for module in answer.stars)),
        is_complete=any(answer.is_complete for answer in found),
        is_declaring=any(answer.is_declaring for answer in found),
    )
