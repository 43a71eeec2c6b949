"""The way from a file's bytes to its `ModuleFacts`: decode, parse natively, fall back to ``ast``."""

from enum import Enum

from pybridge.codec import digest_bytes
from pybridge.extract.decoding import decode, syntax_error
from pybridge.extract.powers import huge_constant_line
from pybridge.extract.recording import Reading
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.facts import HUGE_CONSTANT, ModuleFacts
from pybridge.model.source import FileKind, SourceFile


class Parser(Enum):
    """Which parser reads a file."""

    NATIVE = "native"
    """mypy's, with ``ast`` where it fails for reasons of its own."""
    AST = "ast"
    """Python's own only: slower, and it knows the syntax of the running interpreter only."""


def extract_file(
    file: SourceFile, data: bytes, *, python_version: tuple[int, int], parser: Parser = Parser.NATIVE
) -> ModuleFacts:
    """Read one file.

    A file that is no Python gives facts with one `Diagnostic`, ``is_broken`` and an empty body. Nothing is raised for
    bad input, but hostile input may overflow the native parser's stack and kill the process: `extract_all` reads in
    child processes, so that this costs one file.
    """
    text = decode(data, file.path)
    if isinstance(text, Diagnostic):
        return broken_facts(file, data, text)
    if file.kind is FileKind.CYTHON:
        from pybridge.extract.cython import stub_of_cython  # noqa: PLC0415 - few libraries ship one

        text = stub_of_cython(text)
    reading = _read(text, file.path, python_version, parser)
    if isinstance(reading, Diagnostic):
        return broken_facts(file, data, reading)
    return ModuleFacts(
        module=file.module,
        path=file.path,
        is_package=file.is_package,
        is_stub=file.kind is not FileKind.SOURCE,
        content_digest=digest_bytes(data),
        code_digest=reading.code_digest,
        frame_digest=reading.frame.digest,
        heads=reading.frame.heads,
        docstring=reading.docstring,
        body=reading.body,
        spans=reading.spans,
        diagnostics=_warnings(text, file.path),
    )


def _warnings(text: str, path: str) -> tuple[Diagnostic, ...]:
    line = huge_constant_line(text)
    if line is None:
        return ()
    message = "a constant that is too large to compute: the type engine does not read this file"
    return (Diagnostic(code=HUGE_CONSTANT, severity=Severity.WARNING, message=message, path=path, line=line),)


def broken_facts(file: SourceFile, data: bytes, diagnostic: Diagnostic) -> ModuleFacts:
    """Make the facts of a file that could not be read: a diagnostic and no body."""
    return ModuleFacts(
        module=file.module,
        path=file.path,
        is_package=file.is_package,
        is_stub=file.kind is not FileKind.SOURCE,
        content_digest=digest_bytes(data),
        diagnostics=(diagnostic,),
        is_broken=True,
    )


def _read(text: str, path: str, python_version: tuple[int, int], parser: Parser) -> Reading | Diagnostic:
    if parser is Parser.AST:
        return _read_with_ast(text, path)
    from pybridge.extract.with_mypy.parsing import has_foreign_names  # noqa: PLC0415 - loads mypy

    if has_foreign_names(text):
        # mypy's nodes cannot tell these names, so `ast` goes first; what is too new for it still gets read.
        reading = _read_with_ast(text, path)
        if isinstance(reading, Reading):
            return reading
        return _read_natively(text, path, python_version, has_foreign_names=True) or reading
    return _read_natively(text, path, python_version, has_foreign_names=False) or _read_with_ast(text, path)


def _read_natively(
    text: str, path: str, python_version: tuple[int, int], *, has_foreign_names: bool
) -> Reading | Diagnostic | None:
    """Read through mypy; None when it fails for reasons of its own."""
    from pybridge.extract.with_mypy.bodies import StatementsLost  # noqa: PLC0415 - loads mypy
    from pybridge.extract.with_mypy.module import read_module  # noqa: PLC0415 - as above
    from pybridge.extract.with_mypy.parsing import NativeParser  # noqa: PLC0415 - as above

    try:
        found = NativeParser(python_version).parse(text, path, has_foreign_names=has_foreign_names)
        return found if isinstance(found, Diagnostic) else read_module(found, text)
    except (StatementsLost, AssertionError, ValueError, TypeError, AttributeError, RecursionError, MemoryError):
        return None


def _read_with_ast(text: str, path: str) -> Reading | Diagnostic:
    from pybridge.extract.with_ast.module import read_module  # noqa: PLC0415 - the native path does without

    try:
        return read_module(text)
    except SyntaxError as error:
        return syntax_error(path, error.msg or "invalid syntax", line=error.lineno or None, column=error.offset or None)
    except (ValueError, RecursionError, MemoryError) as error:
        return syntax_error(path, f"the parser gave up: {str(error) or type(error).__name__}")
