"""Chains of imports: as long as they like, walked once, and the same from wherever they are entered."""

import itertools

import pytest

from evaluated import evaluate, exported
from pybridge.model.library import How
from pybridge.model.names import ModuleName


def test_a_name_is_followed_through_a_thousand_modules() -> None:
    files = {f"lib/m{one}.py": f"from lib.m{one + 1} import leaf\n" for one in range(1000)}

    surface = evaluate({"lib/__init__.py": "from lib.m0 import leaf\n", **files, "lib/m1000.py": "def leaf(): ...\n"})

    assert exported(surface, "lib") == {"leaf": "lib.m1000:leaf"}


@pytest.mark.parametrize("names", list(itertools.permutations("abcd")))
def test_every_link_tells_its_own_how_and_the_first_condition_after_it(names: tuple[str, ...]) -> None:
    """Modules are read in the order of their names, so every permutation enters the chain elsewhere."""
    first, second, third, last = names
    texts = {
        first: f"from lib.{second} import *\n",
        second: f"import sys\nif sys.version_info >= (3, 8) and late:\n    from lib.{third} import f\n",
        third: f"if other:\n    from lib.{last} import f\n",
        last: "def f(): ...\n",
    }

    surface = evaluate({"lib/__init__.py": "", **{f"lib/{name}.py": text for name, text in texts.items()}})
    found = {name: surface.modules[ModuleName(f"lib.{name}")].names["f"] for name in names}

    assert {one.path for one in found.values()} == {f"lib.{last}:f"}
    assert [found[name].how for name in names] == [How.STAR, How.IMPORT, How.IMPORT, How.DEFINITION]
    assert [found[name].condition for name in names] == [
        found[second].condition,
        found[second].condition,
        "other",
        None,
    ]
    assert found[second].condition is not None
