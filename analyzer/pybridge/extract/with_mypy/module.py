"""A module's mypy nodes become facts, statement by statement."""

from collections.abc import Sequence

from mypy import nodes
from mypy.types import AnyType, CallableType, Type

from pybridge.extract.constants import MAX_GUARDS, default_of, opaque, shorten
from pybridge.extract.frame import frame_of
from pybridge.extract.recording import Reading, Recorder, answers_of, code_digest, if_guard, is_module_hook
from pybridge.extract.text import SourceLines
from pybridge.extract.with_mypy.bodies import StatementsLost, docstring_of, read_body, string_of
from pybridge.extract.with_mypy.expressions import NativeExpressions, is_fstring
from pybridge.extract.with_mypy.parsing import Parsed
from pybridge.model.expressions import Expr
from pybridge.model.facts import (
    Annotation,
    Assignment,
    ClassFacts,
    Decorator,
    Delete,
    Expression,
    FromImport,
    FunctionFacts,
    Guard,
    GuardKind,
    Import,
    ParameterFacts,
    Return,
    Statement,
    TypeAliasFacts,
    TypeParameterFacts,
)
from pybridge.model.types import ParameterKind, TypeVariableKind

Guards = tuple[Guard, ...]

_PARAMETER_KINDS: dict[nodes.ArgKind, ParameterKind] = {
    nodes.ARG_POS: ParameterKind.POSITIONAL_OR_KEYWORD,
    nodes.ARG_OPT: ParameterKind.POSITIONAL_OR_KEYWORD,
    nodes.ARG_STAR: ParameterKind.VAR_POSITIONAL,
    nodes.ARG_NAMED: ParameterKind.KEYWORD_ONLY,
    nodes.ARG_NAMED_OPT: ParameterKind.KEYWORD_ONLY,
    nodes.ARG_STAR2: ParameterKind.VAR_KEYWORD,
}
_TYPE_VARIABLE_KINDS = (TypeVariableKind.TYPE, TypeVariableKind.PARAMETERS, TypeVariableKind.TUPLE)


def read_module(parsed: Parsed, text: str) -> Reading:
    """Read what `NativeParser.parse` made of a text.

    Raises:
        StatementsLost: mypy merged or dropped statements; its nodes do not say what the file says.
    """
    reader = NativeReader(Recorder(SourceLines(text)), parsed.neutral)
    body: list[Statement] = []
    reader.read_block(parsed.statements, (), body)
    docstring = docstring_of(parsed.statements, reader.expressions)
    return Reading(
        docstring=docstring,
        body=tuple(body),
        spans=tuple(reader.recorder.spans),
        code_digest=code_digest(text, reader.expressions.documented),
        frame=frame_of(reader.recorder.lines, body, reader.recorder.spans),
    )


