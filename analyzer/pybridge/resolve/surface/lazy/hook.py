"""PEP 562 ``__getattr__`` written out: ``if name == "Thing": from .home import Thing; return Thing``."""

from collections.abc import Iterator, Mapping

from pybridge.model.expressions import (
    Argument,
    Attribute,
    Binary,
    Call,
    Comparison,
    Conditional,
    Constant,
    Dict,
    Expr,
    Name,
    Opaque,
    Sequence,
    Subscript,
)
from pybridge.model.facts import Assignment, FromImport, FunctionFacts, Guard, GuardKind, Import, Return
from pybridge.model.names import ModuleName
from pybridge.resolve.surface.lazy.names import LazyContext, LazyNames
from pybridge.resolve.surface.scan.sources import dotted_parts, imported_module, text_of

Place = tuple[ModuleName, str | None]

_MAX_DEPTH = 8
"""Local names of a hook that lead to each other."""


def find(context: LazyContext) -> LazyNames | None:
    """Read the answers of a module's ``__getattr__``; None when it tests no name that can be read."""
    hook = _hook(context)
    if hook is None:
        return None
    asked = hook.parameters[0].name
    local = _Local(context, asked)
    names: dict[str, Place] = {}
    values: dict[str, Assignment] = {}
    tested: set[str] = set()
    allowed: list[str] = []
    is_complete = True
    for answer in hook.answers:
        wanted = list(_wanted(context, answer.guards, asked))
        tested.update(wanted)
        if not isinstance(answer, Return):
            local.learn(answer)
        elif answer.is_raise:
            if len(answer.guards) == 1:
                # ``if name not in NAMES: raise``: what follows is for these names only.
                allowed = list(_wanted(context, answer.guards, asked, is_refusal=True)) or allowed
                tested.update(allowed)
        elif answer.value is None or any(guard.kind is GuardKind.EXCEPT for guard in answer.guards):
            continue
        elif not wanted and not allowed:
            is_complete = False
        else:
            for name in wanted or allowed:
                if name in names or name in values:
                    continue
                place = local.place(answer.value, name)
                if place is not None:
                    names[name] = place
                else:
                    values[name] = Assignment(target=Name(name), span=hook.span, value=answer.value)
    if not tested and not all(isinstance(one, Return) and one.is_raise for one in hook.answers):
        return None
    return LazyNames(names=names, values=values, is_complete=is_complete)


def _hook(context: LazyContext) -> FunctionFacts | None:
    slot = context.scope.runtime.get("__getattr__")
    last = slot.chosen.statements[-1] if slot is not None and slot.chosen.statements else None
    return last if isinstance(last, FunctionFacts) and last.parameters and last.answers else None


def _wanted(context: LazyContext, guards: tuple[Guard, ...], asked: str, *, is_refusal: bool = False) -> Iterator[str]:
    """Names for which a statement of the hook runs, or (refusal) does not run; none when no guard asks for names."""
    for guard in reversed(guards):
        if guard.kind is not GuardKind.IF or not isinstance(guard.test, Comparison):
            continue
        match guard.test:
            case Comparison(operators=(operator,), operands=(left, right)):
                holds = {"==": True, "in": True, "!=": False, "not in": False}.get(operator)
                if holds is None or holds is (guard.is_negated is not is_refusal):
                    continue
                if left == Name(asked):
                    found = list(_texts(context, right, is_single=operator in {"==", "!="}))
                elif right == Name(asked) and operator in {"==", "!="}:
                    found = list(_texts(context, left, is_single=True))
                else:
                    continue
                if found:
                    yield from found
                    return
            case _:
                continue


def _texts(context: LazyContext, expr: Expr, *, is_single: bool) -> Iterator[str]:
    value = context.value(expr)
    if is_single:
        text = text_of(value)
        if text is not None:
            yield text
        return
    match value:
        case Call(arguments=(Argument(value=inner), *_)) if not isinstance(inner, Name) or expr != inner:
            yield from _texts(context, inner, is_single=False)
        case Sequence(items=items):
            yield from (text for item in items if (text := text_of(item)) is not None)
        case Dict(items=items):
            yield from (text for key, _ in items if (text := text_of(key)) is not None)
        case _:
            return


class _Local:
    """Names that the hook binds while it runs."""

    def __init__(self, context: LazyContext, asked: str) -> None:
        self._context = context
        self._asked = asked
        self._places: dict[str, Place] = {}
        self._values: dict[str, Expr] = {}

    def learn(self, statement: FromImport | Import | Assignment) -> None:
        """Note what a statement of the hook binds; a later import of the same name replaces an earlier one."""
        match statement:
            case FromImport(name=name, alias=alias):
                module = imported_module(self._context.facts, statement)
                if module is not None:
                    self._places[alias or name] = (module, name)
            case Import(module=module_text, alias=alias):
                named = module_text if alias else module_text.partition(".")[0]
                self._places[alias or named] = (ModuleName(named), None)
            case Assignment(target=Name(id=name), value=value) if value is not None:
                self._values[name] = value
            case _:
                pass

    def place(self, value: Expr, name: str, depth: int = 0) -> Place | None:
        """Say where the answer for ``name`` lives; None when it is made on the spot."""
        if depth > _MAX_DEPTH:
            return None
        match value:
            case Conditional(
                test=Comparison(operators=("==",), operands=(left, right)), body=body, otherwise=otherwise
            ):
                constant = text_of(right) if left == Name(self._asked) else text_of(left)
                return (
                    None if constant is None else self.place(body if constant == name else otherwise, name, depth + 1)
                )
            case Name(id=local) if local in self._values and local not in self._places:
                return self.place(self._values[local], name, depth + 1)
            case Name(id=local):
                return self._places.get(local) or self._own(local)
            case Attribute(value=holder, name=member):
                place = self.place(holder, name, depth + 1) if dotted_parts(holder) else None
                return self._inside(place, member)
            case Subscript(value=Call(function=Name(id="globals")), index=index):
                written = self._written(index, name)
                return None if written is None else self._own(written)
            case Call(function=Name(id="getattr"), arguments=(holder_argument, attribute, *_)):
                written = self._written(attribute.value, name)
                place = self.place(holder_argument.value, name, depth + 1)
                return None if written is None else self._inside(place, written)
            case Call(function=function, arguments=(first, *_)) if (dotted_parts(function) or ("",))[
                -1
            ] == "import_module":
                written = self._written(first.value, name)
                module = None if written is None else self._context.module(written)
                return None if module is None else (module, None)
            case _:
                return None

    def _own(self, name: str) -> Place | None:
        return (self._context.facts.module, name) if name in self._context.scope.runtime else None

    def _inside(self, place: Place | None, member: str) -> Place | None:
        if place is None:
            return None
        module, name = place
        if name is None:
            return module, member
        submodule = self._context.sources.submodule(module, name)
        return None if submodule is None else (submodule, member)

    def _written(self, expr: Expr, name: str) -> str | None:
        """Read a string made of constants and the name asked for."""
        pieces: Mapping[str, str] = {"__name__": self._context.facts.module, self._asked: name}
        match expr:
            case Constant():
                return text_of(expr)
            case Name(id=variable):
                return pieces.get(variable)
            case Binary(operator="+", left=left, right=right):
                first, second = self._written(left, name), self._written(right, name)
                return None if first is None or second is None else first + second
            case Opaque(text=text) if text is not None and text[:2] in {'f"', "f'"} and text[-1] == text[1]:
                filled = text[2:-1]
                for variable, value in pieces.items():
                    filled = filled.replace(f"{{{variable}}}", value)
                return None if "{" in filled or "\\" in filled else filled
            case _:
                return None
