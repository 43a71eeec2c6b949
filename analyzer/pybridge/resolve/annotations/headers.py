"""Headers of functions that stand in documentation: ``split(text, sep=None, *, limit: int = -1) -> list``."""

import ast
import re
import warnings
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

import msgspec

from pybridge.model.facts import Annotation, ParameterFacts
from pybridge.model.names import SourceText
from pybridge.model.types import ParameterKind
from pybridge.resolve.annotations.text import MAX_DEPTH, MAX_TEXT, bracket_depth, parse_expression

_MAX_PARAMETERS: Final = 250
_RECEIVER: Final = re.compile(r"\(\s*\$(?:self|module|type)\s*(?:,\s*/\s*)?(?:,\s*|(?=\)))")
"""How CPython's own ``__text_signature__`` marks what a caller does not pass."""


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a header says."""

    parameters: tuple[ParameterFacts, ...]
    """In order, ``self`` included where it is written."""
    returns: Annotation | None
    """None: it does not say."""
    hides_receiver: bool
    """True where the receiver is marked and left out."""


def read_header(text: str, name: str) -> Header | None:
    """Read the header of a function of this name; None where the text is none, is too long, or nests too deep."""
    if not text.startswith(f"{name}(") or len(text) > MAX_TEXT or bracket_depth(text) > MAX_DEPTH:
        return None
    rest, marked = _RECEIVER.subn("(", text.removeprefix(name), count=1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(f"def f{rest.rstrip().removesuffix(':')}: ...")
    except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
        return None
    match tree.body:
        case [ast.FunctionDef(args=arguments, returns=returns)]:
            parameters = tuple(_parameters(arguments))
        case _:
            return None
    if len(parameters) > _MAX_PARAMETERS:
        return None
    return Header(parameters=parameters, returns=_annotation(returns), hides_receiver=bool(marked))


def _parameters(arguments: ast.arguments) -> Iterator[ParameterFacts]:
    plain = [
        *((one, ParameterKind.POSITIONAL_ONLY) for one in arguments.posonlyargs),
        *((one, ParameterKind.POSITIONAL_OR_KEYWORD) for one in arguments.args),
    ]
    # Defaults belong to the last ones.
    paired = list(zip_longest(reversed(plain), reversed(arguments.defaults)))
    for (one, kind), default in reversed(paired):
        yield _parameter(one, kind, default)
    if arguments.vararg is not None:
        yield _parameter(arguments.vararg, ParameterKind.VAR_POSITIONAL, None)
    for one, given in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _parameter(one, ParameterKind.KEYWORD_ONLY, given)
    if arguments.kwarg is not None:
        yield _parameter(arguments.kwarg, ParameterKind.VAR_KEYWORD, None)


def _parameter(argument: ast.arg, kind: ParameterKind, default: ast.expr | None) -> ParameterFacts:
    text = None if default is None else SourceText(ast.unparse(default))
    return ParameterFacts(
        name=argument.arg,
        kind=kind,
        annotation=_annotation(argument.annotation),
        default=None if text is None else parse_expression(text),
        default_text=text,
    )


def _annotation(node: ast.expr | None) -> Annotation | None:
    text = None if node is None else SourceText(ast.unparse(node))
    expr = None if text is None else parse_expression(text)
    return None if text is None or expr is None else Annotation(expr=expr, text=text)
