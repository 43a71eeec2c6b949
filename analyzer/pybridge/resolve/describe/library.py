"""The descriptor of a whole library, and the places of its symbols."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

import msgspec

from pybridge.model.callables import Function
from pybridge.model.classes import Class
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.facts import Assignment, ModuleFacts, TypeAliasFacts
from pybridge.model.library import LibraryDescriptor, Module, Skip, SkipReason, SymbolKind, Target, TypeAlias, Variable
from pybridge.model.names import ModuleName, PublicPath, SymbolPath, split_symbol, symbol_path
from pybridge.model.overlays import Overlays
from pybridge.model.source import FileKind, SourceMap, SourceTree
from pybridge.resolve.annotations import Declared, Qualifier, read_type, read_type_parameters
from pybridge.resolve.describe.assigned import function_of_value, with_running_variant
from pybridge.resolve.describe.classes import ClassReader
from pybridge.resolve.describe.functions import describe_function
from pybridge.resolve.describe.ground import Ground, ModulePlan, outlines_of
from pybridge.resolve.describe.hierarchy import Hierarchy
from pybridge.resolve.describe.known_types import KnownTypes
from pybridge.resolve.describe.places import locate
from pybridge.resolve.describe.plan import plan_modules
from pybridge.resolve.describe.scopes import Declarations, LexicalScope
from pybridge.resolve.describe.values import value_claim
from pybridge.resolve.describe.views import Library, ModuleView, Touches
from pybridge.resolve.describe.world import Rules, World
from pybridge.resolve.evidence import clean_docstring
from pybridge.resolve.symbols import Definition, Surface
from pybridge.resolve.types.answers import AliasAnswer, ClassAnswer, TypeAnswers


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What resolving a library gives."""

    descriptor: LibraryDescriptor
    source_map: SourceMap
    diagnostics: tuple[Diagnostic, ...] = ()


def describe_library(
    *,
    tree: SourceTree,
    facts: Mapping[ModuleName, ModuleFacts],
    stubs: Mapping[ModuleName, ModuleFacts],
    surface: Surface,
    answers: TypeAnswers,
    target: Target,
    overlays: Overlays,
) -> Description:
    """Put facts, names and types together; see `pybridge.resolve` for where each comes from."""
    primary = {**stubs, **facts}
    library = Library(
        ground_of(surface=surface, facts=facts, stubs=stubs, answers=answers, target=target, overlays=overlays)
    )
    described = [describe_module(library, name) for name in sorted(surface.modules)]
    aliases = mentioned_aliases(library, (path for one in described for path in one.mentioned))
    made = frozenset(path for one in described for path in one.made)
    modules = tuple(completed(one.module, aliases.get(one.module.name, ()), made) for one in described)
    header = header_of(tree, primary, target)
    found = remarks_of(tree, (*facts.values(), *stubs.values()), surface, answers)
    return Description(
        descriptor=msgspec.structs.replace(header, modules=modules),
        source_map=locate(primary, facts, stubs),
        diagnostics=found,
    )


def header_of(tree: SourceTree, facts: Mapping[ModuleName, ModuleFacts], target: Target) -> LibraryDescriptor:
    """Describe a library but for its modules; ``facts`` are of the files that define them."""
    skipped = (*tree.skipped, *_broken(facts), *_compiled(tree, facts))
    return LibraryDescriptor(
        name=tree.name,
        roots=tree.roots,
        distribution=tree.distribution,
        version=tree.version,
        target=target,
        package=msgspec.structs.replace(tree.package, is_typed=tree.is_typed),
        skipped=tuple(sorted(skipped, key=lambda one: (one.path, one.reason.value))),
    )


def remarks_of(
    tree: SourceTree, facts: Iterable[ModuleFacts], surface: Surface, answers: TypeAnswers
) -> tuple[Diagnostic, ...]:
    """Collect what was remarked on the way."""
    return (
        *tree.diagnostics,
        *(each for one in facts for each in one.diagnostics),
        *surface.diagnostics,
        *answers.diagnostics,
    )


def ground_of(
    *,
    surface: Surface,
    facts: Mapping[ModuleName, ModuleFacts],
    stubs: Mapping[ModuleName, ModuleFacts],
    answers: TypeAnswers,
    target: Target,
    overlays: Overlays,
) -> Ground:
    """Prepare a library, all of it in memory, for describing its modules one by one."""
    primary = {**stubs, **facts}
    world = World(surface=surface, facts=primary, stubs=stubs, answers=answers, target=target, rules=Rules(overlays))
    return Ground(
        target=target,
        overlays=overlays,
        surfaces=surface.modules,
        unread_modules=surface.unread_modules,
        plans=plan_modules(world),
        outlines=outlines_of(primary, stubs, surface.modules),
        facts=primary,
        stubs=stubs,
        answers=answers.modules,
        externals=answers.externals,
    )


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """One module, described by itself, and what that says of the library."""

    module: Module
    touches: Touches
    mentioned: tuple[SymbolPath, ...]
    """Type aliases of the library that its types name, sorted."""
    made: tuple[SymbolPath, ...]
    """Its variables that turned out to be functions."""


