"""A module's ``ast`` becomes facts, statement by statement."""

import ast
from collections.abc import Sequence

from pybridge.extract.constants import MAX_GUARDS, MAX_ITEMS, default_of, opaque, shorten
from pybridge.extract.frame import frame_of
from pybridge.extract.recording import Reading, Recorder, answers_of, code_digest, if_guard, is_module_hook
from pybridge.extract.text import SourceLines
from pybridge.extract.with_ast.bodies import docstring_of, read_body, string_of
from pybridge.extract.with_ast.expressions import AstExpressions, operator_of, parse_quietly
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


def read_module(text: str) -> Reading:
    """Read a module's text.

    Raises:
        SyntaxError: it is not Python for the running interpreter.
        ValueError, RecursionError, MemoryError: the parser's own limits.
    """
    tree = parse_quietly(text, "exec")
    if not isinstance(tree, ast.Module):
        raise SyntaxError("not a module")  # noqa: TRY004 - the callers' word for "not Python"
    recorder = Recorder(SourceLines(text))
    body: list[Statement] = []
    reader = AstReader(recorder)
    reader.read_block(tree.body, (), body)
    docstring = docstring_of(tree.body, reader.expressions)
    return Reading(
        docstring=docstring,
        body=tuple(body),
        spans=tuple(recorder.spans),
        code_digest=code_digest(recorder.lines.text, reader.expressions.documented),
        frame=frame_of(recorder.lines, body, recorder.spans),
    )


