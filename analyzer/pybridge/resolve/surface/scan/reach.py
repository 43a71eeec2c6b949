"""Says for each statement of a body whether it runs for the target, and under which open conditions."""

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from pybridge.model.expressions import Call, Expr, Name
from pybridge.model.expressions import Sequence as SequenceExpr
from pybridge.model.facts import FromImport, Guard, GuardKind, Import, ModuleFacts, Statement
from pybridge.model.names import SourceText
from pybridge.resolve.surface.scan.conditions import Conditions
from pybridge.resolve.surface.scan.sources import Sources, dotted_parts, imported_module

MAX_TEST = 200
"""Characters of one test that a condition shows."""

_IMPORT_FAILURES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})

# Python 2 spellings that only a ``try`` still names: they are as good as not installed.
_GONE = frozenset(
    {"cPickle", "cStringIO", "StringIO", "ConfigParser", "Queue", "urllib2", "urlparse", "HTMLParser", "httplib"}
    | {"__builtin__", "Tkinter", "thread", "exceptions", "copy_reg", "cookielib", "Cookie", "SocketServer", "commands"}
)

Branch: TypeAlias = tuple[int, GuardKind, bool, str]
"""Tells the branches of a compound statement apart."""


class Reach(msgspec.Struct, frozen=True):
    """Whether a statement runs, and on what that depends."""

    is_runtime: bool = True
    """False where the target never runs it; ``TYPE_CHECKING`` is false at run time."""
    is_typing: bool = True
    """False where a type checker for the target never sees it."""
    is_fallback: bool = False
    """In a handler that is not expected to run."""
    open: tuple[Branch, ...] = ()
    """The branches around it that could not be decided, outermost first."""
    condition: SourceText | None = None
    """Text of what could not be decided; None when it always runs."""


ALWAYS = Reach()


class _Try(msgspec.Struct):
    """What the body of one ``try`` statement imports."""

    failing: int | None = None
    """Number of the first statement that imports a module that does not exist."""
    has_import: bool = False
    is_sure: bool = True
    """False when another package is imported, which may not be installed."""


class Reaches:
    """Decides the guards of one body (of a module or class)."""

    def __init__(
        self, facts: ModuleFacts, body: Sequence[Statement], *, conditions: Conditions, sources: Sources | None
    ) -> None:
        self._module = facts.module
        self._conditions = conditions
        self._decided: dict[Branch, tuple[bool | None, bool | None]] = {}
        self._tries = _tries(facts, body, sources)

    def of(self, index: int, guards: tuple[Guard, ...]) -> Reach:
        """Decide the guards of statement number ``index`` of the body."""
        if not guards:
            return ALWAYS
        runtime = typing = True
        is_fallback = False
        open_branches: list[Branch] = []
        texts: list[str] = []
        for guard in guards:
            match guard.kind:
                case GuardKind.IF:
                    branch = _branch(guard)
                    when_run, when_typed = self._test(branch, guard)
                    runtime = runtime and when_run is not False
                    typing = typing and when_typed is not False
                    if when_run is None or when_typed is None:
                        open_branches.append(branch)
                        texts.append(_text(guard))
                case GuardKind.TRY:
                    block = self._tries.get(guard.block) or _Try()
                    if block.failing is not None and index >= block.failing:
                        runtime = typing = False
                    if not block.is_sure:
                        texts.append("try")
                case GuardKind.EXCEPT:
                    block = self._tries.get(guard.block) or _Try()
                    if block.failing is None and block.has_import and catches_import_failure(guard.test):
                        is_fallback = True
                    elif block.failing is None:
                        open_branches.append(_branch(guard))
                    if block.failing is None:
                        texts.append(_text(guard))
                case GuardKind.MATCH:
                    open_branches.append(_branch(guard))
                    texts.append(_text(guard))
                case GuardKind.LOOP | GuardKind.WITH:
                    pass
        return Reach(
            is_runtime=runtime,
            is_typing=typing,
            is_fallback=is_fallback,
            open=tuple(open_branches),
            condition=SourceText(" and ".join(texts)) if texts else None,
        )

    def _test(self, branch: Branch, guard: Guard) -> tuple[bool | None, bool | None]:
        found = self._decided.get(branch)
        if found is None:
            found = (None, None)
            if guard.test is not None:
                sides = [self._conditions.decide(guard.test, self._module, is_typing=side) for side in (False, True)]
                run, typed = (side if side is None else side is not guard.is_negated for side in sides)
                found = (run, typed)
            self._decided[branch] = found
        return found


def catches_import_failure(test: Expr | None) -> bool:
    """True for a handler that a failing import reaches; ``None`` is a bare ``except``."""
    match test:
        case None:
            return True
        case SequenceExpr(items=items):
            return any(catches_import_failure(item) for item in items if not isinstance(item, SequenceExpr))
        case _:
            parts = dotted_parts(test)
            return parts is not None and parts[-1] in _IMPORT_FAILURES


def written_condition(guards: tuple[Guard, ...]) -> str:
    """Write the tests of all guards, decided or not, as one condition."""
    return " and ".join(_text(guard) for guard in guards if guard.kind not in {GuardKind.LOOP, GuardKind.WITH})


def _branch(guard: Guard) -> Branch:
    return guard.block, guard.kind, guard.is_negated, guard.text or ""


def _text(guard: Guard) -> str:
    text = " ".join((guard.text or "")[:MAX_TEST].split())
    match guard.kind:
        case GuardKind.IF:
            return f"not ({text})" if guard.is_negated else text or "if"
        case GuardKind.EXCEPT:
            return f"except {text}".rstrip()
        case _:
            return f"{guard.kind.value} {text}".rstrip()


def _tries(facts: ModuleFacts, body: Sequence[Statement], sources: Sources | None) -> dict[int, _Try]:
    found: dict[int, _Try] = {}
    for index, statement in enumerate(body):
        # Only the innermost ``try`` sees its import fail: an outer one has handed it over.
        if not statement.guards:
            continue
        block = next((guard for guard in reversed(statement.guards) if guard.kind is not GuardKind.IF), None)
        if block is None or block.kind is not GuardKind.TRY:
            continue
        entry = found.setdefault(block.block, _Try())
        imported = _imported(facts, statement)
        if imported is None:
            continue
        entry.has_import = True
        if entry.failing is None and _is_missing(imported, sources):
            entry.failing = index
        entry.is_sure = entry.is_sure and sources is not None and sources.is_inside(imported)
    return found


def _imported(facts: ModuleFacts, statement: Statement) -> str | None:
    match statement:
        case Import(module=module):
            return module
        case FromImport():
            return imported_module(facts, statement)
        case _ if isinstance(call := getattr(statement, "value", None), Call) and _is_import_call(call.function):
            return ""
        case _:
            return None


def _is_import_call(function: Expr) -> bool:
    parts = dotted_parts(function)
    return (isinstance(function, Name) and function.id == "__import__") or (parts or ("",))[-1] == "import_module"


def _is_missing(module: str, sources: Sources | None) -> bool:
    if module.partition(".")[0] in _GONE:
        return True
    return sources is not None and sources.is_inside(module) and not sources.exists(module)
