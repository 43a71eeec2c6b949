"""Types as documentation writes them, read only when sure: ``list of str``, ``{'a', 'b'}``, ``int or None``."""

import re
from typing import Final

import msgspec

from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.expressions import Attribute, Constant, Expr, Name, Sequence, SequenceKind
from pybridge.model.library import SymbolKind
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import (
    AnyType,
    Callable,
    LiteralKind,
    Named,
    NoneType,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    Unknown,
    UnknownReason,
)
from pybridge.resolve.algebra import literal_of, union_of
from pybridge.resolve.annotations import Scope, parse_expression, parts_of, read_type
from pybridge.resolve.evidence.builtin_results import BOOL, BYTES, FLOAT, INT, STR, named
from pybridge.resolve.evidence.documentation.facts import DocParameter, DocValue
from pybridge.resolve.evidence.documentation.scanning import one_line, split_top_level, without_default
from pybridge.resolve.evidence.found import Found, claim, joined, least

MAX_TEXT: Final = 200
"""Longest type text that is read; a longer one is prose."""
_MAX_DEPTH: Final = 8
_HIGH, _MEDIUM, _LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
_REASON: Final = "read off the documentation"
_ROLE: Final = re.compile(r":(?:py:)?(?:class|obj|data|exc|mod|type|attr|func|meth|const):`[~!]?\.?([^`<>]{1,120})`")
_QUOTED: Final = re.compile(r"``?([^`\"']{1,120})``?(?:_{1,2})?")
_SHORTENED: Final = re.compile(r"(?<![\w.])[~!](?=[^\W\d])")
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_UNTOLD: Final = Unknown(reason=UnknownReason.UNANNOTATED)


def _typing(name: str) -> Named:
    return Named(path=SymbolPath(f"typing:{name}"))


_WORDS: Final[dict[str, tuple[TypeExpr, Confidence]]] = {
    **dict.fromkeys(("bool", "boolean", "bools", "booleans"), (BOOL, _MEDIUM)),
    **dict.fromkeys(("int", "integer", "ints", "integers"), (INT, _MEDIUM)),
    **dict.fromkeys(("float", "floats"), (FLOAT, _MEDIUM)),
    **dict.fromkeys(("str", "string", "strings", "strs", "text"), (STR, _MEDIUM)),
    **dict.fromkeys(("bytes",), (BYTES, _MEDIUM)),
    **dict.fromkeys(("complex",), (named("complex"), _MEDIUM)),
    **dict.fromkeys(("list", "lists"), (named("list"), _MEDIUM)),
    **dict.fromkeys(("dict", "dictionary", "dicts", "dictionaries"), (named("dict"), _MEDIUM)),
    **dict.fromkeys(("set", "sets"), (named("set"), _MEDIUM)),
    **dict.fromkeys(("frozenset",), (named("frozenset"), _MEDIUM)),
    **dict.fromkeys(("tuple", "tuples"), (named("tuple"), _MEDIUM)),
    **dict.fromkeys(("bytearray",), (named("bytearray"), _MEDIUM)),
    **dict.fromkeys(("none", "nothing"), (NoneType(), _MEDIUM)),
    **dict.fromkeys(
        ("callable", "function", "callback", "callables", "functions"),
        (Callable(parameters=None, returns=_UNTOLD), _MEDIUM),
    ),
    **dict.fromkeys(("iterable", "iterables"), (_typing("Iterable"), _MEDIUM)),
    **dict.fromkeys(("iterator", "iterators"), (_typing("Iterator"), _MEDIUM)),
    **dict.fromkeys(("generator",), (_typing("Iterator"), _LOW)),
    **dict.fromkeys(("sequence", "sequences"), (_typing("Sequence"), _MEDIUM)),
    **dict.fromkeys(("mapping", "mappings"), (_typing("Mapping"), _MEDIUM)),
    **dict.fromkeys(("any", "anything"), (AnyType(), _LOW)),
    **dict.fromkeys(("number", "numeric", "scalar"), (union_of((INT, FLOAT)), _LOW)),
    **dict.fromkeys(("path-like", "pathlike"), (union_of((STR, Named(path=SymbolPath("os:PathLike")))), _LOW)),
    **dict.fromkeys(("type", "class"), (named("type"), _LOW)),
}
"""Words, in lower case, and how sure they are."""

_CAPITALISED: Final = frozenset(
    {
        *("None", "Callable", "Any", "List", "Dict", "String", "Boolean", "Bool", "Int", "Iterable", "Iterator"),
        *("Sequence", "Mapping"),
    }
)

