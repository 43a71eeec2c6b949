"""What a function's body tells, read off mypy's nodes: values it gives, attributes it sets, whether its end is reached."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from mypy import nodes
from mypy.patterns import AsPattern
from mypy.traverser import YieldCollector, YieldFromCollector
from mypy.types import Type

from pybridge.extract.constants import MAX_BODY_DEPTH, MAX_VALUES, NONE, encodable, opaque
from pybridge.extract.deprecation import WARNING_FUNCTION, deprecation_notice
from pybridge.extract.recording import BodyFacts, names_in
from pybridge.extract.with_mypy.expressions import NativeExpressions
from pybridge.model.expressions import Expr
from pybridge.model.facts import Annotation, ClassFacts, FunctionFacts, SelfAssignment

Definition = nodes.FuncDef | nodes.Decorator | nodes.ClassDef
Statements = Sequence[nodes.Statement]


class StatementsLost(Exception):
    """mypy merged definitions, or dropped what it thinks unreachable, at this line."""


class Reader(Protocol):
    """The reader of the file that the body stands in."""

    expressions: NativeExpressions

    def span(self, node: nodes.Statement) -> int:
        """Record where a statement stands."""

    def annotation(self, node: Type | None) -> Annotation | None:
        """Read an annotation."""

    def following_docstring(self, node: nodes.Statement, following: nodes.Statement | None) -> str | None:
        """Find the documentation of an assignment."""

    def check_assertion(self, node: nodes.AssertStmt, body: Statements, position: int) -> None:
        """Refuse a block that mypy cut after an ``assert``."""

    def may_yield(self, node: nodes.FuncDef) -> bool:
        """Tell whether the word ``yield`` stands anywhere in a function."""

    def function(self, node: nodes.FuncDef | nodes.Decorator, guards: tuple[()], *, level: int) -> FunctionFacts:
        """Read a function."""

    def class_(self, node: nodes.ClassDef, guards: tuple[()]) -> ClassFacts:
        """Read a class."""


def docstring_of(body: Statements, expressions: NativeExpressions) -> str | None:
    """Return the string that a body begins with."""
    return string_of(body[0], expressions) if body else None


def string_of(statement: nodes.Statement, expressions: NativeExpressions) -> str | None:
    """Return the value of a statement that is nothing but a string, and note its place; an f-string is not one."""
    if type(statement) is not nodes.ExpressionStmt or type(statement.expr) is not nodes.StrExpr:
        return None
    start = expressions.cut(statement.expr)[:3].lower()
    if "f" in start.partition('"')[0].partition("'")[0]:
        return None
    value = expressions.text_of(statement.expr)
    if value is None:
        return None
    expressions.document(statement.expr)
    return encodable(value)


def read_body(reader: Reader, node: nodes.FuncDef, level: int) -> BodyFacts:
    """Read the own scope of a function; what is nested in nested functions (``level`` 1) is left out."""
    statements = node.body.body
    body = _Body(reader, _first_parameter(node))
    can_fall_through = body.block(statements)
    yielded = _yields(node, reader.expressions) if reader.may_yield(node) else {}
    nested = [
        reader.class_(one, ()) if isinstance(one, nodes.ClassDef) else reader.function(one, (), level=1)
        for one in (body.returned_definitions() if level == 0 else ())
    ]
    return BodyFacts(
        is_generator=bool(yielded),
        yielded=tuple(yielded),
        returned=tuple(body.returned),
        can_fall_through=can_fall_through,
        is_stub_body=all(map(_is_nothing, statements)),
        self_assignments=tuple(body.assigned.values()),
        deprecation=_deprecation(statements, reader.expressions),
        nested=tuple(nested),
    )


def _deprecation(body: Statements, expressions: NativeExpressions) -> str | None:
    """Read the first warning of a deprecation that no condition stands before."""
    for node in body:
        if type(node) is nodes.ExpressionStmt and type(node.expr) is nodes.CallExpr:
            callee = node.expr.callee
            is_warning = isinstance(callee, nodes.NameExpr | nodes.MemberExpr) and callee.name == WARNING_FUNCTION
            notice = deprecation_notice(expressions.read(node.expr, MAX_BODY_DEPTH)) if is_warning else None
            if notice is not None:
                return notice
    return None


def _is_nothing(node: nodes.Statement) -> bool:
    match node:
        case nodes.PassStmt():
            return True
        case nodes.ExpressionStmt(expr=nodes.StrExpr() | nodes.EllipsisExpr()):
            return True
        case nodes.RaiseStmt(
            expr=nodes.NameExpr(name="NotImplementedError")
            | nodes.CallExpr(callee=nodes.NameExpr(name="NotImplementedError"))
        ):
            return True
        case _:
            return False


def _first_parameter(node: nodes.FuncDef) -> str | None:
    if node.arguments and node.arguments[0].kind.is_positional():
        return node.arguments[0].variable.name
    return None


class _Body:
    """Walks the statements of one function, without entering nested scopes."""

    def __init__(self, reader: Reader, first_parameter: str | None) -> None:
        self.returned: dict[Expr, None] = {}
        self.assigned: dict[str, SelfAssignment] = {}
        self._definitions: list[Definition] = []
        self._reader = reader
        self._self = first_parameter
        self._breaks: list[bool] = []

    def returned_definitions(self) -> list[Definition]:
        """Functions and classes whose name a ``return`` mentions, the last definition of each name."""
        if not self._definitions:
            return []
        names: set[str] = set().union(*(names_in(one) for one in self.returned))
        found = {one.name: one for one in self._definitions if one.name in names}
        return sorted(found.values(), key=lambda one: one.func.line if isinstance(one, nodes.Decorator) else one.line)

    def block(self, body: Statements) -> bool:
        """Read a block; True when its end can be reached."""
        reaches = True
        for position, node in enumerate(body):
            kind = type(node)
            if kind is nodes.ExpressionStmt:
                continue
            if kind is nodes.AssignmentStmt:
                assert isinstance(node, nodes.AssignmentStmt)
                if self._self is not None:
                    self._assignment(node, body, position)
            else:
                if kind is nodes.AssertStmt:
                    assert isinstance(node, nodes.AssertStmt)
                    self._reader.check_assertion(node, body, position)
                reaches = self._statement(node) and reaches
        return reaches

    def _statement(self, node: nodes.Statement) -> bool:
        read = _STATEMENTS.get(type(node))
        return True if read is None else read(self, node)

    def return_(self, node: nodes.ReturnStmt) -> bool:
        """Note the value; nothing follows."""
        if len(self.returned) < MAX_VALUES:
            value = node.expr
            read = NONE if value is None else self._reader.expressions.read(value, MAX_BODY_DEPTH)
            self.returned[read] = None
        return False

    def if_(self, node: nodes.IfStmt) -> bool:
        """Read both branches."""
        if len(node.body) != 1:
            return True
        reaches_body = self.block(node.body[0].body)
        return self._optional(node.else_body) or reaches_body

    def leave(self, node: nodes.Statement) -> bool:
        """Go elsewhere, out of a loop for a ``break``."""
        if type(node) is nodes.BreakStmt and self._breaks:
            self._breaks[-1] = True
        return False

    def assert_(self, node: nodes.AssertStmt) -> bool:
        """End at ``assert False``."""
        return not (isinstance(node.expr, nodes.NameExpr) and node.expr.name == "False")

    def define(self, node: Definition) -> bool:
        """Note a function or class."""
        self._definitions.append(node)
        return True

    def for_(self, node: nodes.ForStmt) -> bool:
        """Read a loop."""
        has_break, reaches_else = self._loop(node.body, node.else_body)
        return has_break or reaches_else

    def while_(self, node: nodes.WhileStmt) -> bool:
        """Read a loop that may have no end."""
        has_break, reaches_else = self._loop(node.body, node.else_body)
        return has_break or (reaches_else and not _is_true(node.expr))

    def with_(self, node: nodes.WithStmt) -> bool:
        """Read what it surrounds."""
        return self.block(node.body.body)

    def match(self, node: nodes.MatchStmt) -> bool:
        """Read every case."""
        reached = [self.block(one.body) for one in node.bodies]
        return any(reached) or not _catches_all(node)

    def _optional(self, block: nodes.Block | None) -> bool:
        return block is None or self.block(block.body)

    def _loop(self, body: nodes.Block, otherwise: nodes.Block | None) -> tuple[bool, bool]:
        self._breaks.append(False)
        self.block(body.body)
        has_break = self._breaks.pop()
        return has_break, self._optional(otherwise)

    def try_(self, node: nodes.TryStmt) -> bool:
        """Read every part."""
        reaches_body = self.block(node.body.body)
        handlers = [self.block(one.body) for one in node.handlers]
        reaches_else = self._optional(node.else_body)
        reaches_end = self._optional(node.finally_body)
        return ((reaches_body and reaches_else) or any(handlers)) and reaches_end

    def _assignment(self, node: nodes.AssignmentStmt, body: Statements, position: int) -> None:
        for target in node.lvalues:
            kind = type(target)
            if kind is nodes.MemberExpr:
                value = None if isinstance(node.rvalue, nodes.TempNode) else node.rvalue
                self._self_assignment(node, target, value, body, position)
            elif isinstance(target, nodes.TupleExpr | nodes.ListExpr):
                values: list[nodes.Expression] | None = None
                if isinstance(node.rvalue, nodes.TupleExpr | nodes.ListExpr):
                    values = node.rvalue.items if len(node.rvalue.items) == len(target.items) else None
                for number, one in enumerate(target.items):
                    self._self_assignment(node, one, values[number] if values else None, body, position)

    def _self_assignment(
        self,
        node: nodes.AssignmentStmt,
        target: nodes.Expression,
        value: nodes.Expression | None,
        body: Statements,
        position: int,
    ) -> None:
        if not isinstance(target, nodes.MemberExpr) or not isinstance(target.expr, nodes.NameExpr):
            return
        if target.expr.name != self._self or target.name in self.assigned:
            return
        expressions = self._reader.expressions
        read: Expr | None = None
        if value is not None:
            read = expressions.read(value, MAX_BODY_DEPTH)
        elif not isinstance(node.rvalue, nodes.TempNode):
            read = opaque("unpacked", expressions.cut(node.rvalue))
        annotation = self._reader.annotation(node.unanalyzed_type) if node.new_syntax else None
        following = body[position + 1] if position + 1 < len(body) else None
        self.assigned[target.name] = SelfAssignment(
            name=target.name,
            annotation=annotation,
            value=read,
            span=self._reader.span(node),
            docstring=self._reader.following_docstring(node, following),
        )


_STATEMENTS: dict[type, Callable[[_Body, Any], bool]] = {
    nodes.ReturnStmt: _Body.return_,
    nodes.IfStmt: _Body.if_,
    nodes.RaiseStmt: _Body.leave,
    nodes.ContinueStmt: _Body.leave,
    nodes.BreakStmt: _Body.leave,
    nodes.AssertStmt: _Body.assert_,
    nodes.FuncDef: _Body.define,
    nodes.Decorator: _Body.define,
    nodes.ClassDef: _Body.define,
    nodes.ForStmt: _Body.for_,
    nodes.WhileStmt: _Body.while_,
    nodes.WithStmt: _Body.with_,
    nodes.TryStmt: _Body.try_,
    nodes.MatchStmt: _Body.match,
}
"""Statements after which the end of their block may not be reached, or that hold others."""


def _yields(node: nodes.FuncDef, expressions: NativeExpressions) -> dict[Expr, None]:
    """Find what a function yields in its own scope, in source order."""
    # mypyc lets nobody else inherit from its visitors; these two stay out of nested functions.
    plain, delegated = YieldCollector(), YieldFromCollector()
    node.accept(plain)
    node.accept(delegated)
    yields: list[nodes.YieldExpr | nodes.YieldFromExpr] = [one for one, _ in plain.yield_expressions]
    yields += [one for one, _ in delegated.yield_from_expressions]
    found: dict[Expr, None] = {}
    for one in sorted(yields, key=lambda one: (one.line, one.column)):
        if len(found) >= MAX_VALUES:
            break
        if isinstance(one, nodes.YieldFromExpr):
            value: Expr = opaque("yield_from", expressions.cut(one))
        else:
            value = NONE if one.expr is None else expressions.read(one.expr, MAX_BODY_DEPTH)
        found[value] = None
    return found


def _is_true(test: nodes.Expression) -> bool:
    match test:
        case nodes.NameExpr(name="True"):
            return True
        case nodes.IntExpr(value=value):
            return value != 0
        case _:
            return False


def _catches_all(node: nodes.MatchStmt) -> bool:
    """Tell whether the last case matches anything: ``case _:`` or ``case name:``."""
    last = node.patterns[-1]
    return node.guards[-1] is None and isinstance(last, AsPattern) and last.pattern is None
