"""mypy's expression nodes become `Expr`."""

import ast
from collections.abc import Callable

from mypy import nodes

from pybridge.extract.constants import (
    FALSE,
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_NODES,
    MAX_OPAQUE_TEXT,
    NONE,
    TRUE,
    constant,
    opaque,
    string,
)
from pybridge.extract.text import SourceLines
from pybridge.extract.with_ast.expressions import parse_quietly
from pybridge.model.expressions import (
    Argument,
    Attribute,
    Binary,
    Boolean,
    Call,
    Comparison,
    Comprehension,
    ComprehensionKind,
    Conditional,
    Dict,
    EllipsisExpr,
    Expr,
    Lambda,
    Name,
    Sequence,
    SequenceKind,
    Starred,
    Subscript,
    Unary,
)
from pybridge.model.names import SourceText

_ELLIPSIS = EllipsisExpr()
_BOOLEAN = frozenset({"and", "or"})
_SEQUENCES: dict[type, SequenceKind] = {
    nodes.ListExpr: SequenceKind.LIST,
    nodes.TupleExpr: SequenceKind.TUPLE,
    nodes.SetExpr: SequenceKind.SET,
}
_OPAQUE: dict[type, str] = {
    nodes.SliceExpr: "slice",
    nodes.DictionaryComprehension: "dict_comprehension",
    nodes.AssignmentExpr: "walrus",
    nodes.YieldExpr: "yield",
    nodes.YieldFromExpr: "yield_from",
    nodes.ComplexExpr: "complex",
    nodes.TemplateStrExpr: "tstring",
}


def cut(node: nodes.Context, lines: SourceLines) -> SourceText:
    """Text of an expression as written, without parentheses around the whole."""
    place = (node.line, node.column, node.end_line or node.line, node.end_column or node.column)
    # mypy derives the place of an operation from its operands and so loses their parentheses.
    return lines.cut_closed(*place) if type(node) is nodes.OpExpr else lines.cut(*place)


