"""Which class of the old side is which of the new one: by the paths that users know, wherever the definition went."""

from pybridge.compat.library import Library
from pybridge.model.names import ModuleName, SymbolPath, split_symbol


class Identity:
    """Gives a symbol of either side one key, the same on both sides for what users take for the same."""

    def __init__(self, old: Library, new: Library, same: frozenset[ModuleName] = frozenset()) -> None:
        self._moved = _moved(old, new, same)
        self._found: dict[SymbolPath, SymbolPath] = {}

    def key(self, path: SymbolPath, side: int) -> SymbolPath:
        """Where the new side has it: the path itself, except of an old symbol that moved (or whose class moved)."""
        if side == 1 or not self._moved:
            return path
        if path not in self._found:
            self._found[path] = self._key(path)
        return self._found[path]

    def _key(self, path: SymbolPath) -> SymbolPath:
        owner, inside = path, ""
        while True:
            if owner in self._moved:
                return SymbolPath(f"{self._moved[owner]}{inside}")
            head, dot, name = owner.rpartition(".")
            if not dot or ":" not in head:
                return path
            owner, inside = SymbolPath(head), f".{name}{inside}"


def _moved(old: Library, new: Library, same: frozenset[ModuleName]) -> dict[SymbolPath, SymbolPath]:
    """New places of old symbols that have another one."""
    behind = {one.path: one.export.target for one in new.public_names()}
    found: dict[SymbolPath, SymbolPath] = {}
    for one in old.public_names():
        target = behind.get(one.path)
        source = one.export.target
        if target is not None and split_symbol(source)[1] and split_symbol(target)[1]:
            # The shortest path that both sides have decides; `_unmoved` keeps those whose place is the same.
            known = found.get(source)
            if known is None or one.path in old.public_paths(source)[:1]:
                found[source] = target
    for source, target in _hidden(old, new, same).items():
        found.setdefault(source, target)
    return {source: target for source, target in found.items() if source != target}


def _hidden(old: Library, new: Library, same: frozenset[ModuleName]) -> dict[SymbolPath, SymbolPath]:
    """Classes without a public path that one module lost and another one has now, by name, where that is certain."""
    lost, gained = _by_name(old, new, same), _by_name(new, old, same)
    return {
        paths[0]: gained[name][0] for name, paths in lost.items() if len(paths) == 1 and len(gained.get(name, ())) == 1
    }


def _by_name(side: Library, other: Library, same: frozenset[ModuleName]) -> dict[str, list[SymbolPath]]:
    """Classes that the other side does not have, by their name in the module."""
    found: dict[str, list[SymbolPath]] = {}
    for name in side.modules:
        for one in side.modules[name].classes if name not in same else ():
            if other.definition(one.path) is None:
                found.setdefault(split_symbol(one.path)[1], []).append(one.path)
    return found
