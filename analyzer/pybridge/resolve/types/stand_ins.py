"""Child side: definitions that stand in for imports that found nothing, ``except ImportError: class X``.

Mypy knows them as ``X-redefinition`` and leaves them out of its cache. What was answered for them is kept beside what it
keeps of their module, in one transaction with that, and holds as long.
"""

from collections.abc import Mapping

import msgspec
from mypy import build
from mypy.nodes import MypyFile, SymbolNode, SymbolTable, Var

from pybridge.resolve.types.answers import Answer

_FOLDER = "@stand-ins/"
_ANSWERS = msgspec.msgpack.Decoder(dict[str, Answer])


class StandIns:
    """What one build has in the place of imports."""

    def __init__(self, result: build.BuildResult) -> None:
        self._graph = result.graph
        self._modules = result.manager.modules
        self._store = result.manager.metastore
        self._kept = {name for name in self._store.list_all() if name.startswith(_FOLDER)}

    def of_cached(self, module: str) -> Mapping[str, Answer]:
        """Answers of a module that was read from the cache, for names whose imports still find nothing."""
        tree = self._modules[module]
        name = _place(module)
        if not tree.is_cache_skeleton or name not in self._kept:
            return {}
        found = _ANSWERS.decode(self._store.read(name))
        return {one: answer for one, answer in found.items() if one in tree.names and _is_missing(tree.names, one)}

    def keep(self, answers: Mapping[str, Mapping[str, Answer]]) -> None:
        """Keep what was answered for the stand-ins of modules that were read anew.

        A module that has some and is not among ``answers`` is read again the next time.
        """
        for module, tree in self._modules.items():
            if tree.is_cache_skeleton:
                continue
            name, own = _place(module), answers.get(module)
            if own:
                self._store.write(name, msgspec.msgpack.encode(own))
            elif name in self._kept:
                self._store.remove(name)
            if own is None and has_stand_ins(tree):
                self._read_again(module)

    def _read_again(self, module: str) -> None:
        path = self._graph[module].path
        if path is not None:
            for name in build.get_cache_names(module, path, self._graph[module].options)[:2]:
                self._store.remove(name)


def _place(module: str) -> str:
    return f"{_FOLDER}{module}"


def has_stand_ins(tree: MypyFile) -> bool:
    """Tell whether a module that was read anew has any."""
    return any(name.endswith("-redefinition") and stand_in(tree.names, name[:-13]) is not None for name in tree.names)


def stand_in(names: SymbolTable, name: str) -> SymbolNode | None:
    """Definition that stands in for an import that found nothing; None where none does."""
    found = names.get(f"{name}-redefinition")
    return found.node if found is not None and name in names and _is_missing(names, name) else None


def _is_missing(names: SymbolTable, name: str) -> bool:
    node = names[name].node
    return isinstance(node, Var) and node.is_suppressed_import