class DescribedAlias(msgspec.Struct, frozen=True, kw_only=True):
    """A private alias that is described because some type names it."""

    alias: TypeAlias
    mentioned: tuple[SymbolPath, ...]


class AliasAttempt(msgspec.Struct, frozen=True, kw_only=True):
    """What came of describing a symbol as a private alias."""

    name: str
    found: DescribedAlias | None
    """None where it is something else, or described anyway."""
    touches: Touches = Touches()


def describe_module(library: Library, name: ModuleName) -> Described:
    """Describe one module, by nothing but what its view shows."""
    view = ModuleView(library, name)
    writer = _Writer(view.world(), name, library.ground.plans[name])
    module = writer.module()
    definitions = library.ground.surfaces[name].definitions
    made = tuple(one.path for one in module.functions if definitions[one.name].kind is SymbolKind.VARIABLE)
    return Described(module=module, touches=view.touches(), mentioned=writer.mentioned(), made=made)


def describe_alias(library: Library, path: SymbolPath) -> DescribedAlias | None:
    """Describe a private alias of a module; None where the path is something else, or described anyway."""
    attempt = attempt_alias(library, path)
    return attempt.found if attempt is not None else None


def attempt_alias(library: Library, path: SymbolPath) -> AliasAttempt | None:
    """Try to describe a private alias; None where the path alone says that it is none."""
    module, qualname = split_symbol(path)
    ground = library.ground
    if "." in qualname or module not in ground.surfaces:
        return None
    if qualname in ground.plans[module].wanted:
        return AliasAttempt(name=qualname, found=None)
    view = ModuleView(library, module)
    writer = _Writer(view.world(), module, ground.plans[module])
    alias = writer.alias(qualname)
    found = DescribedAlias(alias=alias, mentioned=writer.mentioned()) if alias is not None else None
    return AliasAttempt(name=qualname, found=found, touches=view.touches())


def mentioned_aliases(
    library: Library, mentioned: Iterable[SymbolPath]
) -> dict[ModuleName, tuple[DescribedAlias, ...]]:
    """Describe the private aliases that types name, and those that these name: a name alone would say nothing."""
    found: dict[ModuleName, list[DescribedAlias]] = {}
    done: set[SymbolPath] = set()
    waiting = list(mentioned)
    while waiting:
        path = waiting.pop()
        if path in done:
            continue
        done.add(path)
        described = describe_alias(library, path)
        if described is not None:
            found.setdefault(split_symbol(path)[0], []).append(described)
            waiting.extend(described.mentioned)
    return {name: tuple(sorted(ones, key=lambda one: one.alias.name)) for name, ones in sorted(found.items())}


def completed(module: Module, aliases: Iterable[DescribedAlias], made: AbstractSet[SymbolPath]) -> Module:
    """Add what other modules say of one: private aliases they name, and exports that turned out to be functions."""
    added = [one.alias for one in aliases]
    if added:
        both = sorted((*module.type_aliases, *added), key=lambda one: one.name)
        module = msgspec.structs.replace(module, type_aliases=tuple(both))
    if any(one.target in made for one in module.exports):
        exports = tuple(
            msgspec.structs.replace(one, kind=SymbolKind.FUNCTION) if one.target in made else one
            for one in module.exports
        )
        module = msgspec.structs.replace(module, exports=exports)
    return module


def _broken(facts: Mapping[ModuleName, ModuleFacts]) -> Iterator[Skip]:
    for name, one in facts.items():
        if one.is_broken:
            detail = one.diagnostics[0].message if one.diagnostics else ""
            yield Skip(path=symbol_path(name, ""), reason=SkipReason.SYNTAX_ERROR, detail=detail)


def _compiled(tree: SourceTree, read: Mapping[ModuleName, ModuleFacts]) -> Iterator[Skip]:
    """Public modules that are compiled and have no text beside them."""
    for file in tree.files:
        is_public = not any(part.startswith("_") for part in file.module.split("."))
        if file.kind is FileKind.COMPILED and file.module not in read and is_public:
            yield Skip(path=symbol_path(file.module, ""), reason=SkipReason.COMPILED, detail=file.path)


