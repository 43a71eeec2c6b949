"""Names lead through imports, stars, cycles and aliases to the symbol that defines them."""

from evaluated import evaluate, exported
from pybridge.model.library import Export, How, SkipReason, SymbolKind, Visibility
from pybridge.model.names import ModuleName, SymbolPath
from pybridge.resolve.symbols import Surface


def export(surface: Surface, module: str, name: str) -> Export:
    return next(one for one in surface.modules[ModuleName(module)].exports if one.name == name)


def test_a_chain_of_re_exports_leads_to_the_definition() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "from .a import Thing\n",
            "lib/a.py": "from lib.b import Item as Thing\n",
            "lib/b.py": "from . import c\nItem = c.Item\n",
            "lib/c.py": "class Item: ...\n",
        }
    )
    found = export(surface, "lib", "Thing")

    assert (found.target, found.kind, found.visibility) == ("lib.c:Item", SymbolKind.CLASS, Visibility.REEXPORTED)
    assert surface.public_paths[SymbolPath("lib.c:Item")] == ("lib.Thing", "lib.b.Item", "lib.c.Item")


def test_relative_imports_count_dots_from_the_package() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "",
            "lib/sub/__init__.py": "from ..top import f\nfrom .deep.leaf import g\n",
            "lib/sub/deep/leaf.py": "from ...top import f as g\n",
            "lib/top.py": "def f(): ...\n",
        }
    )

    assert exported(surface, "lib.sub") == {"f": "lib.top:f", "g": "lib.top:f"}


def test_an_attribute_of_the_package_wins_over_its_submodule() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "from .load import load\n",
            "lib/load.py": "def load(): ...\n",
            "lib/user.py": "from lib import load\nfrom lib import other\n",
            "lib/other.py": "",
        }
    )
    names = surface.modules[ModuleName("lib.user")].names

    assert (names["load"].path, names["load"].kind) == ("lib.load:load", SymbolKind.FUNCTION)
    assert (names["other"].path, names["other"].kind) == ("lib.other:", SymbolKind.MODULE)


def test_a_dotted_import_binds_its_first_part() -> None:
    surface = evaluate({"lib/__init__.py": "import lib.a.b\nimport lib.a.b as ab\nimport os.path\n", "lib/a/b.py": ""})
    names = surface.modules[ModuleName("lib")].names

    assert {name: names[name].path for name in ("lib", "ab", "os")} == {"lib": "lib:", "ab": "lib.a.b:", "os": "os:"}


def test_a_package_importing_its_own_submodule_is_no_cycle() -> None:
    surface = evaluate({"lib/__init__.py": "from . import sub\n", "lib/sub.py": ""})
    found = export(surface, "lib", "sub")

    assert (found.target, found.kind, found.how) == ("lib.sub:", SymbolKind.MODULE, How.SUBMODULE)


def test_modules_importing_each_other_are_resolved() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "from .a import *\nfrom .b import *\n",
            "lib/a.py": "from lib.b import *\nfrom lib.b import g\ndef f(): ...\n",
            "lib/b.py": "from lib.a import *\ndef g(): ...\n",
        }
    )

    assert exported(surface, "lib") == {"f": "lib.a:f", "g": "lib.b:g"}


def test_a_star_that_brings_back_a_name_of_the_package_changes_nothing() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "from .misc import *\nfrom .user import *\n",
            "lib/misc.py": "def groups(): ...\n",
            "lib/user.py": "from lib import groups\n",
        }
    )

    assert exported(surface, "lib") == {"groups": "lib.misc:groups"}


def test_a_module_importing_from_itself_changes_nothing() -> None:
    surface = evaluate({"lib/__init__.py": "", "lib/a.py": "class A: ...\nfrom lib.a import A\n"})

    assert exported(surface, "lib.a") == {"A": "lib.a:A"}


def test_names_that_only_lead_to_each_other_are_dropped() -> None:
    surface = evaluate({"lib/a.py": "from .b import x\n", "lib/b.py": "from .a import x\n"})

    assert exported(surface, "lib.a") == {}


def test_a_star_without_all_brings_no_private_names_and_later_stars_win() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "def early(): ...\nfrom .a import *\nfrom .b import *\ndef late(): ...\n",
            "lib/a.py": "def early(): ...\ndef late(): ...\ndef both(): ...\ndef _hidden(): ...\n",
            "lib/b.py": "def both(): ...\n",
        }
    )

    assert exported(surface, "lib") == {
        "early": "lib.a:early",
        "late": "lib:late",
        "both": "lib.b:both",
    }
    assert "_hidden" not in surface.modules[ModuleName("lib")].names