class NativeReader:
    """Reads the statements of one file."""

    def __init__(self, recorder: Recorder, neutral: str) -> None:
        self.recorder = recorder
        self.expressions = NativeExpressions(recorder.lines, neutral)
        self._has_yields = "yield" in recorder.lines.text
        self._answered: list[tuple[int, Return]] = []

    def read_block(self, body: Sequence[nodes.Statement], guards: Guards, into: list[Statement]) -> None:
        """Append the facts of a block, nested blocks flattened."""
        for position, node in enumerate(body):
            match node:
                case nodes.FuncDef() | nodes.Decorator():
                    into.append(self.function(node, guards))
                case nodes.ClassDef():
                    into.append(self.class_(node, guards))
                case nodes.AssignmentStmt():
                    following = body[position + 1] if position + 1 < len(body) else None
                    self._assignment(node, following, guards, into)
                case nodes.ImportBase():
                    self._import(node, guards, into)
                case nodes.ExpressionStmt(expr=nodes.CallExpr() as call):
                    if not is_fstring(call):
                        value = self.expressions.read(call)
                        into.append(Expression(value=value, span=self.span(node), guards=guards))
                case nodes.ExpressionStmt():
                    pass
                case nodes.OperatorAssignmentStmt():
                    self._operator_assignment(node, guards, into)
                case nodes.DelStmt(expr=target):
                    self._delete(target, guards, into)
                case nodes.TypeAliasStmt():
                    into.append(self._type_alias(node, guards))
                case nodes.OverloadedFuncDef():
                    raise StatementsLost(node.line)
                case nodes.AssertStmt():
                    self.check_assertion(node, body, position)
                case _:
                    self._compound(node, guards, into)

    def span(self, node: nodes.Statement) -> int:
        """Record where a statement stands."""
        return self.recorder.span(node.line, node.column, node.end_line or node.line)

    def annotation(self, node: Type | None) -> Annotation | None:
        """Read an annotation, from its text; None where there is none."""
        if node is None or node.line < 0:
            return None
        return self.recorder.annotation(self.expressions.cut(node))

    def following_docstring(self, node: nodes.Statement, following: nodes.Statement | None) -> str | None:
        """Find the string after an assignment, or its ``#:`` comment."""
        if following is not None and (found := string_of(following, self.expressions)) is not None:
            return found
        if not self.recorder.lines.has_comments:
            return None
        end_line, end_column = node.end_line or node.line, node.end_column or node.column
        return self.recorder.lines.comment_docstring(node.line, end_line, end_column)

    def check_assertion(self, node: nodes.AssertStmt, body: Sequence[nodes.Statement], position: int) -> None:
        """Refuse a block that mypy cut after an ``assert sys.platform == ...`` which does not hold for it."""
        if position == len(body) - 1 and self.recorder.lines.continues_after(node.end_line or node.line, node.column):
            raise StatementsLost(node.line)

    def may_yield(self, node: nodes.FuncDef) -> bool:
        """Tell whether the word ``yield`` stands anywhere in a function."""
        if not self._has_yields:
            return False
        lines = self.recorder.lines
        end = lines.offset((node.end_line or node.line) + 1, 0)
        return lines.text.find("yield", lines.offset(node.line, 0), end) >= 0

    def function(self, node: nodes.FuncDef | nodes.Decorator, guards: Guards, *, level: int = 0) -> FunctionFacts:
        """Read a ``def``; nested ones (``level`` 1) without what is nested in them."""
        definition = node.func if isinstance(node, nodes.Decorator) else node
        span = self.span(definition)
        decorators = self._decorators(node.decorators) if isinstance(node, nodes.Decorator) else ()
        parameters = self._parameters(definition)
        returns = self._returns(definition)
        type_parameters = self._type_parameters(definition.type_args)
        body = read_body(self, definition, level)
        return FunctionFacts(
            name=definition.name,
            span=span,
            guards=guards,
            is_async=definition.is_coroutine,
            parameters=parameters,
            returns=returns,
            type_parameters=type_parameters,
            decorators=decorators,
            docstring=docstring_of(definition.body.body, self.expressions),
            is_generator=body.is_generator,
            yielded=body.yielded,
            returned=body.returned,
            can_fall_through=body.can_fall_through,
            is_stub_body=body.is_stub_body,
            self_assignments=body.self_assignments,
            deprecation=body.deprecation,
            nested=body.nested,
            answers=(self._answers(definition.body.body) if is_module_hook(definition.name, parameters, level) else ()),
        )

    def _answers(self, body: Sequence[nodes.Statement]) -> tuple[FromImport | Import | Assignment | Return, ...]:
        """Read the statements of a module's ``__getattr__`` that tell what it answers."""
        statements: list[Statement] = []
        self._answered.clear()
        self.read_block(body, (), statements)
        return answers_of(statements, self._answered)

    def class_(self, node: nodes.ClassDef, guards: Guards) -> ClassFacts:
        """Read a ``class``; statements of its body have the guards inside it only."""
        span = self.span(node)
        read, cut = self.expressions.read, self.expressions.cut
        body: list[Statement] = []
        decorators = self._decorators(node.decorators)
        bases = tuple([read(one) for one in node.base_type_exprs])
        keywords = tuple([(name, read(value)) for name, value in node.keywords.items()])
        type_parameters = self._type_parameters(node.type_args)
        self.read_block(node.defs.body, (), body)
        return ClassFacts(
            name=node.name,
            span=span,
            guards=guards,
            bases=bases,
            base_texts=tuple([cut(one) for one in node.base_type_exprs]),
            keywords=keywords,
            type_parameters=type_parameters,
            decorators=decorators,
            docstring=docstring_of(node.defs.body, self.expressions),
            body=tuple(body),
        )

    def _decorators(self, found: Sequence[nodes.Expression]) -> tuple[Decorator, ...]:
        return tuple([Decorator(expr=self.expressions.read(one), text=self.expressions.cut(one)) for one in found])

    def _parameters(self, node: nodes.FuncDef) -> tuple[ParameterFacts, ...]:
        positional_only = self._count_positional_only(node)
        found: list[ParameterFacts] = []
        for position, one in enumerate(node.arguments):
            kind = _PARAMETER_KINDS[one.kind] if position >= positional_only else ParameterKind.POSITIONAL_ONLY
            annotation = self.annotation(one.type_annotation)
            name, default = one.variable.name, one.initializer
            if default is None:
                found.append(ParameterFacts(name=name, kind=kind, annotation=annotation))
            else:
                expr, text = default_of(self.expressions.read(default), self.expressions.cut(default))
                found.append(
                    ParameterFacts(name=name, kind=kind, annotation=annotation, default=expr, default_text=text)
                )
        return tuple(found)

    def _count_positional_only(self, node: nodes.FuncDef) -> int:
        """Count the parameters before a ``/``; mypy also marks names like ``__x``, which the source may not."""
        marked = [position for position, one in enumerate(node.arguments) if one.pos_only]
        if not marked:
            return 0
        unambiguous = [position for position in marked if not node.arguments[position].variable.name.startswith("__")]
        sure = max(unambiguous, default=-1) + 1
        for position in range(len(marked) - 1, sure - 1, -1):
            if position < len(node.arguments) and self._has_slash_after(node, position):
                return position + 1
        return sure

    def _has_slash_after(self, node: nodes.FuncDef, position: int) -> bool:
        lines, one = self.recorder.lines, node.arguments[position]
        last = one.initializer or one
        start = lines.offset(last.end_line or last.line, last.end_column or last.column)
        return lines.text[start : start + 80].lstrip(" \t\n)").removeprefix(",").lstrip().startswith("/")

    def _returns(self, node: nodes.FuncDef) -> Annotation | None:
        match node.unanalyzed_type:
            case CallableType(ret_type=result) if not (isinstance(result, AnyType) and result.line < 0):
                return self.annotation(result)
            case _:
                return None

    def _type_parameters(self, found: Sequence[nodes.TypeParam] | None) -> tuple[TypeParameterFacts, ...]:
        return tuple([self._type_parameter(one) for one in found or ()])

    def _type_parameter(self, node: nodes.TypeParam) -> TypeParameterFacts:
        bound = self.annotation(node.upper_bound)
        if bound is None and node.values:
            lines, first, last = self.recorder.lines, node.values[0], node.values[-1]
            start = lines.offset(first.line, first.column)
            end = lines.offset(last.end_line or last.line, last.end_column or last.column)
            bound = self.recorder.annotation(f"({lines.text[start:end]})")
        default = self.annotation(node.default)
        return TypeParameterFacts(
            name=node.name,
            kind=_TYPE_VARIABLE_KINDS[node.kind],
            bound=bound.expr if bound else None,
            default=default.expr if default else None,
        )

    def _type_alias(self, node: nodes.TypeAliasStmt, guards: Guards) -> TypeAliasFacts:
        return TypeAliasFacts(
            name=node.name.name,
            span=self.span(node),
            value=self.recorder.annotation(self.expressions.cut(node.value)),
            type_parameters=self._type_parameters(node.type_args),
            guards=guards,
        )

    def _import(self, node: nodes.ImportBase, guards: Guards, into: list[Statement]) -> None:
        span = self.span(node)
        match node:
            case nodes.Import(ids=names):
                into += [Import(module=name, alias=alias, span=span, guards=guards) for name, alias in names]
            case nodes.ImportFrom(id=module, relative=level, names=names):
                into += [
                    FromImport(module=module, name=name, level=level, alias=alias, span=span, guards=guards)
                    for name, alias in names
                ]
            case nodes.ImportAll(id=module, relative=level):
                into.append(FromImport(module=module, name="*", level=level, span=span, guards=guards))
            case _:
                pass

    def _assignment(
        self, node: nodes.AssignmentStmt, following: nodes.Statement | None, guards: Guards, into: list[Statement]
    ) -> None:
        annotation = self.annotation(node.unanalyzed_type) if node.new_syntax else None
        span = self.span(node)
        has_value = not isinstance(node.rvalue, nodes.TempNode)
        value = self.expressions.read(node.rvalue) if has_value else None
        text = shorten(self.expressions.cut(node.rvalue)) if has_value else None
        docstring = self.following_docstring(node, following)
        into += [
            Assignment(
                target=self.expressions.read(target),
                span=span,
                guards=guards,
                annotation=annotation,
                value=value,
                value_text=text,
                docstring=docstring,
            )
            for target in node.lvalues
        ]

    def _operator_assignment(self, node: nodes.OperatorAssignmentStmt, guards: Guards, into: list[Statement]) -> None:
        span = self.span(node)
        into.append(
            Assignment(
                target=self.expressions.read(node.lvalue),
                span=span,
                guards=guards,
                value=self.expressions.read(node.rvalue),
                value_text=shorten(self.expressions.cut(node.rvalue)),
                operator=node.op,
            )
        )

    def _delete(self, target: nodes.Expression, guards: Guards, into: list[Statement]) -> None:
        if isinstance(target, nodes.TupleExpr | nodes.ListExpr):
            for one in target.items:
                self._delete(one, guards, into)
        else:
            into.append(Delete(target=self.expressions.read(target), guards=guards))

    def _compound(self, node: nodes.Statement, guards: Guards, into: list[Statement]) -> None:
        match node:
            case nodes.ReturnStmt(expr=returned):
                # Only the body of a hook is read as a block and holds returns.
                answer = None if returned is None else self.expressions.read(returned)
                self._answered.append((len(into), Return(value=answer, guards=guards)))
            case nodes.RaiseStmt():
                self._answered.append((len(into), Return(is_raise=True, guards=guards)))
            case nodes.IfStmt():
                self._if(node, guards, into)
            case nodes.TryStmt():
                self._try(node, guards, into)
            case nodes.ForStmt():
                inside = (*guards, Guard(kind=GuardKind.LOOP, block=self.recorder.block()))
                self._bind(node, node.index, opaque("iteration", self.expressions.cut(node.expr)), inside, into)
                self.read_block(node.body.body, inside, into)
                self._optional(node.else_body, inside, into)
            case nodes.WhileStmt():
                inside = (*guards, Guard(kind=GuardKind.LOOP, block=self.recorder.block()))
                self.read_block(node.body.body, inside, into)
                self._optional(node.else_body, inside, into)
            case nodes.WithStmt():
                inside = (*guards, Guard(kind=GuardKind.WITH, block=self.recorder.block()))
                for target, context in zip(node.target, node.expr, strict=True):
                    if target is not None:
                        self._bind(node, target, opaque("context", self.expressions.cut(context)), inside, into)
                self.read_block(node.body.body, inside, into)
            case nodes.MatchStmt():
                subject, text = self.expressions.read(node.subject), self.expressions.cut(node.subject)
                guard = Guard(kind=GuardKind.MATCH, block=self.recorder.block(), test=subject, text=text)
                for body in node.bodies:
                    self.read_block(body.body, (*guards, guard), into)
            case _:
                pass

    def _optional(self, block: nodes.Block | None, guards: Guards, into: list[Statement]) -> None:
        if block is not None:
            self.read_block(block.body, guards, into)

    def _bind(
        self, node: nodes.Statement, target: nodes.Expression, value: Expr, guards: Guards, into: list[Statement]
    ) -> None:
        """Record a name that a loop or ``with`` binds."""
        read = self.expressions.read(target)
        into.append(Assignment(target=read, span=self.span(node), guards=guards, value=value))

    def _if(self, node: nodes.IfStmt, guards: Guards, into: list[Statement]) -> None:
        block = self.recorder.block()
        while True:
            condition = node.expr[0]
            test, text = self.expressions.read(condition), self.expressions.cut(condition)
            self.read_block(node.body[0].body, (*guards, if_guard(block, test, text)), into)
            if len(guards) < MAX_GUARDS:
                guards = (*guards, if_guard(block, test, text, is_negated=True))
            match node.else_body:
                case nodes.Block(body=[nodes.IfStmt() as inner]) if self._is_elif(inner):
                    node = inner
                case otherwise:
                    self._optional(otherwise, guards, into)
                    return

    def _is_elif(self, node: nodes.IfStmt) -> bool:
        """Tell an ``elif``, which stands where its test does, from an ``if`` inside an ``else``."""
        return (node.line, node.column) == (node.expr[0].line, node.expr[0].column)

    def _try(self, node: nodes.TryStmt, guards: Guards, into: list[Statement]) -> None:
        inside = guards
        block = self.recorder.block() if node.handlers else 0
        if node.handlers:
            inside = (*guards, Guard(kind=GuardKind.TRY, block=block))
        self.read_block(node.body.body, inside, into)
        for caught, handler in zip(node.types, node.handlers, strict=True):
            test = text = None
            if caught is not None:
                test, text = self.expressions.read(caught), self.expressions.cut(caught)
            guard = Guard(kind=GuardKind.EXCEPT, block=block, test=test, text=text)
            self.read_block(handler.body, (*guards, guard), into)
        self._optional(node.else_body, inside, into)
        self._optional(node.finally_body, guards, into)