class NativeExpressions:
    """Reads the expressions of one file."""

    def __init__(self, lines: SourceLines, neutral: str) -> None:
        self._lines = lines
        self.documented: list[tuple[int, int]] = []
        """Positions of documentation in the text, from and to."""
        self._neutral = SourceLines(neutral) if neutral != lines.text else None
        self._budget = MAX_NODES
        self._names: dict[str, Expr] = {"None": NONE, "True": TRUE, "False": FALSE}
        self._numbers: dict[tuple[type, float], Expr] = {}
        self._readers: dict[type, Callable[..., Expr]] = {
            nodes.NameExpr: self._name,
            nodes.MemberExpr: self._member,
            nodes.SuperExpr: self._super,
            nodes.CallExpr: self._call,
            nodes.StrExpr: self._str,
            nodes.BytesExpr: self._bytes,
            nodes.IntExpr: self._number,
            nodes.FloatExpr: self._number,
            nodes.ListExpr: self._sequence,
            nodes.TupleExpr: self._sequence,
            nodes.SetExpr: self._sequence,
            nodes.DictExpr: self._dict,
            nodes.IndexExpr: self._index,
            nodes.StarExpr: self._star,
            nodes.OpExpr: self._op,
            nodes.UnaryExpr: self._unary,
            nodes.AwaitExpr: self._await,
            nodes.ComparisonExpr: self._comparison,
            nodes.ConditionalExpr: self._conditional,
            nodes.LambdaExpr: self._lambda,
            nodes.ListComprehension: self._collected,
            nodes.SetComprehension: self._collected,
            nodes.GeneratorExpr: self._generator,
            nodes.EllipsisExpr: self._ellipsis,
        }

    def document(self, node: nodes.Context) -> None:
        """Note the place of a string that is documentation."""
        end_line, end_column = node.end_line or node.line, node.end_column or node.column
        self.documented.append((self._lines.offset(node.line, node.column), self._lines.offset(end_line, end_column)))

    def cut(self, node: nodes.Context) -> SourceText:
        """Text of an expression as written, without parentheses around the whole."""
        return cut(node, self._lines)

    def read(self, node: nodes.Expression, depth: int = MAX_DEPTH) -> Expr:
        """Read an expression; what is nested deeper than ``depth``, or too large, is `Opaque`."""
        self._budget = MAX_NODES
        return self._read(node, depth)

    def literal(self, node: nodes.Context) -> object:
        """Value of a literal, from its text; None when it is not one."""
        try:
            tree = parse_quietly(f"({self.cut(node)}\n)", "eval")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        match tree:
            case ast.Expression(body=ast.Constant(value=value)):
                return value
            case ast.Expression(body=ast.JoinedStr(values=parts)):
                values = [one.value for one in parts if isinstance(one, ast.Constant)]
                return "".join(map(str, values)) if len(values) == len(parts) else None
            case _:
                return None

    def _read(self, node: nodes.Expression, depth: int) -> Expr:
        if depth <= 0 or self._budget <= 0:
            return opaque("deep" if depth <= 0 else "large", self.cut(node))
        self._budget -= 1
        reader = self._readers.get(type(node))
        if reader is None:
            return opaque(_OPAQUE.get(type(node), "expression"), self.cut(node))
        return reader(node, depth - 1)

    def _name(self, node: nodes.NameExpr, _: int) -> Expr:
        name = node.name
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = Name(name)
        return found

    def _member(self, node: nodes.MemberExpr, depth: int) -> Expr:
        return Attribute(self._read(node.expr, depth), node.name)

    def _super(self, node: nodes.SuperExpr, depth: int) -> Expr:
        return Attribute(self._read(node.call, depth), node.name)

    def _call(self, node: nodes.CallExpr, depth: int) -> Expr:
        if is_fstring(node):
            return opaque("fstring", self.cut(node))
        if len(node.args) > MAX_ITEMS:
            return opaque("call", self.cut(node))
        function = self._read(node.callee, depth)
        return Call(
            function, tuple(map(self._argument, node.args, node.arg_kinds, node.arg_names, [depth] * len(node.args)))
        )

    def _argument(self, node: nodes.Expression, kind: nodes.ArgKind, name: str | None, depth: int) -> Argument:
        value = self._read(node, depth)
        if kind is nodes.ARG_POS:
            return Argument(value)
        if kind is nodes.ARG_STAR:
            return Argument(value if isinstance(value, Starred) else Starred(value))
        return Argument(value, "**" if kind is nodes.ARG_STAR2 else name)

    def text_of(self, node: nodes.StrExpr) -> str | None:
        """Value of a string, from its text where mypy parsed another one; None when it cannot be read."""
        if node.has_surrogates or (self._neutral and self.cut(node) != cut(node, self._neutral)):
            value = self.literal(node)
            return value if isinstance(value, str) else None
        return node.value

    def _str(self, node: nodes.StrExpr, _: int) -> Expr:
        value = self.text_of(node)
        if value is None:
            return opaque("str", self.cut(node))
        return string(value, value if len(value) <= MAX_OPAQUE_TEXT else self.cut(node))

    def _bytes(self, node: nodes.BytesExpr, _: int) -> Expr:
        value = self.literal(node)
        return constant(value, self.cut(node)) if isinstance(value, bytes) else opaque("bytes", self.cut(node))

    def _number(self, node: nodes.IntExpr | nodes.FloatExpr, _: int) -> Expr:
        found = self._numbers.get((type(node), node.value))
        if found is None:
            text = self.cut(node) if type(node.value) is int and node.value > 1 << 64 else ""
            found = self._numbers[(type(node), node.value)] = constant(node.value, text)
        return found

    def _ellipsis(self, _: nodes.EllipsisExpr, __: int) -> Expr:
        return _ELLIPSIS

    def _sequence(self, node: nodes.ListExpr | nodes.TupleExpr | nodes.SetExpr, depth: int) -> Expr:
        kind = _SEQUENCES[type(node)]
        if len(node.items) > MAX_ITEMS:
            return opaque(kind.value, self.cut(node))
        return Sequence(kind, tuple([self._read(one, depth) for one in node.items]))

    def _dict(self, node: nodes.DictExpr, depth: int) -> Expr:
        if len(node.items) > MAX_ITEMS:
            return opaque("dict", self.cut(node))
        read = self._read
        return Dict(tuple([(None if key is None else read(key, depth), read(one, depth)) for key, one in node.items]))

    def _index(self, node: nodes.IndexExpr, depth: int) -> Expr:
        return Subscript(self._read(node.base, depth), self._read(node.index, depth))

    def _star(self, node: nodes.StarExpr, depth: int) -> Expr:
        return Starred(self._read(node.expr, depth))

    def _op(self, node: nodes.OpExpr, depth: int) -> Expr:
        if node.op not in _BOOLEAN:
            return Binary(node.op, self._read(node.left, depth), self._read(node.right, depth))
        # mypy nests ``a and b and c`` to the right.
        operands, last = [node.left], node.right
        while type(last) is nodes.OpExpr and last.op == node.op:
            operands.append(last.left)
            last = last.right
        return Boolean(node.op, tuple([self._read(one, depth) for one in (*operands, last)]))

    def _unary(self, node: nodes.UnaryExpr, depth: int) -> Expr:
        return Unary(node.op, self._read(node.expr, depth))

    def _await(self, node: nodes.AwaitExpr, depth: int) -> Expr:
        return Unary("await", self._read(node.expr, depth))

    def _comparison(self, node: nodes.ComparisonExpr, depth: int) -> Expr:
        return Comparison(tuple(node.operators), tuple([self._read(one, depth) for one in node.operands]))

    def _conditional(self, node: nodes.ConditionalExpr, depth: int) -> Expr:
        read = self._read
        return Conditional(read(node.cond, depth), read(node.if_expr, depth), read(node.else_expr, depth))

    def _lambda(self, node: nodes.LambdaExpr, depth: int) -> Expr:
        names = tuple(one.variable.name for one in node.arguments)
        match node.body.body:
            case [nodes.ReturnStmt(expr=value)] if value is not None:
                return Lambda(names, self._read(value, depth))
            case _:
                return opaque("lambda", self.cut(node))

    def _collected(self, node: nodes.ListComprehension | nodes.SetComprehension, depth: int) -> Expr:
        generator = node.generator
        if len(generator.indices) != 1 or generator.is_async[0]:
            return opaque("comprehension", self.cut(node))
        is_list = isinstance(node, nodes.ListComprehension)
        return self._comprehension(generator, depth, ComprehensionKind.LIST if is_list else ComprehensionKind.SET)

    def _generator(self, node: nodes.GeneratorExpr, depth: int) -> Expr:
        if len(node.indices) != 1 or node.is_async[0]:
            return opaque("comprehension", self._cut_generator(node))
        return self._comprehension(node, depth, ComprehensionKind.GENERATOR)

    def _comprehension(self, node: nodes.GeneratorExpr, depth: int, kind: ComprehensionKind) -> Expr:
        read = self._read
        conditions = tuple(read(one, depth) for one in node.condlists[0])
        return Comprehension(
            read(node.left_expr, depth), read(node.indices[0], depth), read(node.sequences[0], depth), conditions, kind
        )

    def _cut_generator(self, node: nodes.GeneratorExpr) -> str:
        """Text of a comprehension; a generator that is a call's only argument gets parentheses of its own."""
        text = self.cut(node)
        is_bare = (node.line, node.column) == (node.left_expr.line, node.left_expr.column)
        return f"({text.strip()})" if is_bare else f"({text[1:-1].strip()})"


def is_fstring(node: nodes.CallExpr) -> bool:
    """Tell the call mypy makes of an f-string from one somebody wrote.

    Its text node (``"".join`` of parts, ``"{:{}}".format`` of one part) has no place of its own.
    """
    match node.callee:
        case nodes.MemberExpr(expr=nodes.StrExpr() as text, name="join" | "format"):
            return text.line < 0 or text.end_line is None
        case _:
            return False
