"""Reading a source text in a test, with either parser."""

from pathlib import Path

from pybridge.extract import Parser, extract_file
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts, ModuleFacts, Statement
from pybridge.model.names import ModuleName
from pybridge.model.source import FileKind, SourceFile


def source_file(name: str = "sample", *, kind: FileKind = FileKind.SOURCE, size_bytes: int = 0) -> SourceFile:
    suffix = ".pyi" if kind is FileKind.STUB else ".py"
    path = name + suffix
    return SourceFile(
        module=ModuleName(name),
        kind=kind,
        is_package=False,
        path=path,
        location=Path(path),
        size_bytes=size_bytes,
        mtime_ns=0,
    )


def read_facts(source: str | bytes, parser: Parser = Parser.NATIVE) -> ModuleFacts:
    data = source.encode() if isinstance(source, str) else source
    return extract_file(source_file(), data, python_version=(3, 11), parser=parser)


def only_statement(source: str | bytes, parser: Parser = Parser.NATIVE) -> Statement:
    facts = read_facts(source, parser)
    assert facts.diagnostics == ()
    (statement,) = facts.body
    return statement


def only_function(source: str | bytes, parser: Parser = Parser.NATIVE) -> FunctionFacts:
    found = only_statement(source, parser)
    assert isinstance(found, FunctionFacts)
    return found


def only_class(source: str | bytes, parser: Parser = Parser.NATIVE) -> ClassFacts:
    found = only_statement(source, parser)
    assert isinstance(found, ClassFacts)
    return found


def only_assignment(source: str | bytes, parser: Parser = Parser.NATIVE) -> Assignment:
    found = only_statement(source, parser)
    assert isinstance(found, Assignment)
    return found
