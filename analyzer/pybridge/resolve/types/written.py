"""Child side: names of positional-only parameters and texts of defaults, which mypy's tables do not keep.

They are read off the file that defines a constructor, and only where a class of the library inherits one from another
package: the library's own files are read elsewhere.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from pybridge.model.names import SourceText
from pybridge.model.types import ParameterKind
from pybridge.resolve.types.answers import ParameterAnswer, SignatureAnswer

MAX_BYTES = 4_000_000
"""Size of the largest file that is read for it."""
_MAX_DEFAULT = 200
_VARIADIC = frozenset({ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD})
_NEXT = re.compile(rb"^[^\s#]", re.MULTILINE)
"""A line that no longer belongs to what stands indented above it."""
_ENCODING_BYTES = 200
"""Where a file would say how it is encoded."""
_FAULTS = (OSError, SyntaxError, ValueError, RecursionError, MemoryError)


class _Written(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    kind: ParameterKind
    default: SourceText | None = None


class WrittenParameters:
    """Parameters as the files of other packages write them, each class parsed at most once."""

    def __init__(self, paths: Mapping[str, str]) -> None:
        self._paths = paths
        self._texts: dict[str, bytes] = {}
        self._trees: dict[tuple[str, str], ast.Module | None] = {}

    def completed(
        self, signatures: Sequence[SignatureAnswer], *, module: str, owner: str, method: str
    ) -> tuple[SignatureAnswer, ...]:
        """Fill in what ``owner.method`` of a module writes; signatures that find no ``def`` alike stay as they are."""
        if not any(_lacks(one) for signature in signatures for one in signature.parameters):
            return tuple(signatures)
        written = list(self._definitions(module, owner.split("."), method))
        return tuple(_completed(one, written) for one in signatures)

    def _definitions(self, module: str, owner: Sequence[str], method: str) -> Iterator[tuple[_Written, ...]]:
        tree = self._tree(module, owner[0])
        body: Sequence[ast.stmt] = tree.body if tree is not None else ()
        is_stub = self._paths.get(module, "").endswith(".pyi")
        for name in owner:
            found = next((one for one in _flat(body) if isinstance(one, ast.ClassDef) and one.name == name), None)
            body = found.body if found is not None else ()
        for one in _flat(body):
            if isinstance(one, ast.FunctionDef) and one.name == method:
                yield tuple(_parameters(one.args, is_stub=is_stub))[1:]

    def _tree(self, module: str, name: str) -> ast.Module | None:
        """The part of a file that holds its class of a name, or more."""
        key = (module, name)
        if key not in self._trees:
            if module not in self._texts:
                self._texts[module] = _read(self._paths.get(module))
            self._trees[key] = _parsed(self._texts[module], name)
        return self._trees[key]


def _read(path: str | None) -> bytes:
    if path is None or not path.endswith((".py", ".pyi")):
        return b""
    try:
        data = Path(path).read_bytes()
    except OSError:
        return b""
    return data if len(data) <= MAX_BYTES else b""


def _parsed(text: bytes, name: str) -> ast.Module | None:
    """Parse a class by itself where it is the only one of its name and stands alone, else the whole file.

    One class of ``builtins.pyi`` takes a hundredth of the time of all.
    """
    starts = list(re.finditer(rb"^([ \t]*)class[ \t]+%s\b" % re.escape(name.encode()), text, re.MULTILINE))
    is_plain = b"coding" not in text[:_ENCODING_BYTES]
    if is_plain and len(starts) == 1 and not starts[0][1]:
        start = starts[0].start()
        end = _NEXT.search(text, starts[0].end())
        try:
            return ast.parse(text[start : end.start() if end else len(text)])
        except _FAULTS:
            pass  # what looked like the end of the class was none
    try:
        return ast.parse(text)
    except _FAULTS:
        return None


def _flat(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of a block and of what stands under its conditions."""
    for one in body:
        if isinstance(one, ast.If):
            yield from _flat(one.body)
            yield from _flat(one.orelse)
        else:
            yield one


def _parameters(arguments: ast.arguments, *, is_stub: bool) -> Iterator[_Written]:
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
    defaults += arguments.defaults
    for place, (one, default) in enumerate(zip(positional, defaults, strict=True)):
        is_marked = place < len(arguments.posonlyargs)
        # Before PEP 570 stubs wrote ``__x`` for a positional-only ``x``.
        is_old = is_stub and one.arg.startswith("__") and not one.arg.endswith("__")
        kind = ParameterKind.POSITIONAL_ONLY if is_marked or is_old else ParameterKind.POSITIONAL_OR_KEYWORD
        yield _Written(name=one.arg.removeprefix("__") if is_old else one.arg, kind=kind, default=_text(default))
    if arguments.vararg is not None:
        yield _Written(name=arguments.vararg.arg, kind=ParameterKind.VAR_POSITIONAL)
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield _Written(name=one.arg, kind=ParameterKind.KEYWORD_ONLY, default=_text(default))
    if arguments.kwarg is not None:
        yield _Written(name=arguments.kwarg.arg, kind=ParameterKind.VAR_KEYWORD)


def _text(default: ast.expr | None) -> SourceText | None:
    """The text of a default; None for the ``...`` of a stub, which says nothing."""
    if default is None or (isinstance(default, ast.Constant) and default.value is ...):
        return None
    try:
        text = ast.unparse(default)
    except (ValueError, RecursionError):
        return None
    return SourceText(text) if len(text) <= _MAX_DEFAULT else None


def _completed(signature: SignatureAnswer, written: Sequence[tuple[_Written, ...]]) -> SignatureAnswer:
    for candidate in written:
        if _is_alike(signature.parameters, candidate):
            parameters = tuple(
                msgspec.structs.replace(one, name=one.name or other.name, default=other.default)
                for one, other in zip(signature.parameters, candidate, strict=True)
            )
            return msgspec.structs.replace(signature, parameters=parameters)
    return signature


def _is_alike(answers: Sequence[ParameterAnswer], written: Sequence[_Written]) -> bool:
    return len(answers) == len(written) and all(
        one.kind is other.kind and one.name in {None, other.name} for one, other in zip(answers, written, strict=True)
    )


def _lacks(one: ParameterAnswer) -> bool:
    return one.name is None or (not one.is_required and one.kind not in _VARIADIC)