def test_names_of_other_packages_keep_their_path_and_are_not_public() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "import numpy as np\nfrom typing import Any\nfrom six import moves as moves\nArray = np.ndarray\n"
        }
    )
    names = surface.modules[ModuleName("lib")].names

    assert {name: names[name].path for name in ("np", "Any", "Array")} == {
        "np": "numpy:",
        "Any": "typing:Any",
        "Array": "numpy:ndarray",
    }
    assert exported(surface, "lib") == {"moves": "six:moves", "Array": "numpy:ndarray"}


def test_a_bound_method_given_a_name_is_a_name_of_its_own() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "from .conf import settings\nconfigure = settings.configure\nget = settings.get\n",
            "lib/conf.py": """
class Base:
    def get(self): ...
class Settings(Base):
    def configure(self): ...
settings = Settings()
""",
        }
    )

    assert exported(surface, "lib") == {
        "settings": "lib.conf:settings",
        "configure": "lib:configure",
        "get": "lib:get",
    }


def test_another_name_for_a_variable_is_a_variable_of_its_own() -> None:
    surface = evaluate({"lib.py": "_CACHE = make()\ncache = _CACHE\nlimit = cache\n"})

    assert exported(surface, "lib") == {"cache": "lib:cache", "limit": "lib:limit"}


def test_what_a_module_imports_for_itself_is_incidental() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "",
            "lib/a.py": "from .b import f, g as g\n",
            "lib/b.py": "def f(): ...\ndef g(): ...\n",
        }
    )

    assert export(surface, "lib.a", "f").visibility is Visibility.INCIDENTAL
    assert export(surface, "lib.a", "g").visibility is Visibility.REEXPORTED
    assert surface.public_paths[SymbolPath("lib.b:f")] == ("lib.b.f",)


def test_a_missing_module_of_the_library_is_told() -> None:
    surface = evaluate({"lib/__init__.py": "from ._gone import f\nfrom .also_gone import *\n"})
    module = surface.modules[ModuleName("lib")]

    assert [(one.path, one.reason, one.detail) for one in module.skipped] == [
        ("lib:f", SkipReason.UNRESOLVED, "lib._gone:f"),
        ("lib:*", SkipReason.UNRESOLVED, "lib.also_gone:*"),
    ]
    assert module.names["f"].path == "lib._gone:f"
    assert [one.code for one in surface.diagnostics] == ["missing-star-module"]


def test_names_of_a_missing_module_may_be_absent_or_listed() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "try:\n    from ._fast import *\nexcept ImportError:\n    from ._slow import *\n",
            "lib/_slow.py": "def f(): ...\n",
            "lib/listed.py": "from ._gone import *\n__all__ = ['g']\n",
        }
    )

    assert surface.modules[ModuleName("lib")].skipped == ()
    assert [one.path for one in surface.modules[ModuleName("lib.listed")].skipped] == ["lib.listed:g"]


def test_names_from_a_skipped_module_keep_the_reason() -> None:
    surface = evaluate({"lib/__init__.py": "from .broken import f\n"}, skipped={"lib.broken": SkipReason.SYNTAX_ERROR})

    assert [one.reason for one in surface.modules[ModuleName("lib")].skipped] == [SkipReason.SYNTAX_ERROR]


def test_a_stub_alone_is_the_module() -> None:
    surface = evaluate(
        {
            "lib/__init__.py": "from ._c import fast, limit\n",
            "lib/_c.pyi": "from typing import Any\nlimit: int\ndef fast(a: int) -> Any: ...\n",
        },
        compiled=["lib._c"],
    )

    assert exported(surface, "lib") == {"fast": "lib._c:fast", "limit": "lib._c:limit"}
    assert exported(surface, "lib._c") == {"fast": "lib._c:fast", "limit": "lib._c:limit"}


def test_submodules_are_exports_of_their_package() -> None:
    surface = evaluate({"lib/__init__.py": "", "lib/sub.py": "", "lib/_private.py": ""}, compiled=["lib.native"])
    exports = surface.modules[ModuleName("lib")].exports

    assert [(one.name, one.kind, one.how) for one in exports] == [
        ("native", SymbolKind.MODULE, How.SUBMODULE),
        ("sub", SymbolKind.MODULE, How.SUBMODULE),
    ]


def test_a_module_offered_under_another_name_gives_paths_of_that_name() -> None:
    surface = evaluate(
        {"lib/__init__.py": "from . import _impl as nn\n", "lib/_impl.py": "class Linear: ...\nclass _Base: ...\n"}
    )

    assert surface.public_paths == {"lib._impl:Linear": ("lib.nn.Linear",)}


def test_version_texts_are_public_and_machinery_is_not() -> None:
    surface = evaluate(
        {"lib.py": "__version__ = '1.0'\n__author__ = 'me'\n__path__ = []\n_x = 1\ndef __dir__(): ...\n"}
    )

    assert set(exported(surface, "lib")) == {"__version__", "__author__"}
