"""The descriptor of a whole library, and the places of its symbols."""

from collections.abc import Iterator, Mapping

import msgspec

from pybridge.model.callables import Function
from pybridge.model.classes import Class
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.facts import Assignment, ModuleFacts, TypeAliasFacts
from pybridge.model.library import LibraryDescriptor, Module, Skip, SkipReason, SymbolKind, Target, TypeAlias, Variable
from pybridge.model.names import ModuleName, PublicPath, SymbolPath, split_symbol, symbol_path
from pybridge.model.overlays import Overlays
from pybridge.model.source import FileKind, SourceMap, SourceTree
from pybridge.resolve.annotations import Declared, Qualifier, read_annotation, read_type, read_type_parameters
from pybridge.resolve.describe.assigned import function_of_value, with_running_variant
from pybridge.resolve.describe.classes import ClassReader
from pybridge.resolve.describe.functions import describe_function
from pybridge.resolve.describe.hierarchy import Hierarchy
from pybridge.resolve.describe.known_types import KnownTypes
from pybridge.resolve.describe.module_names import given_modules
from pybridge.resolve.describe.places import locate
from pybridge.resolve.describe.scopes import Declarations, LexicalScope
from pybridge.resolve.describe.values import value_claim
from pybridge.resolve.describe.world import World
from pybridge.resolve.evidence import clean_docstring
from pybridge.resolve.symbols import Definition, ModuleSurface, Surface
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
    world = World(surface=surface, facts=primary, stubs=stubs, answers=answers, target=target, overlays=overlays)
    declarations = Declarations(world, KnownTypes(world))
    hierarchy = Hierarchy(world, declarations)
    wanted = _wanted(surface, hierarchy)
    writer = _Writer(world, declarations, hierarchy, wanted)
    modules = tuple(writer.module(surface.modules[name]) for name in sorted(surface.modules))
    modules = _with_functions(writer.with_mentioned(modules), surface)
    descriptor = LibraryDescriptor(
        name=tree.name,
        roots=tree.roots,
        distribution=tree.distribution,
        version=tree.version,
        target=target,
        modules=modules,
        skipped=tuple(
            sorted(
                (*tree.skipped, *_broken(primary), *_compiled(tree, primary)),
                key=lambda one: (one.path, one.reason.value),
            )
        ),
    )
    found = (
        *tree.diagnostics,
        *(each for one in (*facts.values(), *stubs.values()) for each in one.diagnostics),
        *surface.diagnostics,
        *answers.diagnostics,
    )
    return Description(descriptor=descriptor, source_map=locate(primary, facts, stubs), diagnostics=found)


def _with_functions(modules: tuple[Module, ...], surface: Surface) -> tuple[Module, ...]:
    """Say of exports what they turned out to be: a variable whose value is a function is one."""
    made = {
        function.path
        for module in modules
        for function in module.functions
        if surface.modules[module.name].definitions[function.name].kind is SymbolKind.VARIABLE
    }
    if not made:
        return modules
    return tuple(
        msgspec.structs.replace(
            module,
            exports=tuple(
                msgspec.structs.replace(one, kind=SymbolKind.FUNCTION) if one.target in made else one
                for one in module.exports
            ),
        )
        for module in modules
    )


def _wanted(surface: Surface, hierarchy: Hierarchy) -> frozenset[SymbolPath]:
    """Everything that a public module offers, promised or not, and the library's own ancestors of its classes."""
    offered = {
        export.target
        for module in surface.modules.values()
        if not any(part.startswith("_") for part in module.module.split("."))
        for export in module.exports
    }
    offered |= surface.public_paths.keys()
    ancestors = {
        ancestor for path in offered for ancestor in hierarchy.mro(path) if split_symbol(ancestor)[0] in surface.modules
    }
    return frozenset(offered | ancestors)


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
    """Describes modules one by one."""

    def __init__(
        self, world: World, declarations: Declarations, hierarchy: Hierarchy, wanted: frozenset[SymbolPath]
    ) -> None:
        self._world, self._declarations, self._wanted = world, declarations, wanted
        self._classes = ClassReader(world=world, hierarchy=hierarchy)
        self._given_modules = given_modules(world.facts, world.surface)

    def module(self, surface: ModuleSurface) -> Module:
        """Describe a module: its public names, and the symbols that it defines."""
        facts = self._world.facts.get(surface.module)
        scope = LexicalScope(self._world, self._declarations, surface.module)
        described = [
            one
            for name, definition in sorted(surface.definitions.items())
            if (path := symbol_path(surface.module, name)) in self._wanted
            and (one := self._symbol(definition, path, scope)) is not None
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

    def with_mentioned(self, modules: tuple[Module, ...]) -> tuple[Module, ...]:
        """Add the private aliases that described types name: a name alone would say nothing."""
        found: dict[ModuleName, list[TypeAlias]] = {}
        done = set(self._wanted)
        while fresh := [path for path in self._declarations.mentioned if path not in done]:
            done.update(fresh)
            for path in fresh:
                module, qualname = split_symbol(path)
                definition = self._world.definition(path)
                if definition is None or "." in qualname:
                    continue
                scope = LexicalScope(self._world, self._declarations, module)
                described = self._value(definition, path, scope, ())
                if isinstance(described, TypeAlias):
                    found.setdefault(module, []).append(described)
        return tuple(
            msgspec.structs.replace(
                one,
                type_aliases=tuple(sorted((*one.type_aliases, *found[one.name]), key=lambda alias: alias.name)),
            )
            if one.name in found
            else one
            for one in modules
        )

    def _symbol(
        self, definition: Definition, path: SymbolPath, scope: LexicalScope
    ) -> Class | Function | Variable | TypeAlias | None:
        paths = self._world.surface.public_paths.get(path, ())
        match definition.kind:
            case SymbolKind.CLASS:
                found = self._classes.describe(definition, path, scope)
                return self._with_module(self._with_paths(found, paths)) if found else None
            case SymbolKind.FUNCTION:
                function = describe_function(definition, path, scope, self._world, is_member=False)
                if function is not None:
                    function = with_running_variant(function, definition, path, scope, self._world, is_member=False)
                    return msgspec.structs.replace(function, public_paths=paths)
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
        qualifiers = read_annotation(annotation.expr, scope).qualifiers if annotation else frozenset()
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
        given = self._given_modules.get(one.path)
        return msgspec.structs.replace(one, module_name=given) if given is not None else one

    def _with_paths(self, one: Class, paths: tuple[PublicPath, ...]) -> Class:
        nested = tuple(
            self._with_paths(each, tuple(PublicPath(f"{path}.{each.name}") for path in paths))
            for each in one.nested_classes
        )
        return msgspec.structs.replace(one, public_paths=paths, nested_classes=nested)


def _cleaned(docstring: str | None) -> str | None:
    return clean_docstring(docstring) if docstring else None
