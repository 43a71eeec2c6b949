"""Documentation of overrides: linked to what documents it, never copied."""

from pathlib import Path

from described import describe
from pybridge.model.callables import Function
from pybridge.model.classes import Property

SOURCE = '''
class Base:
    def run(self):
        """Run it."""

    def stop(self):
        """Stop it."""

    @property
    def size(self):
        """How large."""

    def bare(self): ...

class Middle(Base):
    def run(self): ...
    def bare(self): ...

class Leaf(Middle):
    def run(self): ...
    def stop(self):
        """Stop the leaf."""
    @property
    def size(self): ...
    def bare(self): ...
    class Inner(Base):
        def run(self): ...
    def keys(self): ...
'''


def _members(folder: Path) -> dict[str, Function | Property]:
    found = describe(folder, {"lib.py": SOURCE}).descriptor.modules[0]
    tops = (*found.classes, *(each for one in found.classes for each in one.nested_classes))
    return {member.path: member for one in tops for member in (*one.methods, *one.properties)}


def test_a_method_without_documentation_names_the_nearest_ancestor_that_has_some(tmp_path: Path) -> None:
    members = _members(tmp_path)
    linked = {path: one.docstring_from for path, one in members.items() if one.docstring_from is not None}
    assert linked == {
        "lib:Middle.run": "lib:Base.run",
        "lib:Leaf.run": "lib:Base.run",
        "lib:Leaf.size": "lib:Base.size",
        "lib:Leaf.Inner.run": "lib:Base.run",
    }
    assert all(members[path].docstring is None for path in linked)


def test_own_documentation_stands(tmp_path: Path) -> None:
    assert _members(tmp_path)["lib:Leaf.stop"].docstring == "Stop the leaf."
