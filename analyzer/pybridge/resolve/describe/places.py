"""Where every symbol is written."""

from collections.abc import Iterator, Mapping

from pybridge.model.expressions import Name
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts, ModuleFacts, Statement, TypeAliasFacts
from pybridge.model.names import ModuleName, SymbolPath, symbol_path
from pybridge.model.source import Place, SourceMap


def locate(
    primary: Mapping[ModuleName, ModuleFacts],
    facts: Mapping[ModuleName, ModuleFacts],
    stubs: Mapping[ModuleName, ModuleFacts],
) -> SourceMap:
    """Map every symbol to its first place, and every file to the digest of its content."""
    places: dict[SymbolPath, Place] = {}
    for module in sorted(primary):
        one = primary[module]
        places[symbol_path(module, "")] = Place(path=one.path, line=1)
        for path, span in _spans(one.body, module, ""):
            if 0 <= span < len(one.spans) and path not in places:
                where = one.spans[span]
                places[path] = Place(path=one.path, line=where.line, column=where.column, end_line=where.end_line)
    digests = {one.path: one.content_digest for one in (*facts.values(), *stubs.values())}
    return SourceMap(places=places, digests=dict(sorted(digests.items())))


def _spans(body: tuple[Statement, ...], module: ModuleName, prefix: str) -> Iterator[tuple[SymbolPath, int]]:
    for one in body:
        match one:
            case FunctionFacts(name=name, span=span, self_assignments=assignments):
                yield symbol_path(module, f"{prefix}{name}"), span
                if prefix:
                    yield from ((symbol_path(module, f"{prefix}{each.name}"), each.span) for each in assignments)
            case ClassFacts(name=name, span=span, body=inner):
                yield symbol_path(module, f"{prefix}{name}"), span
                yield from _spans(inner, module, f"{prefix}{name}.")
            case Assignment(target=Name(id=name), span=span) | TypeAliasFacts(name=name, span=span):
                yield symbol_path(module, f"{prefix}{name}"), span
            case _:
                pass
