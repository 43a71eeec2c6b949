"""An evaluated module without its statements, which are in the facts of its files and linked when they are needed."""

from collections.abc import Iterator, Mapping

import msgspec

from pybridge.model.facts import Assignment, FunctionFacts, ModuleFacts
from pybridge.model.library import Export, Skip, SymbolKind
from pybridge.model.names import ModuleName, SourceText
from pybridge.resolve.describe.ground import Lazy, ModulePlan
from pybridge.resolve.symbols import Definition, DefinitionStatement, ModuleSurface, NameTarget


class Link(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A statement of one of the module's own files."""

    is_stub: bool
    index: int
    """In the file's body."""
    inner: int = -1
    """In what a module's ``__getattr__`` does, when not negative."""


class Made(msgspec.Struct, frozen=True, array_like=True, tag=True):
    """A statement that no file has: evaluating the module made it."""

    statement: Assignment


class DefinitionPiece(msgspec.Struct, frozen=True, array_like=True):
    """A definition whose statements are linked."""

    kind: SymbolKind
    statements: tuple[Link | Made, ...]
    condition: SourceText | None = None
    variants: tuple[Link | Made, ...] = ()


class ModulePiece(msgspec.Struct, frozen=True, array_like=True):
    """See `ModuleSurface` and `ModulePlan`."""

    names: Mapping[str, NameTarget]
    definitions: Mapping[str, DefinitionPiece]
    exports: tuple[Export, ...]
    declared_names: tuple[str, ...] | None
    is_dynamic: bool
    skipped: tuple[Skip, ...]
    plan: ModulePlan
    is_linked: bool = True
    """False when statements were made for it: it has to be evaluated again after any edit of its own files."""


class Files(msgspec.Struct, frozen=True):
    """The facts of a module's own files."""

    source: ModuleFacts | None
    stub: ModuleFacts | None


def piece_of(surface: ModuleSurface, plan: ModulePlan, files: Files) -> ModulePiece | None:
    """Take the statements off an evaluated module; None when one is neither in its files nor an assignment."""
    links = dict(_links(files))
    definitions: dict[str, DefinitionPiece] = {}
    is_linked = True
    for name, one in surface.definitions.items():
        found = [links.get(id(each)) or _made(each) for each in (*one.statements, *one.variants)]
        linked = tuple(each for each in found if each is not None)
        if len(linked) < len(found):
            return None
        is_linked = is_linked and not any(isinstance(each, Made) for each in linked)
        cut = len(one.statements)
        definitions[name] = DefinitionPiece(
            kind=one.kind, statements=linked[:cut], condition=one.condition, variants=linked[cut:]
        )
    return ModulePiece(
        names=surface.names,
        definitions=definitions,
        exports=surface.exports,
        declared_names=surface.declared_names,
        is_dynamic=surface.is_dynamic,
        skipped=surface.skipped,
        plan=plan,
        is_linked=is_linked,
    )


def surface_of(module: ModuleName, piece: ModulePiece, files: Mapping[bool, ModuleFacts]) -> ModuleSurface:
    """Put the statements back; ``files`` has the stub under True and the source under False, read when asked for."""

    def linked(name: str) -> Definition:
        one = piece.definitions[name]
        return Definition(
            name=name,
            kind=one.kind,
            statements=tuple(_statement(each, files) for each in one.statements),
            condition=one.condition,
            variants=tuple(_statement(each, files) for each in one.variants),
        )

    return ModuleSurface(
        module=module,
        names=piece.names,
        definitions=Lazy(piece.definitions, linked),
        exports=piece.exports,
        declared_names=piece.declared_names,
        is_dynamic=piece.is_dynamic,
        skipped=piece.skipped,
    )


def _links(files: Files) -> Iterator[tuple[int, Link]]:
    for facts, is_stub in ((files.source, False), (files.stub, True)):
        for index, statement in enumerate(facts.body if facts is not None else ()):
            yield id(statement), Link(is_stub, index)
            if isinstance(statement, FunctionFacts):
                yield from ((id(one), Link(is_stub, index, inner)) for inner, one in enumerate(statement.answers))


def _made(statement: DefinitionStatement) -> Made | None:
    return Made(statement) if isinstance(statement, Assignment) and statement.docstring is None else None


def _statement(link: Link | Made, files: Mapping[bool, ModuleFacts]) -> DefinitionStatement:
    if isinstance(link, Made):
        return link.statement
    found = files[link.is_stub].body[link.index]
    if link.inner >= 0:
        assert isinstance(found, FunctionFacts)
        inner = found.answers[link.inner]
        assert isinstance(inner, Assignment)
        return inner
    assert isinstance(found, DefinitionStatement)
    return found