class _Writer:
    """Describes the symbols of one module."""

    def __init__(self, world: World, module: ModuleName, plan: ModulePlan) -> None:
        self._world, self._plan = world, plan
        self._surface = world.surface.modules[module]
        self._declarations = Declarations(world, KnownTypes(world))
        self._classes = ClassReader(world=world, hierarchy=Hierarchy(world, self._declarations))
        self._scope = LexicalScope(world, self._declarations, module)

    def module(self) -> Module:
        """Describe the module: its public names, and the symbols that it defines."""
        surface = self._surface
        facts = self._world.facts.get(surface.module)
        wanted = frozenset(self._plan.wanted)
        described = [
            one
            for name, definition in sorted(surface.definitions.items())
            if name in wanted
            and (one := self._symbol(definition, symbol_path(surface.module, name), self._scope)) is not None
        ]
        return Module(
            name=surface.module,
            is_package=facts.is_package if facts else True,
            is_public=not any(part.startswith("_") for part in surface.module.split(".")),
            docstring=clean_docstring(facts.docstring) if facts and facts.docstring is not None else None,
            declared_names=surface.declared_names,
            is_dynamic=surface.is_dynamic,
            exports=surface.exports,
            classes=tuple(one for one in described if isinstance(one, Class)),
            functions=tuple(one for one in described if isinstance(one, Function)),
            variables=tuple(one for one in described if isinstance(one, Variable)),
            type_aliases=tuple(one for one in described if isinstance(one, TypeAlias)),
            skipped=tuple(sorted(surface.skipped, key=lambda one: (one.path, one.reason.value))),
        )

    def alias(self, name: str) -> TypeAlias | None:
        """Describe a type alias by name; None where it is none."""
        definition = self._surface.definitions.get(name)
        if definition is None:
            return None
        described = self._value(definition, symbol_path(self._surface.module, name), self._scope, ())
        return described if isinstance(described, TypeAlias) else None

    def mentioned(self) -> tuple[SymbolPath, ...]:
        """Type aliases of the library that were named, sorted."""
        return tuple(sorted(self._declarations.mentioned))

    def _symbol(
        self, definition: Definition, path: SymbolPath, scope: LexicalScope
    ) -> Class | Function | Variable | TypeAlias | None:
        paths = self._plan.public_paths.get(definition.name, ())
        match definition.kind:
            case SymbolKind.CLASS:
                found = self._classes.describe(definition, path, scope)
                return self._with_module(self._with_paths(found, paths)) if found else None
            case SymbolKind.FUNCTION:
                function = describe_function(definition, path, scope, self._world, is_member=False)
                if function is not None:
                    function = with_running_variant(function, definition, path, scope, self._world, is_member=False)
                    return msgspec.structs.replace(function, public_paths=paths) if paths else function
                return self._value(definition, path, scope, paths)
            case _:
                return self._assigned(definition, path, scope, paths) or self._value(definition, path, scope, paths)

    def _assigned(
        self, definition: Definition, path: SymbolPath, scope: LexicalScope, paths: tuple[PublicPath, ...]
    ) -> Function | None:
        statement = definition.statements[-1]
        if definition.kind is not SymbolKind.VARIABLE or not isinstance(statement, Assignment):
            return None
        function = function_of_value(statement, path, scope, self._world, is_member=False)
        if function is None:
            return None
        return msgspec.structs.replace(function, condition=definition.condition, public_paths=paths)

    def _value(
        self, definition: Definition, path: SymbolPath, scope: LexicalScope, paths: tuple[PublicPath, ...]
    ) -> Class | Variable | TypeAlias | None:
        statement = definition.statements[-1]
        answer = self._world.answer(path)
        if isinstance(answer, ClassAnswer) and self._declarations.declared(path) is Declared.CLASS:
            made = self._classes.describe(definition, path, scope)
            return self._with_paths(made, paths) if made else None
        if isinstance(statement, TypeAliasFacts):
            inner = scope.under(statement.type_parameters)
            return TypeAlias(
                path=path,
                name=definition.name,
                target=read_type(statement.value.expr, inner),
                type_parameters=read_type_parameters(statement.type_parameters, inner),
                public_paths=paths,
            )
        if not isinstance(statement, Assignment):
            return None
        if statement.value is not None and scope.own_alias(path):
            parameters = answer.type_parameters if isinstance(answer, AliasAnswer) else ()
            return TypeAlias(
                path=path,
                name=definition.name,
                target=read_type(statement.value, scope),
                type_parameters=parameters,
                docstring=_cleaned(statement.docstring),
                public_paths=paths,
            )
        return self._variable(definition, path, scope, statement, paths)

    def _variable(
        self,
        definition: Definition,
        path: SymbolPath,
        scope: LexicalScope,
        statement: Assignment,
        paths: tuple[PublicPath, ...],
    ) -> Variable:
        annotation = statement.annotation
        qualifiers = scope.read(annotation).qualifiers if annotation else frozenset()
        return Variable(
            path=path,
            name=definition.name,
            type=value_claim(annotation, statement.value, self._world.answer(path), scope, self._world),
            value=statement.value_text,
            is_final=Qualifier.FINAL in qualifiers,
            docstring=_cleaned(statement.docstring),
            condition=definition.condition,
            public_paths=paths,
        )

    def _with_module(self, one: Class) -> Class:
        given = self._plan.given_modules.get(one.name)
        return msgspec.structs.replace(one, module_name=given) if given is not None else one

    def _with_paths(self, one: Class, paths: tuple[PublicPath, ...]) -> Class:
        nested = tuple(
            self._with_paths(each, tuple(PublicPath(f"{path}.{each.name}") for path in paths))
            for each in one.nested_classes
        )
        return msgspec.structs.replace(one, public_paths=paths, nested_classes=nested)


def _cleaned(docstring: str | None) -> str | None:
    return clean_docstring(docstring) if docstring else None
