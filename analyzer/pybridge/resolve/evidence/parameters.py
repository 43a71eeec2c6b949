"""Types of parameters that declare none: what the documentation says, what the default shows, and where the two differ."""

import re
from typing import Final

import msgspec

from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.expressions import Constant, Expr
from pybridge.model.names import SymbolPath
from pybridge.model.types import (
    Alias,
    AnyType,
    Literal,
    LiteralKind,
    Named,
    NoneType,
    SelfType,
    TypeExpr,
    TypeVariable,
    Union,
    Unknown,
)
from pybridge.resolve.algebra import union_of
from pybridge.resolve.annotations import Scope
from pybridge.resolve.evidence.documentation.doc_type import documented_parameter
from pybridge.resolve.evidence.documentation.facts import DocParameter
from pybridge.resolve.evidence.documentation.scanning import without_default
from pybridge.resolve.evidence.values import infer_default

_CONSTANTS: Final = frozenset(f"builtins:{name}" for name in ("bool", "int", "float", "complex", "str", "bytes"))
_PROMOTED: Final = {"builtins:bool": 0, "builtins:int": 1, "builtins:float": 2, "builtins:complex": 3}
"""Every one is accepted where a later one is asked for (PEP 484)."""
_FIRST_WORDS: Final = {
    "builtins:bool": frozenset({"bool", "boolean", "bools"}),
    "builtins:int": frozenset({"int", "integer", "ints"}),
    "builtins:float": frozenset({"float", "floats"}),
    "builtins:str": frozenset({"str", "string", "strings"}),
    "builtins:bytes": frozenset({"bytes"}),
}
_IN_BRACKETS: Final = re.compile(r"\([^()]*\)|\{[^{}]*\}|\[[^\[\]]*\]")
_ALTERNATIVE: Final = re.compile(r"[|/,]|\b(?:or|and|none|any|of)\b", re.IGNORECASE)
_SHARED: Final = frozenset({"builtins:list", "builtins:dict", "builtins:set"})


def unannotated_parameter(described: DocParameter | None, default: Expr | None, scope: Scope) -> TypeClaim | None:
    """Type of a parameter without an annotation; None when nothing tells it, or what tells it cannot be read.

    A documented type is widened by its default: ``size (int)`` with a default of None is ``int | None``. A default
    speaks alone only where the documentation gives no type, or one that begins with the default's own: of ``weight :
    string or function`` with a default of ``"weight"`` nothing is said unless both words are read.
    """
    documented = documented_parameter(described, scope)
    if documented is not None:
        return _widened(documented, default, scope)
    guessed = infer_default(default, scope) if default is not None else None
    if guessed is None or not isinstance(guessed.expr, Named) or guessed.expr.path not in _CONSTANTS | _SHARED:
        # An empty tuple stands for any collection.
        return None
    text = described.type_text if described is not None else None
    return guessed if text is None or _begins_with(text, guessed.expr.path) else None


def _widened(documented: TypeClaim, default: Expr | None, scope: Scope) -> TypeClaim:
    """Let a documented type accept the default, if that is a constant."""
    given = _constant(default, scope)
    if given is None or _accepts(documented.expr, given):
        return documented
    known = documented.evidence
    evidence = Evidence(
        tier=Tier.DOCSTRING, confidence=known.confidence, reason=f"{known.reason}; its default is another"
    )
    if not isinstance(given, NoneType):
        evidence = msgspec.structs.replace(evidence, confidence=Confidence.LOW)
    return TypeClaim(expr=union_of((documented.expr, given)), evidence=evidence)


def _constant(default: Expr | None, scope: Scope) -> TypeExpr | None:
    """Type of a constant default, None included; None for any other default and for none."""
    if default is None:
        return None
    if (guessed := infer_default(default, scope)) is not None:
        return guessed.expr if isinstance(guessed.expr, Named) and guessed.expr.path in _CONSTANTS else None
    is_none = isinstance(default, Constant) and default.value.kind is LiteralKind.NONE
    return NoneType() if is_none else None


def _accepts(expr: TypeExpr, given: TypeExpr) -> bool:
    """Tell whether a type takes a constant; whatever may take anything does."""
    match expr:
        case Union(members=members):
            return any(_accepts(member, given) for member in members)
        case Literal(values=values):
            return any(_accepts(_kind(value.kind), given) for value in values)
        case NoneType():
            return isinstance(given, NoneType)
        case Named(path=path):
            return path == "builtins:object" or (isinstance(given, Named) and _takes(path, given.path))
        case Alias() | AnyType() | Unknown() | TypeVariable() | SelfType():
            return True
        case _:
            return False


def _takes(path: SymbolPath, given: SymbolPath) -> bool:
    if path in _PROMOTED and given in _PROMOTED:
        return _PROMOTED[given] <= _PROMOTED[path]
    # Something abstract, or a class of the library's own, may well take a constant: only builtins are sure.
    return path == given or not path.startswith("builtins:")


def _kind(kind: LiteralKind) -> TypeExpr:
    return NoneType() if kind is LiteralKind.NONE else Named(path=SymbolPath(f"builtins:{kind.value}"))


def _begins_with(text: str, path: SymbolPath) -> bool:
    """Tell whether the words for a type, which as a whole are no type, name the default's and no other one."""
    words, _ = without_default(text)
    bare = _IN_BRACKETS.sub(" ", words).strip()
    first = bare.partition(" ")[0].lower().strip("`*.:;'\"")
    return first in _FIRST_WORDS.get(path, frozenset()) and _ALTERNATIVE.search(bare) is None