class AstReader:
    """Reads the statements of one file."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.expressions = AstExpressions(recorder.lines)
        self._answered: list[tuple[int, Return]] = []

    def read_block(self, body: Sequence[ast.stmt], guards: Guards, into: list[Statement]) -> None:
        """Append the facts of a block, nested blocks flattened."""
        for position, node in enumerate(body):
            match node:
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    into.append(self.function(node, guards))
                case ast.ClassDef():
                    into.append(self.class_(node, guards))
                case ast.Import(names=names):
                    span = self.span(node)
                    into += [Import(module=one.name, alias=one.asname, span=span, guards=guards) for one in names]
                case ast.ImportFrom():
                    self._from_import(node, guards, into)
                case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                    self._assignment(node, body[position + 1 : position + 2], guards, into)
                case ast.Expr(value=ast.Call() as call):
                    value = self.expressions.read(call)
                    into.append(Expression(value=value, span=self.span(node), guards=guards))
                case ast.Delete(targets=targets):
                    self._delete(targets, guards, into)
                case _ if type(node).__name__ == "TypeAlias":
                    into.append(self._type_alias(node, guards))
                case _:
                    self._compound(node, guards, into)

    def span(self, node: ast.stmt) -> int:
        """Record where a statement stands."""
        column = self.expressions.column(node.lineno, node.col_offset)
        return self.recorder.span(node.lineno, column, node.end_lineno or node.lineno)

    def annotation(self, node: ast.expr | None) -> Annotation | None:
        """Read an annotation; None where there is none."""
        return None if node is None else self.recorder.annotation(self.expressions.cut(node))

    def following_docstring(self, node: ast.stmt, following: Sequence[ast.stmt]) -> str | None:
        """Find the string after an assignment, or its ``#:`` comment."""
        if following and (found := string_of(following[0], self.expressions)) is not None:
            return found
        end_line = node.end_lineno or node.lineno
        end_column = self.expressions.column(end_line, node.end_col_offset or 0)
        return self.recorder.lines.comment_docstring(node.lineno, end_line, end_column)

    def function(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef, guards: Guards, *, level: int = 0
    ) -> FunctionFacts:
        """Read a ``def``; nested ones (``level`` 1) without what is nested in them."""
        span = self.span(node)
        decorators = self._decorators(node.decorator_list)
        parameters = self._parameters(node.args)
        returns = self.annotation(node.returns)
        type_parameters = self._type_parameters(node)
        body = read_body(self, node, level)
        return FunctionFacts(
            name=node.name,
            span=span,
            guards=guards,
            is_async=isinstance(node, ast.AsyncFunctionDef),
            parameters=parameters,
            returns=returns,
            type_parameters=type_parameters,
            decorators=decorators,
            docstring=docstring_of(node.body, self.expressions),
            is_generator=body.is_generator,
            yielded=body.yielded,
            returned=body.returned,
            can_fall_through=body.can_fall_through,
            is_stub_body=body.is_stub_body,
            self_assignments=body.self_assignments,
            deprecation=body.deprecation,
            nested=body.nested,
            answers=self._answers(node.body) if is_module_hook(node.name, parameters, level) else (),
        )

    def _answers(self, body: Sequence[ast.stmt]) -> tuple[FromImport | Import | Assignment | Return, ...]:
        """Read the statements of a module's ``__getattr__`` that tell what it answers."""
        statements: list[Statement] = []
        self._answered.clear()
        self.read_block(body, (), statements)
        return answers_of(statements, self._answered)

    def class_(self, node: ast.ClassDef, guards: Guards) -> ClassFacts:
        """Read a ``class``; statements of its body have the guards inside it only."""
        span = self.span(node)
        read, cut = self.expressions.read, self.expressions.cut
        body: list[Statement] = []
        decorators = self._decorators(node.decorator_list)
        bases = tuple(read(one) for one in node.bases)
        # ``**names`` are left out: mypy's parser does not tell them.
        keywords = tuple((one.arg, read(one.value)) for one in node.keywords if one.arg is not None)
        type_parameters = self._type_parameters(node)
        self.read_block(node.body, (), body)
        return ClassFacts(
            name=node.name,
            span=span,
            guards=guards,
            bases=bases,
            base_texts=tuple(cut(one) for one in node.bases),
            keywords=keywords,
            type_parameters=type_parameters,
            decorators=decorators,
            docstring=docstring_of(node.body, self.expressions),
            body=tuple(body),
        )

    def _decorators(self, nodes: Sequence[ast.expr]) -> tuple[Decorator, ...]:
        return tuple(Decorator(expr=self.expressions.read(one), text=self.expressions.cut(one)) for one in nodes)

    def _parameters(self, arguments: ast.arguments) -> tuple[ParameterFacts, ...]:
        positional = [*arguments.posonlyargs, *arguments.args]
        defaults = [None] * (len(positional) - len(arguments.defaults)) + list(arguments.defaults)
        found: list[ParameterFacts] = []
        for position, (one, default) in enumerate(zip(positional, defaults, strict=True)):
            is_only = position < len(arguments.posonlyargs)
            kind = ParameterKind.POSITIONAL_ONLY if is_only else ParameterKind.POSITIONAL_OR_KEYWORD
            found.append(self._parameter(one, kind, default))
        if arguments.vararg:
            found.append(self._parameter(arguments.vararg, ParameterKind.VAR_POSITIONAL, None))
        for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            found.append(self._parameter(one, ParameterKind.KEYWORD_ONLY, default))
        if arguments.kwarg:
            found.append(self._parameter(arguments.kwarg, ParameterKind.VAR_KEYWORD, None))
        names = {one.name for one in found}
        if len(names) < len(found):
            raise SyntaxError("duplicate parameter in function definition", ("", positional[0].lineno, None, None))
        return tuple(found)

    def _parameter(self, node: ast.arg, kind: ParameterKind, default: ast.expr | None) -> ParameterFacts:
        annotation = self.annotation(node.annotation)
        if default is None:
            return ParameterFacts(name=node.arg, kind=kind, annotation=annotation)
        expr, text = default_of(self.expressions.read(default), self.expressions.cut(default))
        return ParameterFacts(name=node.arg, kind=kind, annotation=annotation, default=expr, default_text=text)

    def _type_parameters(self, node: ast.AST) -> tuple[TypeParameterFacts, ...]:
        return tuple(self._type_parameter(one) for one in getattr(node, "type_params", ()))

    def _type_parameter(self, node: ast.AST) -> TypeParameterFacts:
        kinds = {"ParamSpec": TypeVariableKind.PARAMETERS, "TypeVarTuple": TypeVariableKind.TUPLE}
        bound, default = (
            self.annotation(getattr(node, "bound", None)),
            self.annotation(getattr(node, "default_value", None)),
        )
        return TypeParameterFacts(
            name=str(getattr(node, "name", "")),
            kind=kinds.get(type(node).__name__, TypeVariableKind.TYPE),
            bound=bound.expr if bound else None,
            default=default.expr if default else None,
        )

    def _type_alias(self, node: ast.stmt, guards: Guards) -> TypeAliasFacts:
        name, value = getattr(node, "name", None), getattr(node, "value", None)
        if not isinstance(name, ast.Name) or not isinstance(value, ast.expr):
            raise SyntaxError("type alias without a name", ("", node.lineno, None, None))  # noqa: TRY004 - as above
        return TypeAliasFacts(
            name=name.id,
            span=self.span(node),
            value=self.recorder.annotation(self.expressions.cut(value)),
            type_parameters=self._type_parameters(node),
            guards=guards,
        )

    def _from_import(self, node: ast.ImportFrom, guards: Guards, into: list[Statement]) -> None:
        span = self.span(node)
        module, level = node.module or "", node.level
        into += [
            FromImport(module=module, name=one.name, level=level, alias=one.asname, span=span, guards=guards)
            for one in node.names
        ]

    def _assignment(
        self,
        node: ast.Assign | ast.AnnAssign | ast.AugAssign,
        following: Sequence[ast.stmt],
        guards: Guards,
        into: list[Statement],
    ) -> None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        annotation = self.annotation(node.annotation) if isinstance(node, ast.AnnAssign) else None
        operator = operator_of(node.op) if isinstance(node, ast.AugAssign) else None
        span = self.span(node)
        value = None if node.value is None else self.expressions.read(node.value)
        text = None if node.value is None else shorten(self.expressions.cut(node.value))
        docstring = self.following_docstring(node, following)
        into += [
            Assignment(
                target=self.expressions.read(target),
                span=span,
                guards=guards,
                annotation=annotation,
                value=value,
                value_text=text,
                operator=operator,
                docstring=docstring,
            )
            for target in targets
        ]

    def _delete(self, targets: Sequence[ast.expr], guards: Guards, into: list[Statement]) -> None:
        for target in targets[:MAX_ITEMS]:
            if isinstance(target, ast.Tuple | ast.List):
                self._delete(target.elts, guards, into)
            else:
                into.append(Delete(target=self.expressions.read(target), guards=guards))

    def _compound(self, node: ast.stmt, guards: Guards, into: list[Statement]) -> None:
        match node:
            case ast.Return(value=returned):
                # Only the body of a hook is read as a block and holds returns.
                answer = None if returned is None else self.expressions.read(returned)
                self._answered.append((len(into), Return(value=answer, guards=guards)))
            case ast.Raise():
                self._answered.append((len(into), Return(is_raise=True, guards=guards)))
            case ast.If():
                self._if(node, guards, into)
            case ast.Try():
                self._try(node, guards, into)
            case ast.For(target=target, iter=iterable) | ast.AsyncFor(target=target, iter=iterable):
                inside = (*guards, Guard(kind=GuardKind.LOOP, block=self.recorder.block()))
                self._bind(node, target, opaque("iteration", self.expressions.cut(iterable)), inside, into)
                self.read_block(node.body, inside, into)
                self.read_block(node.orelse, inside, into)
            case ast.While():
                inside = (*guards, Guard(kind=GuardKind.LOOP, block=self.recorder.block()))
                self.read_block(node.body, inside, into)
                self.read_block(node.orelse, inside, into)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                inside = (*guards, Guard(kind=GuardKind.WITH, block=self.recorder.block()))
                for one in items:
                    if one.optional_vars is not None:
                        value = opaque("context", self.expressions.cut(one.context_expr))
                        self._bind(node, one.optional_vars, value, inside, into)
                self.read_block(node.body, inside, into)
            case ast.Match():
                self._match(node, guards, into)
            case _ if type(node).__name__ == "TryStar":
                self._try(node, guards, into)
            case _:
                pass

    def _bind(self, node: ast.stmt, target: ast.expr, value: Expr, guards: Guards, into: list[Statement]) -> None:
        """Record a name that a loop or ``with`` binds."""
        read = self.expressions.read(target)
        into.append(Assignment(target=read, span=self.span(node), guards=guards, value=value))

    def _if(self, node: ast.If, guards: Guards, into: list[Statement]) -> None:
        block = self.recorder.block()
        while True:
            test, text = self.expressions.read(node.test), self.expressions.cut(node.test)
            self.read_block(node.body, (*guards, if_guard(block, test, text)), into)
            if len(guards) < MAX_GUARDS:
                guards = (*guards, if_guard(block, test, text, is_negated=True))
            match node.orelse:
                # An ``elif`` stands at the column of its ``if``; an ``if`` inside ``else`` is further in.
                case [ast.If() as inner] if inner.col_offset == node.col_offset:
                    node = inner
                case otherwise:
                    self.read_block(otherwise, guards, into)
                    return

    def _try(self, node: ast.stmt, guards: Guards, into: list[Statement]) -> None:
        body, handlers = getattr(node, "body", []), getattr(node, "handlers", [])
        inside = guards
        block = self.recorder.block() if handlers else 0
        if handlers:
            inside = (*guards, Guard(kind=GuardKind.TRY, block=block))
        self.read_block(body, inside, into)
        for handler in handlers:
            test = text = None
            if handler.type is not None:
                test, text = self.expressions.read(handler.type), self.expressions.cut(handler.type)
            self.read_block(
                handler.body, (*guards, Guard(kind=GuardKind.EXCEPT, block=block, test=test, text=text)), into
            )
        self.read_block(getattr(node, "orelse", []), inside, into)
        self.read_block(getattr(node, "finalbody", []), guards, into)

    def _match(self, node: ast.Match, guards: Guards, into: list[Statement]) -> None:
        subject, text = self.expressions.read(node.subject), self.expressions.cut(node.subject)
        guard = Guard(kind=GuardKind.MATCH, block=self.recorder.block(), test=subject, text=text)
        for case in node.cases:
            self.read_block(case.body, (*guards, guard), into)