_CONTAINERS: Final[dict[str, SymbolPath]] = {
    **dict.fromkeys(("list", "lists"), SymbolPath("builtins:list")),
    **dict.fromkeys(("set", "sets"), SymbolPath("builtins:set")),
    "frozenset": SymbolPath("builtins:frozenset"),
    **dict.fromkeys(("iterable", "iterables"), SymbolPath("typing:Iterable")),
    **dict.fromkeys(("iterator", "iterators", "generator"), SymbolPath("typing:Iterator")),
    **dict.fromkeys(("sequence", "sequences"), SymbolPath("typing:Sequence")),
}
_BOTH: Final = {(LiteralKind.BOOL, "false"), (LiteralKind.BOOL, "true")}
_DICTS: Final = frozenset({"dict", "dictionary", "dicts", "mapping"})
_TUPLES: Final = frozenset({"tuple", "tuples"})


def read_doc_type(text: str, scope: Scope) -> TypeClaim | None:
    """Read the type that documentation gives, None when not sure what it means.

    Medium confidence for plain names and expressions, low for phrases. Names must resolve where the function stands.
    """
    if len(text) > MAX_TEXT:
        return None
    cleaned, _ = without_default(_without_markup(text))
    return claim(_read(cleaned.rstrip("."), scope, _MAX_DEPTH), Tier.DOCSTRING, _REASON)


def documented_parameter(parameter: DocParameter | None, scope: Scope) -> TypeClaim | None:
    """Type of a parameter or attribute by its documentation; None where it tells none."""
    if parameter is None or parameter.type_text is None:
        return None
    return _with_text(read_doc_type(parameter.type_text, scope), parameter.type_text)


def documented_value(value: DocValue | None, scope: Scope) -> TypeClaim | None:
    """Type of what is returned or yielded by its documentation; None where it tells none."""
    if value is None or value.type_text is None:
        return None
    return _with_text(read_doc_type(value.type_text, scope), value.type_text)


def _with_text(read: TypeClaim | None, text: str) -> TypeClaim | None:
    """Keep the words in the reason, so that a person can judge them."""
    if read is None:
        return None
    evidence = Evidence(tier=read.evidence.tier, confidence=read.evidence.confidence, reason=f"documented as {text!r}")
    return msgspec.structs.replace(read, evidence=evidence)


def _without_markup(text: str) -> str:
    """Roles and back quotes taken off: ``:class:`~a.Foo``` is ``a.Foo``."""
    return one_line(_SHORTENED.sub("", _QUOTED.sub(r"\1", _ROLE.sub(r"\1", text))))


def _read(text: str, scope: Scope, depth: int) -> Found | None:
    if not text or depth <= 0:
        return None
    return (
        _word(text, scope)
        or _alternatives(text, scope, depth)
        or _phrase(text, scope, depth)
        or _bracketed(text, scope, depth)
        or _expression(text, scope)
    )


def _word(text: str, scope: Scope) -> Found | None:
    """A single word, or a dotted name that resolves to a class."""
    if text == "self" and scope.current_class is not None:
        return Found(SelfType(), _MEDIUM)
    if text.islower() and text in _WORDS:
        return Found(*_WORDS[text])
    found = _symbol(text, scope) if _DOTTED.fullmatch(text) else None
    if found is None and text in _CAPITALISED:
        # A library may have a class of that name (sympy's Integer): only what does not resolve is the word.
        found = Found(_WORDS[text.lower()][0], _MEDIUM if text == "None" else _LOW)
    return found


def _symbol(text: str, scope: Scope) -> Found | None:
    first, *rest = text.split(".")
    expr: Name | Attribute = Name(first)
    for part in rest:
        expr = Attribute(expr, part)
    target = scope.lookup(expr)
    if target is None:
        return None
    if target.kind is SymbolKind.EXTERNAL and split_symbol(target.path)[0] == "builtins" and text[:1].islower():
        # A word of prose that happens to be a builtin: filter, input, object.
        return None
    read = read_type(expr, scope)
    if not _is_told(read):
        return None
    return Found(read, _MEDIUM if text.rpartition(".")[2][:1].isupper() or rest else _LOW)


def _alternatives(text: str, scope: Scope, depth: int) -> Found | None:
    """``int or None``, ``int, str, or None``, ``int | str``."""
    if " or " in text:
        parts = [part for piece in split_top_level(text, " or ") for part in split_top_level(piece, ",") if part]
    elif "|" in text:
        parts = list(split_top_level(text, "|"))
    else:
        return None
    if len(parts) < 2:
        return None
    return joined((_read(part, scope, depth - 1) for part in parts), limit=6)


