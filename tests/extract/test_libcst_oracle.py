"""A parser that keeps every character agrees with ours on the signatures of real libraries."""

import sysconfig
from collections.abc import Iterator
from pathlib import Path

import libcst as cst
import pytest

from pybridge.extract import Parser, extract_file
from pybridge.model.facts import ClassFacts, FunctionFacts
from pybridge.model.names import ModuleName
from pybridge.model.source import FileKind, SourceFile
from pybridge.model.types import ParameterKind

INSTALLED = Path(sysconfig.get_path("purelib"))
LIBRARIES = ("attr", "click", "jinja2", "markupsafe", "packaging", "pluggy", "tomlkit", "iniconfig", "jsonschema")
MAX_FILES = 40
"""Of one library: the first by name, so that the test takes seconds."""
MAX_BYTES = 200_000
EXPECTED_FUNCTIONS = 1500
"""Fewer in all would mean that the corpus or the comparison has shrunk."""

_ODD = {
    "odd.py": (
        "@ a . b (1,\n   2)\n@ (lambda f: f)\n"
        "async def f ( a , / , b : int=(1) , * c : 'x', d = [1,\n   # why\n 2] , ** e : dict [ str , int ] ) -> (\n"
        "    list [ int ]\n) : ...\n"
        "if x:\n  class A ( B , metaclass = C ) :\n    def m ( self , *, k = lambda a=1: (a) , l : int | None = None ) : pass\n"
        "else :\n  class A: \n    @ property\n    def m(self) -> 'A' : return self\n"
        "try: \n  def g ( * , a = 'x' 'y' ): ...\nexcept E : \n  def g ( a = -1 , b = not 1 , c = (yield) ): ...\n"
        "def h ( a = 1 if 2 else 3 , b = x [ 1 : 2 ] , c = f'{ 1 }' , d=... , e = *1, ): ...\n".replace(
            ", e = *1,", ","
        )
    )
}


def signature(name, is_async, parameters, returns, decorators):
    return name, is_async, tuple(parameters), returns, tuple(decorators)


def squeezed(text):
    """Text without blanks: continuation lines are indented in one and not in the other."""
    return None if text is None else "".join(text.split())


def from_facts(body, prefix="") -> Iterator[tuple[object, ...]]:
    for one in body:
        match one:
            case FunctionFacts():
                parameters = (
                    (
                        each.name,
                        each.kind,
                        squeezed(each.annotation.text) if each.annotation else None,
                        squeezed(each.default_text),
                    )
                    for each in one.parameters
                )
                yield signature(
                    prefix + one.name,
                    one.is_async,
                    parameters,
                    squeezed(one.returns.text) if one.returns else None,
                    (squeezed(each.text) for each in one.decorators),
                )
            case ClassFacts():
                yield from from_facts(one.body, f"{prefix}{one.name}.")


class Signatures(cst.CSTVisitor):
    """Signatures of functions and methods in order of appearance, as libcst has them."""

    def __init__(self, module: cst.Module) -> None:
        super().__init__()
        self.module, self.prefix, self.found = module, "", []

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:  # noqa: N802 - libcst's name
        before, self.prefix = self.prefix, f"{self.prefix}{node.name.value}."
        node.body.visit(self)
        self.prefix = before
        return False

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: N802 - as above
        parameters = node.params
        kinds = (
            (ParameterKind.POSITIONAL_ONLY, parameters.posonly_params),
            (ParameterKind.POSITIONAL_OR_KEYWORD, parameters.params),
            (ParameterKind.VAR_POSITIONAL, (parameters.star_arg,)),
            (ParameterKind.KEYWORD_ONLY, parameters.kwonly_params),
            (ParameterKind.VAR_KEYWORD, (parameters.star_kwarg,)),
        )
        self.found.append(
            signature(
                self.prefix + node.name.value,
                node.asynchronous is not None,
                (
                    (
                        one.name.value,
                        kind,
                        self.bare_text(one.annotation.annotation) if one.annotation else None,
                        self.bare_text(one.default) if one.default else None,
                    )
                    for kind, group in kinds
                    for one in group
                    if isinstance(one, cst.Param)
                ),
                self.bare_text(node.returns.annotation) if node.returns else None,
                (self.bare_text(one.decorator) for one in node.decorators),
            )
        )
        return False

    def bare_text(self, node: cst.BaseExpression) -> str | None:
        """Text without parentheses around all of it, which are no part of an expression; those of a tuple are."""
        return self.text(node if isinstance(node, cst.Tuple) else node.with_changes(lpar=(), rpar=()))

    def text(self, node: cst.CSTNode) -> str | None:
        return squeezed(self.module.code_for_node(node))


def corpus():
    for library in LIBRARIES:
        for path in sorted((INSTALLED / library).rglob("*.py*"))[:MAX_FILES]:
            if path.suffix in {".py", ".pyi"} and path.stat().st_size <= MAX_BYTES:
                yield path


def both(path, data, parser=Parser.NATIVE):
    """Signatures of one file, as the two have them."""
    file = SourceFile(
        module=ModuleName("m"),
        kind=FileKind.STUB if path.suffix == ".pyi" else FileKind.SOURCE,
        is_package=False,
        path=path.name,
        location=path,
        size_bytes=len(data),
        mtime_ns=0,
    )
    facts = extract_file(file, data, python_version=(3, 11), parser=parser)
    assert not facts.is_broken, (path, facts.diagnostics)
    module = cst.parse_module(data)
    theirs = Signatures(module)
    module.visit(theirs)
    return list(from_facts(facts.body)), theirs.found


def test_signatures_of_real_libraries_are_those_that_libcst_reads():
    compared = 0
    different = []
    for path in corpus():
        ours, theirs = both(path, path.read_bytes())
        compared += len(theirs)
        different += [(path.name, one, other) for one, other in zip(ours, theirs, strict=False) if one != other]
        different += [(path.name, len(ours), len(theirs))] if len(ours) != len(theirs) else []

    assert different == []
    assert compared > EXPECTED_FUNCTIONS


@pytest.mark.parametrize("parser", Parser)
def test_odd_layouts_are_read_as_libcst_reads_them(parser):
    for name, text in _ODD.items():
        ours, theirs = both(Path(name), text.encode(), parser)

        assert ours == theirs
        assert [one[0] for one in ours] == ["f", "A.m", "A.m", "g", "g", "h"]
