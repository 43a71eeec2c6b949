"""What a function's body tells, read off its ``ast``: values it gives, attributes it sets, whether its end is reached."""

import ast
from collections.abc import Sequence
from typing import Protocol

from pybridge.extract.constants import MAX_BODY_DEPTH, MAX_VALUES, NONE, encodable, opaque
from pybridge.extract.deprecation import WARNING_FUNCTION, deprecation_notice
from pybridge.extract.recording import BodyFacts, names_in
from pybridge.extract.with_ast.expressions import AstExpressions
from pybridge.model.expressions import Expr
from pybridge.model.facts import Annotation, ClassFacts, FunctionFacts, SelfAssignment

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


class Reader(Protocol):
    """The reader of the file that the body stands in."""

    expressions: AstExpressions

    def span(self, node: ast.stmt) -> int:
        """Record where a statement stands."""

    def annotation(self, node: ast.expr | None) -> Annotation | None:
        """Read an annotation."""

    def following_docstring(self, node: ast.stmt, following: Sequence[ast.stmt]) -> str | None:
        """Find the documentation of an assignment."""

    def function(self, node: FunctionNode, guards: tuple[()], *, level: int) -> FunctionFacts:
        """Read a function."""

    def class_(self, node: ast.ClassDef, guards: tuple[()]) -> ClassFacts:
        """Read a class."""


def docstring_of(body: Sequence[ast.stmt], expressions: AstExpressions) -> str | None:
    """Return the string that a body begins with."""
    return string_of(body[0], expressions) if body else None


def string_of(statement: ast.stmt, expressions: AstExpressions) -> str | None:
    """Return the value of a statement that is nothing but a string, and note its place."""
    match statement:
        case ast.Expr(value=ast.Constant(value=str() as value) as node):
            expressions.document(node)
            return encodable(value)
        case _:
            return None


def read_body(reader: Reader, node: FunctionNode, level: int) -> BodyFacts:
    """Read the own scope of a function; what is nested in nested functions (``level`` 1) is left out."""
    body = _Body(reader, _first_parameter(node.args))
    can_fall_through = body.block(node.body)
    nested = [
        reader.function(one, (), level=1) if isinstance(one, FunctionNode) else reader.class_(one, ())
        for one in (body.returned_definitions() if level == 0 else ())
    ]
    return BodyFacts(
        is_generator=bool(body.yielded),
        yielded=tuple(body.yielded),
        returned=tuple(body.returned),
        can_fall_through=can_fall_through,
        is_stub_body=is_stub(node.body),
        self_assignments=tuple(body.assigned.values()),
        deprecation=_deprecation(node.body, reader.expressions),
        nested=tuple(nested),
    )


def _deprecation(body: Sequence[ast.stmt], expressions: AstExpressions) -> str | None:
    """Read the first warning of a deprecation that no condition stands before."""
    for node in body:
        match node:
            case ast.Expr(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) as call):
                if name == WARNING_FUNCTION:
                    notice = deprecation_notice(expressions.read(call, MAX_BODY_DEPTH))
                    if notice is not None:
                        return notice
            case _:
                pass
    return None


def is_stub(body: Sequence[ast.stmt]) -> bool:
    """Tell whether a body does nothing: a docstring, ``...``, ``pass``, ``raise NotImplementedError``."""
    return all(_is_nothing(one) for one in body)


def _is_nothing(node: ast.stmt) -> bool:
    match node:
        case ast.Pass():
            return True
        case ast.Expr(value=ast.Constant(value=value)):
            return isinstance(value, str) or value is ...
        case ast.Raise(exc=ast.Name(id="NotImplementedError") | ast.Call(func=ast.Name(id="NotImplementedError"))):
            return True
        case _:
            return False


def _first_parameter(arguments: ast.arguments) -> str | None:
    positional = [*arguments.posonlyargs, *arguments.args]
    return positional[0].arg if positional else None


