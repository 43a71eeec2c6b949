"""``ast`` expressions become `Expr`."""

import ast
import warnings

from pybridge.extract.constants import MAX_DEPTH, MAX_ITEMS, MAX_NODES, constant, opaque, string
from pybridge.extract.text import SourceLines
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

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.MatMult: "@",
    ast.Div: "/",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.BitAnd: "&",
    ast.FloorDiv: "//",
}
_UNARY: dict[type[ast.unaryop], str] = {ast.Invert: "~", ast.Not: "not", ast.UAdd: "+", ast.USub: "-"}
_COMPARISON: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}


def parse_quietly(source: str, mode: str) -> ast.AST:
    """Parse without telling the user of the library's bad escapes.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: as ``ast.parse``.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(source, mode=mode)


def operator_of(operator: ast.operator) -> str:
    """Write an arithmetic or bit operator."""
    return _BINARY[type(operator)]


class AstExpressions:
    """Reads the expressions of one file."""

    def __init__(self, lines: SourceLines) -> None:
        self._lines = lines
        self._budget = MAX_NODES
        self.documented: list[tuple[int, int]] = []
        """Positions of documentation in the text, from and to."""

    def document(self, node: ast.expr) -> None:
        """Note the place of a string that is documentation."""
        end_line, end_bytes = node.end_lineno or node.lineno, node.end_col_offset or 0
        start = self._lines.offset(node.lineno, self.column(node.lineno, node.col_offset))
        self.documented.append((start, self._lines.offset(end_line, self.column(end_line, end_bytes))))

    def cut(self, node: ast.expr) -> SourceText:
        """Text of an expression as written, without parentheses around the whole."""
        end_line, end_bytes = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self._lines.cut(
            node.lineno,
            self.column(node.lineno, node.col_offset),
            end_line,
            self.column(end_line, end_bytes),
        )

    def column(self, line: int, offset_bytes: int) -> int:
        """Characters before a place that ``ast`` gives in bytes of UTF-8."""
        text = self._lines.line(line)
        if text.isascii():
            return offset_bytes
        return len(text.encode("utf-8")[:offset_bytes].decode("utf-8", "ignore"))

    def read(self, node: ast.expr, depth: int = MAX_DEPTH) -> Expr:
        """Read an expression; what is nested deeper than ``depth``, or too large, is `Opaque`."""
        self._budget = MAX_NODES
        return self._read(node, depth)

    def _read(self, node: ast.expr, depth: int) -> Expr:
        if depth <= 0:
            return opaque("deep", self.cut(node))
        if self._budget <= 0:
            return opaque("large", self.cut(node))
        self._budget -= 1
        depth -= 1
        match node:
            case ast.Name(id=name):
                return Name(name)
            case ast.Attribute(value=value, attr=name):
                return Attribute(self._read(value, depth), name)
            case ast.Constant(value=value):
                return EllipsisExpr() if value is ... else constant(value, self.cut(node))
            case ast.Call():
                return self._call(node, depth)
            case ast.List(elts=items, ctx=ast.Store() | ast.Del()):
                # Unpacking into ``[a, b]`` is unpacking into ``a, b``, and mypy's parser does not tell them apart.
                return self._sequence(SequenceKind.TUPLE, node, items, depth)
            case ast.List(elts=items):
                return self._sequence(SequenceKind.LIST, node, items, depth)
            case ast.Tuple(elts=items):
                return self._sequence(SequenceKind.TUPLE, node, items, depth)
            case ast.Set(elts=items):
                return self._sequence(SequenceKind.SET, node, items, depth)
            case ast.Dict():
                return self._dict(node, depth)
            case ast.Subscript(value=value, slice=index):
                return Subscript(self._read(value, depth), self._read(index, depth))
            case ast.Starred(value=value):
                return Starred(self._read(value, depth))
            case _:
                return self._operation(node, depth)

    def _operation(self, node: ast.expr, depth: int) -> Expr:
        match node:
            case ast.BinOp(left=left, op=operator, right=right):
                return Binary(_BINARY[type(operator)], self._read(left, depth), self._read(right, depth))
            case ast.UnaryOp(op=operator, operand=operand):
                return Unary(_UNARY[type(operator)], self._read(operand, depth))
            case ast.BoolOp():
                return self._boolean(node, depth)
            case ast.Compare(left=left, ops=operators, comparators=rest):
                operands = tuple(self._read(one, depth) for one in (left, *rest))
                return Comparison(tuple(_COMPARISON[type(one)] for one in operators), operands)
            case ast.IfExp(test=test, body=body, orelse=otherwise):
                return Conditional(self._read(test, depth), self._read(body, depth), self._read(otherwise, depth))
            case ast.Await(value=value):
                return Unary("await", self._read(value, depth))
            case ast.Lambda(args=parameters, body=body):
                return Lambda(_names(parameters), self._read(body, depth))
            case ast.ListComp(elt=element, generators=[generator]) if not generator.is_async:
                return self._comprehension(element, generator, depth, ComprehensionKind.LIST)
            case ast.SetComp(elt=element, generators=[generator]) if not generator.is_async:
                return self._comprehension(element, generator, depth, ComprehensionKind.SET)
            case ast.GeneratorExp(elt=element, generators=[generator]) if not generator.is_async:
                return self._comprehension(element, generator, depth, ComprehensionKind.GENERATOR)
            case ast.JoinedStr(values=parts) if parts and all(isinstance(one, ast.Constant) for one in parts):
                text = "".join(str(one.value) for one in parts if isinstance(one, ast.Constant))
                return string(text, self.cut(node))
            case ast.GeneratorExp():
                return opaque("comprehension", f"({self.cut(node)[1:-1].strip()})")
            case _:
                return opaque(_OPAQUE.get(type(node).__name__, "expression"), self.cut(node))

    def _sequence(self, kind: SequenceKind, node: ast.expr, items: list[ast.expr], depth: int) -> Expr:
        if len(items) > MAX_ITEMS:
            return opaque(kind.value, self.cut(node))
        return Sequence(kind, tuple(self._read(one, depth) for one in items))

    def _dict(self, node: ast.Dict, depth: int) -> Expr:
        if len(node.values) > MAX_ITEMS:
            return opaque("dict", self.cut(node))
        pairs = zip(node.keys, node.values, strict=True)
        return Dict(
            tuple((None if key is None else self._read(key, depth), self._read(one, depth)) for key, one in pairs)
        )

    def _call(self, node: ast.Call, depth: int) -> Expr:
        if len(node.args) + len(node.keywords) > MAX_ITEMS:
            return opaque("call", self.cut(node))
        function = self._read(node.func, depth)
        arguments = tuple(Argument(self._read(one, depth)) for one in node.args)
        keywords = tuple(Argument(self._read(one.value, depth), one.arg or "**") for one in node.keywords)
        return Call(function, (*arguments, *keywords))

    def _boolean(self, node: ast.BoolOp, depth: int) -> Expr:
        """Flatten ``a and (b and c)``, which other parsers do not tell from ``a and b and c``."""
        operands = list(node.values)
        while isinstance(last := operands[-1], ast.BoolOp) and type(last.op) is type(node.op):
            operands[-1:] = last.values
        operator = "and" if isinstance(node.op, ast.And) else "or"
        return Boolean(operator, tuple(self._read(one, depth) for one in operands))

    def _comprehension(
        self, element: ast.expr, generator: ast.comprehension, depth: int, kind: ComprehensionKind
    ) -> Expr:
        return Comprehension(
            self._read(element, depth),
            self._read(generator.target, depth),
            self._read(generator.iter, depth),
            tuple(self._read(one, depth) for one in generator.ifs),
            kind,
        )


_OPAQUE = {
    "JoinedStr": "fstring",
    "TemplateStr": "tstring",
    "Slice": "slice",
    "DictComp": "dict_comprehension",
    "ListComp": "comprehension",
    "SetComp": "comprehension",
    "NamedExpr": "walrus",
    "Yield": "yield",
    "YieldFrom": "yield_from",
}


def _names(parameters: ast.arguments) -> tuple[str, ...]:
    """Names of a lambda's parameters, in order."""
    found = [one.arg for one in (*parameters.posonlyargs, *parameters.args)]
    found += [parameters.vararg.arg] if parameters.vararg else []
    found += [one.arg for one in parameters.kwonlyargs]
    found += [parameters.kwarg.arg] if parameters.kwarg else []
    return tuple(found)
