"""Whatever the text says, evaluation ends, answers, and does not depend on order."""

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluated import TARGET, evaluate, exported, facts_of
from pybridge.model.names import ModuleName
from pybridge.resolve.surface import resolve_surface

_MODULES = ("lib", "lib.a", "lib.b", "lib.b.c", "lib._d")
_PATHS = {
    "lib": "lib/__init__.py",
    "lib.a": "lib/a.py",
    "lib.b": "lib/b/__init__.py",
    "lib.b.c": "lib/b/c.py",
    "lib._d": "lib/_d.py",
}
_NAME = st.sampled_from(["a", "b", "c", "x", "_y", "Z", "lib"])
_HOME = st.sampled_from([*_MODULES, "other", "lib.gone"])
_STATEMENT = st.one_of(
    st.builds("from {} import *".format, _HOME),
    st.builds("from {} import {} as {}".format, _HOME, _NAME, _NAME),
    st.builds("import {} as {}".format, _HOME, _NAME),
    st.builds("import {}".format, _HOME),
    st.builds("{} = {}".format, _NAME, _NAME),
    st.builds("{} = {}.{}".format, _NAME, _NAME, _NAME),
    st.builds("{} = {}({})".format, _NAME, _NAME, _NAME),
    st.builds("{} = {}[{}]".format, _NAME, _NAME, _NAME),
    st.builds("def {}(): ...".format, _NAME),
    st.builds("class {}({}, {}.{}): {} = {}".format, _NAME, _NAME, _NAME, _NAME, _NAME, _NAME),
    st.builds("__all__ = ['{}'] + {}.__all__".format, _NAME, _NAME),
    st.builds("__all__ += [n for n in {} if n != '{}']".format, _NAME, _NAME),
    st.builds("if {} > {}:\n    from {} import {}\nelse:\n    {} = 1".format, _NAME, _NAME, _HOME, _NAME, _NAME),
    st.builds("try:\n    from {} import {}\nexcept ImportError:\n    {} = None".format, _HOME, _NAME, _NAME),
    st.builds("def __getattr__(name):\n    if name == '{}':\n        return {}".format, _NAME, _NAME),
    st.builds("T = {{'{}': '{}', '{}': ['{}']}}".format, _NAME, _HOME, _HOME, _NAME),
    st.builds("del {}".format, _NAME),
)
_LIBRARY = st.fixed_dictionaries({name: st.lists(_STATEMENT, max_size=7).map("\n".join) for name in _MODULES})


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_LIBRARY)
def test_any_library_is_evaluated_the_same_in_any_order(texts: dict[str, str]) -> None:
    facts = {ModuleName(name): facts_of(_PATHS[name], text + "\n") for name, text in texts.items()}
    backwards = dict(reversed(facts.items()))
    roots = (ModuleName("lib"),)

    one = resolve_surface(roots=roots, facts=facts, target=TARGET)
    other = resolve_surface(roots=roots, facts=backwards, target=TARGET)

    assert msgspec.json.encode(one.modules, order="sorted") == msgspec.json.encode(other.modules, order="sorted")
    assert one.public_paths == other.public_paths
    assert one.diagnostics == other.diagnostics
    for module in one.modules.values():
        names = [export.name for export in module.exports]
        assert names == sorted(set(names))


def test_a_long_chain_of_stars_and_imports_ends() -> None:
    count = 600
    files = {f"lib/m{at}.py": f"from lib.m{at + 1} import *\nfrom lib.m{at + 1} import f as g\n" for at in range(count)}
    surface = evaluate({"lib/__init__.py": "", **files, f"lib/m{count}.py": "def f(): ...\n"})

    assert exported(surface, f"lib.m{count - 100}")["f"] == f"lib.m{count}:f"


def test_a_long_chain_of_type_aliases_ends() -> None:
    lines = [f"A{at} = A{at + 1}[int] | None" for at in range(2_000)]
    surface = evaluate({"lib.py": "\n".join([*lines, "class A2000: ..."])})

    assert len(surface.modules[ModuleName("lib")].definitions) == 2_001


def test_a_long_chain_of_bases_ends() -> None:
    lines = ["class C0:\n    def m(self): ..."] + [f"class C{at}(C{at - 1}): ..." for at in range(1, 1_000)]
    surface = evaluate({"lib.py": "\n".join([*lines, "o = C999()", "m = o.m", "n = C5().m", ""])})

    assert "m" in exported(surface, "lib")


def test_bases_that_fan_out_end() -> None:
    lines = ["class A0_0: ..."]
    for level in range(1, 14):
        bases = ", ".join(f"A{level - 1}_{at}" for at in range(10))
        lines += [f"class A{level}_{at}({bases}): ..." for at in range(10)]
    surface = evaluate({"lib.py": "\n".join([*lines, "o = A13_0()", "m = o.missing", "n = A13_0.missing", ""])})

    assert {"m", "n"} <= set(exported(surface, "lib"))


def test_lists_that_double_end() -> None:
    lines = ["L0 = ['a']"] + [f"L{at} = L{at - 1} + L{at - 1}" for at in range(1, 60)]
    surface = evaluate({"lib.py": "\n".join([*lines, "__all__ = L59", "a = 1", ""])})

    assert [one.code for one in surface.diagnostics] == ["dynamic-all"]


def test_names_that_lead_to_each_others_attributes_end() -> None:
    surface = evaluate({"lib.py": "a = b.x\nb = a.y\n"})

    assert set(exported(surface, "lib")) == {"a", "b"}


def test_names_that_no_source_can_write_are_not_names() -> None:
    text = "globals()['a b'] = 1\n__all__ = ['c d']\nT = {'e f': 'lib.a'}\ndef __getattr__(n): return T[n]\n"
    surface = evaluate({"lib/__init__.py": text, "lib/a.py": ""})

    assert set(exported(surface, "lib")) == {"T"}


def test_a_module_that_is_no_python_is_dynamic_and_the_rest_goes_on() -> None:
    surface = evaluate({"lib/__init__.py": "from .bad import f\ndef g(): ...\n", "lib/bad.py": "def f(:\n"})

    assert surface.modules[ModuleName("lib.bad")].is_dynamic
    assert "g" in exported(surface, "lib")


def test_relative_imports_out_of_the_package_bind_nothing() -> None:
    surface = evaluate({"lib/__init__.py": "from .... import x\nfrom ...y import *\n"})

    assert exported(surface, "lib") == {}