class _Body:
    """Walks the statements of one function, without entering nested scopes."""

    def __init__(self, reader: Reader, first_parameter: str | None) -> None:
        self.yielded: dict[Expr, None] = {}
        self.returned: dict[Expr, None] = {}
        self.assigned: dict[str, SelfAssignment] = {}
        self._definitions: list[FunctionNode | ast.ClassDef] = []
        self._reader = reader
        self._self = first_parameter
        self._breaks: list[bool] = []

    def returned_definitions(self) -> list[FunctionNode | ast.ClassDef]:
        """Functions and classes whose name a ``return`` mentions, the last definition of each name."""
        names: set[str] = set().union(*(names_in(one) for one in self.returned))
        found = {one.name: one for one in self._definitions if one.name in names}
        return sorted(found.values(), key=lambda one: one.lineno)

    def block(self, body: Sequence[ast.stmt]) -> bool:
        """Read a block; True when its end can be reached."""
        reaches = True
        for position, node in enumerate(body):
            if not isinstance(node, FunctionNode | ast.ClassDef):
                self._collect_yields(node)
            reaches = self._statement(node, body[position + 1 : position + 2]) and reaches
        return reaches

    def _statement(self, node: ast.stmt, following: Sequence[ast.stmt]) -> bool:
        match node:
            case ast.Return(value=value):
                self._keep(self.returned, value)
                return False
            case ast.Raise() | ast.Continue():
                return False
            case ast.Break():
                if self._breaks:
                    self._breaks[-1] = True
                return False
            case ast.Assert(test=ast.Constant(value=False)):
                return False
            case ast.Assign() | ast.AnnAssign():
                self._assignment(node, following)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._definitions.append(node)
            case ast.If(body=body, orelse=otherwise):
                reaches_body = self.block(body)
                return self.block(otherwise) or reaches_body
            case ast.For() | ast.AsyncFor() | ast.While():
                return self._loop(node)
            case ast.With(body=body) | ast.AsyncWith(body=body):
                return self.block(body)
            case ast.Match(cases=cases):
                reached = [self.block(case.body) for case in cases]
                return any(reached) or not _catches_all(cases[-1])
            case _ if type(node).__name__ in ("Try", "TryStar"):
                return self._try(node)
            case _:
                pass
        return True

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> bool:
        self._breaks.append(False)
        self.block(node.body)
        has_break = self._breaks.pop()
        reaches_else = self.block(node.orelse)
        match node:
            case ast.While(test=ast.Constant(value=value)) if value:
                return has_break
            case _:
                return has_break or reaches_else

    def _try(self, node: ast.stmt) -> bool:
        reaches_body = self.block(getattr(node, "body", []))
        handlers = [self.block(one.body) for one in getattr(node, "handlers", [])]
        reaches_else = self.block(getattr(node, "orelse", []))
        reaches_end = self.block(getattr(node, "finalbody", []))
        return ((reaches_body and reaches_else) or any(handlers)) and reaches_end

    def _keep(self, into: dict[Expr, None], value: ast.expr | None) -> None:
        if len(into) < MAX_VALUES:
            into[NONE if value is None else self._reader.expressions.read(value, MAX_BODY_DEPTH)] = None

    def _collect_yields(self, node: ast.stmt) -> None:
        """Find the yields of a statement's own expressions, outermost only, in source order."""
        found: list[ast.Yield | ast.YieldFrom] = []
        pending = list(ast.iter_child_nodes(node))
        while pending:
            one = pending.pop()
            if isinstance(one, ast.Yield | ast.YieldFrom):
                found.append(one)
            elif not isinstance(one, ast.Lambda | ast.stmt | ast.excepthandler | ast.match_case):
                pending += ast.iter_child_nodes(one)
        for one in sorted(found, key=lambda one: (one.lineno, one.col_offset)):
            if len(self.yielded) >= MAX_VALUES:
                break
            if isinstance(one, ast.Yield):
                self._keep(self.yielded, one.value)
            else:
                self.yielded[opaque("yield_from", self._reader.expressions.cut(one))] = None

    def _assignment(self, node: ast.Assign | ast.AnnAssign, following: Sequence[ast.stmt]) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if isinstance(target, ast.Tuple | ast.List):
                values: list[ast.expr] | None = None
                if isinstance(node.value, ast.Tuple | ast.List) and len(node.value.elts) == len(target.elts):
                    values = node.value.elts
                for position, one in enumerate(target.elts):
                    self._self_assignment(node, one, values[position] if values else None, following, is_unpacked=True)
            else:
                self._self_assignment(node, target, node.value, following, is_unpacked=False)

    def _self_assignment(
        self,
        node: ast.Assign | ast.AnnAssign,
        target: ast.expr,
        value: ast.expr | None,
        following: Sequence[ast.stmt],
        *,
        is_unpacked: bool,
    ) -> None:
        match target:
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if (
                owner == self._self and name not in self.assigned
            ):
                read = None if value is None else self._reader.expressions.read(value, MAX_BODY_DEPTH)
                if read is None and is_unpacked and node.value is not None:
                    read = opaque("unpacked", self._reader.expressions.cut(node.value))
                annotation = self._reader.annotation(node.annotation) if isinstance(node, ast.AnnAssign) else None
                self.assigned[name] = SelfAssignment(
                    name=name,
                    annotation=annotation,
                    value=read,
                    span=self._reader.span(node),
                    docstring=self._reader.following_docstring(node, following),
                )
            case _:
                pass


def _catches_all(case: ast.match_case) -> bool:
    """Tell whether a case matches anything: ``case _:`` or ``case name:``."""
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None
