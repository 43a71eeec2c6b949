"""`World`: what the assembler reads, with the tables that many symbols share computed once."""

from collections.abc import Callable, Mapping

from pybridge.model.evidence import Tier
from pybridge.model.facts import Assignment, ClassFacts, FunctionFacts, ModuleFacts, TypeAliasFacts
from pybridge.model.library import SymbolKind, Target
from pybridge.model.names import ModuleName, SourceText, SymbolPath, split_symbol, symbol_path
from pybridge.model.overlays import ClassRule, ConstructorRule, DecoratorRule, Overlays
from pybridge.model.types import Named
from pybridge.resolve.surface import class_scope
from pybridge.resolve.symbols import Definition, DefinitionStatement, Surface
from pybridge.resolve.types.answers import Answer, ClassAnswer, ExternalAnswer, TypeAnswers


class Rules:
    """What overlays say, as tables."""

    def __init__(self, overlays: Overlays) -> None:
        self.decorators = {one.path: one for one in overlays.decorators}
        self.classes = {one.path: one for one in overlays.classes}
        self.constructors = {one.path: one for one in overlays.constructors}
        self.phrases = {
            (root, normalized(phrase)): rule.type for root, rule in overlays.phrases for phrase in rule.phrases
        }


class World:
    """A library, evaluated: its names, its facts and what the type engine answered."""

    def __init__(
        self,
        *,
        surface: Surface,
        facts: Mapping[ModuleName, ModuleFacts],
        stubs: Mapping[ModuleName, ModuleFacts],
        answers: TypeAnswers,
        target: Target,
        rules: Rules,
        docstring_of: Callable[[DefinitionStatement], str | None] | None = None,
        has_docstring: Callable[[DefinitionStatement], bool] | None = None,
        members_of: Callable[[SymbolPath, ClassFacts], Mapping[str, Definition] | None] | None = None,
    ) -> None:
        self.surface = surface
        self.facts = facts
        """The file that defines each module: its source, or its stub where there is no source."""
        self.stubs = stubs
        self.answers = answers
        self.target = target
        self._rules = rules
        self._docstring_of = docstring_of
        self._has_docstring = has_docstring
        self._members_of = members_of
        self._definitions: dict[SymbolPath, Definition | None] = {}
        self._owners: dict[SymbolPath, Answer | None] = {}
        self._members: dict[SymbolPath, Mapping[str, Definition]] = {}

    def docstring(self, statement: DefinitionStatement) -> str | None:
        """Return the documentation of a definition of any module; of other modules' ones only this has it."""
        if self._docstring_of is not None:
            return self._docstring_of(statement)
        return None if isinstance(statement, TypeAliasFacts) else statement.docstring

    def has_docstring(self, statement: DefinitionStatement) -> bool:
        """Tell whether a definition of any module is documented, whatever its documentation says."""
        if self._has_docstring is not None:
            return self._has_docstring(statement)
        return self.docstring(statement) is not None

    def tier(self, module: ModuleName) -> Tier:
        """Where annotations of a module's own file come from."""
        return Tier.STUB if self.facts[module].is_stub else Tier.ANNOTATION

    def engine_tier(self, module: ModuleName) -> Tier:
        """Where a declared type comes from that only the engine knows: from the stub where there is one."""
        return Tier.STUB if module in self.stubs else Tier.INFERRED

    def definition(self, path: SymbolPath) -> Definition | None:
        """Find the definition of a symbol of the library; None for another package's and for modules."""
        if path not in self._definitions:
            self._definitions[path] = self._find(path)
        return self._definitions[path]

    def _find(self, path: SymbolPath) -> Definition | None:
        module, qualname = split_symbol(path)
        surface = self.surface.modules.get(module)
        if surface is None or not qualname:
            return None
        if "." not in qualname:
            return surface.definitions.get(qualname)
        head, *rest = qualname.split(".")
        found = surface.definitions.get(head)
        owner = head
        for name in rest:
            if found is None or found.kind is not SymbolKind.CLASS:
                return None
            found = self.members(symbol_path(module, owner)).get(name)
            owner = f"{owner}.{name}"
        return found

    def class_facts(self, path: SymbolPath) -> ClassFacts | None:
        """Find the statement of a class of the library; None where it is none."""
        definition = self.definition(path)
        statement = definition.statements[-1] if definition and definition.statements else None
        return statement if isinstance(statement, ClassFacts) else None

    def members(self, path: SymbolPath) -> Mapping[str, Definition]:
        """Return what a class of the library defines in its body, by name; empty where it is no class."""
        found = self._members.get(path)
        if found is None:
            facts = self.class_facts(path)
            found = self._members[path] = self._body(path, facts) if facts is not None else {}
        return found

    def _body(self, path: SymbolPath, facts: ClassFacts) -> Mapping[str, Definition]:
        shared = self._members_of(path, facts) if self._members_of is not None else None
        if shared is not None:
            return shared
        return class_scope(facts, surface=self.surface, module=split_symbol(path)[0], target=self.target)

    def ancestors(self, path: SymbolPath) -> tuple[SymbolPath, ...]:
        """Return a class and its ancestors as the engine orders them; the class alone where it does not know it."""
        answer = self.answer(path)
        return answer.mro if isinstance(answer, ClassAnswer) and answer.mro else (path,)

    def method(self, path: SymbolPath, name: str) -> SymbolPath | None:
        """Find a method in a class of the library or in its ancestors there; None where it is in none."""
        for ancestor in self.ancestors(path):
            definition = self.members(ancestor).get(name)
            if definition is not None and isinstance(definition.statements[-1], FunctionFacts):
                module, qualname = split_symbol(ancestor)
                return symbol_path(module, f"{qualname}.{name}")
        return None

    def answer(self, path: SymbolPath) -> Answer | None:
        """Return what the engine says of a symbol of the library; None when it says nothing."""
        dot = path.rfind(".")
        if dot < path.find(":"):
            module, qualname = split_symbol(path)
            known = self.answers.modules.get(module)
            return known.symbols.get(qualname) if known is not None and qualname else None
        owner = SymbolPath(path[:dot])
        if owner not in self._owners:
            self._owners[owner] = self.answer(owner)
        found = self._owners[owner]
        return found.members.get(path[dot + 1 :]) if isinstance(found, ClassAnswer) else None

    def external(self, path: SymbolPath) -> ExternalAnswer | None:
        """Return what the engine says of another package's symbol; None when it was not asked."""
        return self.answers.externals.get(path)

    def decorator_rule(self, path: SymbolPath) -> DecoratorRule | None:
        """Return what an overlay says of a decorator, by where it is defined; None when none does."""
        external = self.external(path)
        home = external.path if external is not None and external.path is not None else path
        return self._rules.decorators.get(home)

    def class_rule(self, path: SymbolPath) -> ClassRule | None:
        """Return what an overlay says that a class makes of its subclasses; None when none does."""
        return self._rules.classes.get(path)

    def constructor_rule(self, path: SymbolPath) -> ConstructorRule | None:
        """Return what an overlay says of the constructors of a class and its subclasses; None when none does."""
        return self._rules.constructors.get(path)

    def phrase(self, module: ModuleName, text: str) -> SourceText | None:
        """Return the type that an overlay says the documentation of a module's library means; None for none."""
        phrases = self._rules.phrases
        return phrases.get((ModuleName(module.partition(".")[0]), normalized(text))) if phrases else None

    def is_own(self, path: SymbolPath) -> bool:
        """True for a symbol of a module of the library."""
        return split_symbol(path)[0] in self.surface.modules

    def is_class(self, path: SymbolPath) -> bool:
        """True for a class, the library's own or another package's that the engine knows."""
        definition = self.definition(path)
        if definition is not None:
            return definition.kind is SymbolKind.CLASS
        external = self.external(path)
        if external is None:
            return False
        return external.class_answer is not None or (external.is_alias and isinstance(external.target, Named))

    def function(self, path: SymbolPath) -> FunctionFacts | None:
        """Find the statement of a function or method of the library; None where it is none."""
        definition = self.definition(path)
        statement = definition.statements[-1] if definition and definition.statements else None
        return statement if isinstance(statement, FunctionFacts) else None

    def assignment(self, path: SymbolPath) -> Assignment | None:
        """Find the statement that assigns a name of the library; None where it is none."""
        definition = self.definition(path)
        statement = definition.statements[-1] if definition and definition.statements else None
        return statement if isinstance(statement, Assignment) else None


def normalized(phrase: str) -> str:
    """A phrase without case, articles, markup and a full stop, its white space collapsed."""
    words = phrase.lower().replace("`", "").rstrip(". ").split()
    return " ".join(words[1:] if words[:1] in (["a"], ["an"], ["the"]) else words)