def _phrase(text: str, scope: Scope, depth: int) -> Found | None:
    """``list of str``, ``dict of str to int``, ``tuple of (int, str)``."""
    container, of, inside = text.partition(" of ")
    if not of:
        return None
    word, inside = container.lower(), inside.strip()
    if word in _DICTS:
        return _dict_of(inside, scope, depth)
    if word in _TUPLES and inside.startswith("("):
        return _low(_bracketed(inside, scope, depth - 1))
    item = _read(inside, scope, depth - 1) or _read(_singular(inside), scope, depth - 1)
    if word in _TUPLES:
        return Found(named("tuple") if item is None else Tuple(items=(item.expr,), is_variadic=True), _LOW)
    path = _CONTAINERS.get(word)
    if path is None:
        return None
    return Found(Named(path=path, arguments=() if item is None else (item.expr,)), _LOW)


def _singular(text: str) -> str:
    return text.removesuffix("s")


def _dict_of(inside: str, scope: Scope, depth: int) -> Found:
    """``{str: int}``, ``str to int`` or ``str: int``; a bare dict when it is neither."""
    pair = inside[1:-1] if inside.startswith("{") and inside.endswith("}") else inside
    for separator in (":", " to ", ","):
        parts = split_top_level(pair, separator)
        if len(parts) == 2:
            key, value = (_read(part, scope, depth - 1) for part in parts)
            if key is not None and value is not None:
                return Found(named("dict", key.expr, value.expr), _LOW)
    return Found(named("dict"), _LOW)


def _bracketed(text: str, scope: Scope, depth: int) -> Found | None:
    """``(int, str)``, ``{'a', 'b'}``, ``dict(str, int)``, ``list<str>``."""
    if text.startswith("(") and text.endswith(")"):
        parts = [part for part in split_top_level(text[1:-1], ",") if part]
        items = [_read(part, scope, depth - 1) for part in parts]
        known = [item for item in items if item is not None]
        if not items or len(known) != len(items):
            return None
        if len(known) == 1 and not text.endswith(",)"):
            return known[0]
        return Found(Tuple(items=tuple(item.expr for item in known)), _LOW)
    if text.startswith("{") and text.endswith("}"):
        return _choices(text)
    for opening, closing in (("(", ")"), ("<", ">")):
        name, bracket, _ = text.partition(opening)
        if bracket and text.endswith(closing) and name.lower() in _CONTAINERS.keys() | _DICTS | _TUPLES:
            return _generic(name.lower(), text[len(name) + 1 : -1], scope, depth)
    return None


def _generic(word: str, inside: str, scope: Scope, depth: int) -> Found | None:
    items = [_read(part, scope, depth - 1) for part in split_top_level(inside, ",") if part != "..."]
    known = [item.expr for item in items if item is not None]
    if not known or len(known) != len(items):
        return None
    if word in _TUPLES:
        return Found(Tuple(items=tuple(known), is_variadic=inside.rstrip().endswith("...") and len(known) == 1), _LOW)
    if word in _DICTS:
        return Found(named("dict", *known), _LOW) if len(known) == 2 else None
    return Found(Named(path=_CONTAINERS[word], arguments=tuple(known)), _LOW) if len(known) == 1 else None


def _choices(text: str) -> Found | None:
    """``{'a', 'b', None}``: constants only."""
    read = parse_expression(text)
    if not isinstance(read, Sequence) or read.kind is not SequenceKind.SET:
        return None
    values = [item.value for item in read.items if isinstance(item, Constant)]
    if not values or len(values) != len(read.items):
        return None
    if {(value.kind, value.text) for value in values} == _BOTH:
        return Found(BOOL, _MEDIUM)
    return Found(literal_of(values), _MEDIUM)


def _expression(text: str, scope: Scope) -> Found | None:
    """A type expression of Python: ``List[str]``, ``dict[str, np.ndarray]``."""
    if "[" not in text:
        return None
    read: Expr | None = parse_expression(text)
    expr = None if read is None else read_type(read, scope)
    return Found(expr, _MEDIUM) if expr is not None and _is_told(expr) else None


def _is_told(expr: TypeExpr) -> bool:
    """Tell whether nothing in a type is unknown, or a type variable of somebody else."""
    return not any(isinstance(part, Unknown | TypeVariable) for part in parts_of(expr))


def _low(found: Found | None) -> Found | None:
    return None if found is None else Found(found.expr, least((found.confidence, _LOW)))
