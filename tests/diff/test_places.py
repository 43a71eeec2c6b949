"""Changes are told at the deepest place, by names that people know."""

import pytest

from described import describe
from pybridge.codec import decode
from pybridge.diff import apply, diff
from pybridge.errors import DecodeError
from pybridge.model.change import ChangeKind

OLD = '''
__all__ = ["fetch", "Client"]

def fetch(url, timeout=10): ...

class Client:
    """A client."""
    def get(self, url: str) -> bytes: ...
    def put(self, url: str) -> bytes: ...
'''
NEW = '''
__all__ = ["fetch", "Client", "Server"]

def fetch(url, timeout=30, *, verify=True): ...

class Server: ...

class Client:
    """A client."""
    def put(self, url: str) -> bytes: ...
    def get(self, url: bytes) -> bytes:
        """Fetch."""
'''


@pytest.fixture
def sides(tmp_path):
    return [describe(tmp_path / str(text == NEW), {"lib/__init__.py": text}).descriptor for text in (OLD, NEW)]


def told(changes):
    return [f"{one.kind.value} {one.symbol} {'.'.join(one.member)}" for one in changes]


def test_a_change_is_told_at_the_deepest_place(sides):
    assert told(diff(*sides)) == [
        "added lib: classes.Server",
        "added lib: declared_names.Server",
        "added lib: exports.Server",
        "added lib:Client.get docstring",
        "modified lib:Client.get signatures.0.parameters.url.type.evidence.annotation",
        "modified lib:Client.get signatures.0.parameters.url.type.expr",
        "modified lib:fetch signatures.0.parameters.timeout.default",
        "modified lib:fetch signatures.0.parameters.timeout.default_value",
        "added lib:fetch signatures.0.parameters.verify",
    ]


def test_both_values_are_kept(sides):
    changed = next(one for one in diff(*sides) if one.member[-1:] == ("default",))

    assert [decode(bytes(one), str) for one in (changed.old, changed.new)] == ["10", "30"]


def test_parameters_in_another_order_are_told_once(tmp_path):
    old, new = (
        describe(tmp_path / name, {"lib.py": f"def f({name}): ...\n"}).descriptor for name in ("a, b, c", "c, a, b")
    )

    changes = diff(old, new)
    assert told(changes) == ["reordered lib:f signatures.0.parameters"]
    assert changes[0].kind is ChangeKind.REORDERED
    assert bytes(changes[0].new) == b'["c","a","b"]'


def test_changes_of_another_library_are_refused(sides, tmp_path):
    other = describe(tmp_path / "other", {"lib.py": "def other(): ...\n"}).descriptor

    with pytest.raises(DecodeError, match="there is no 'lib:"):
        apply(other, diff(*sides))


def test_what_no_module_changed_stays_the_very_same_object(sides):
    old, new = sides
    only_library = tuple(one for one in diff(old, new) if not one.symbol)

    assert all(one is two for one, two in zip(apply(old, only_library).modules, old.modules, strict=True))
