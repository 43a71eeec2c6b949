"""Where annotations go in a source text: every ``def`` of modules and classes, as libcst finds it."""

from collections.abc import Iterator

import libcst as cst
import msgspec
from libcst.metadata import MetadataWrapper, WhitespaceInclusivePositionProvider

from pybridge.annotate.source_text import Lines
from pybridge.model.types import ParameterKind


class ParameterPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A parameter of a ``def``."""

    name: str
    kind: ParameterKind
    is_annotated: bool
    name_end: int
    """Offset behind the name."""
    bare_equal: int | None
    """Offset behind an ``=`` that has no blank around it; None when it has, or there is none."""


class FunctionPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A ``def``."""

    qualname: str
    class_names: tuple[str, ...]
    """Names of the classes around it, outermost first."""
    line: int
    """Where its name stands."""
    decorators: tuple[str, ...]
    """Last part of the name of each; ``?`` for one that is no name and no call of one."""
    parameters: tuple[ParameterPlace, ...]
    is_annotated: bool
    """True when it says what it returns."""
    parenthesis: int
    """Offset behind the ``)``."""


def find_functions(text: str, lines: Lines) -> tuple[FunctionPlace, ...]:
    """Find every ``def`` that is not inside another one, in order.

    Raises:
        libcst.ParserSyntaxError: libcst does not know the syntax.
        RecursionError: it nests too deep.
    """
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    finder = _Finder(wrapper, lines)
    wrapper.module.visit(finder)
    return tuple(finder.found)


class _Finder(cst.CSTVisitor):  # type: ignore[misc] # mypy does not follow libcst: reading it takes seconds
    def __init__(self, wrapper: MetadataWrapper, lines: Lines) -> None:
        super().__init__()
        # With the blanks that belong to a node: a name has none, and a body starts right behind its colon.
        self._positions = wrapper.resolve(WhitespaceInclusivePositionProvider)
        self._lines = lines
        self._classes: list[str] = []
        self.found: list[FunctionPlace] = []

    def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802 - libcst's name
        self._classes.append(node.name.value)

    def leave_ClassDef(self, original_node: cst.ClassDef) -> None:  # noqa: N802 - as above
        del original_node
        self._classes.pop()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: N802 - as above
        colon = self._positions[node.body].start
        parenthesis = self._lines.offset(colon.line, colon.column) - 1 - len(node.whitespace_before_colon.value)
        if node.returns is not None or self._lines.text[parenthesis - 1 : parenthesis] == ")":
            self.found.append(
                FunctionPlace(
                    qualname=".".join((*self._classes, node.name.value)),
                    class_names=tuple(self._classes),
                    line=self._positions[node.name].start.line,
                    decorators=tuple(_last_name(one.decorator) for one in node.decorators),
                    parameters=tuple(self._parameters(node.params)),
                    is_annotated=node.returns is not None,
                    parenthesis=parenthesis,
                )
            )
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:  # noqa: N802 - as above
        del node
        return False

    def _parameters(self, parameters: cst.Parameters) -> Iterator[ParameterPlace]:
        groups = (
            (ParameterKind.POSITIONAL_ONLY, parameters.posonly_params),
            (ParameterKind.POSITIONAL_OR_KEYWORD, parameters.params),
            (ParameterKind.VAR_POSITIONAL, (parameters.star_arg,)),
            (ParameterKind.KEYWORD_ONLY, parameters.kwonly_params),
            (ParameterKind.VAR_KEYWORD, (parameters.star_kwarg,)),
        )
        for kind, group in groups:
            for one in group:
                if isinstance(one, cst.Param):
                    end = self._positions[one.name].end
                    name_end = self._lines.offset(end.line, end.column)
                    is_bare = self._lines.text[name_end : name_end + 1] == "=" and not _has_blank(one.equal)
                    yield ParameterPlace(
                        name=one.name.value,
                        kind=kind,
                        is_annotated=one.annotation is not None,
                        name_end=name_end,
                        bare_equal=name_end + 1 if is_bare else None,
                    )


def _has_blank(equal: object) -> bool:
    if not isinstance(equal, cst.AssignEqual):
        return False
    after = equal.whitespace_after
    return not (isinstance(after, cst.SimpleWhitespace) and after.value == "")


def _last_name(decorator: cst.BaseExpression) -> str:
    match decorator:
        case cst.Name(value=name) | cst.Attribute(attr=cst.Name(value=name)):
            return str(name)
        case cst.Call(func=func):
            return _last_name(func)
        case _:
            return "?"
