"""Python itself judges the rules of parameters: what an old call does with the new signature."""

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping
from inspect import Parameter as Declared
from inspect import Signature as Declaration
from typing import cast

from hypothesis import given, settings
from hypothesis import strategies as st

from pybridge.compat import Library, judge
from pybridge.compat.rules.parameters import RULES
from pybridge.model.callables import Binding, Function, Parameter, Signature
from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.finding import Finding, Verdict
from pybridge.model.library import Export, How, LibraryDescriptor, Module, SymbolKind, Target, Visibility
from pybridge.model.names import ModuleName, SourceText, SymbolPath
from pybridge.model.types import LiteralKind, LiteralValue, Named, ParameterKind, Unknown, UnknownReason

KINDS = {
    Declared.POSITIONAL_ONLY: ParameterKind.POSITIONAL_ONLY,
    Declared.POSITIONAL_OR_KEYWORD: ParameterKind.POSITIONAL_OR_KEYWORD,
    Declared.VAR_POSITIONAL: ParameterKind.VAR_POSITIONAL,
    Declared.KEYWORD_ONLY: ParameterKind.KEYWORD_ONLY,
    Declared.VAR_KEYWORD: ParameterKind.VAR_KEYWORD,
}
VARIADIC = (Declared.VAR_POSITIONAL, Declared.VAR_KEYWORD)
NAMES = ("a", "b", "c", "d", "e")
Call = tuple[tuple[str, ...], Mapping[str, str]]
"""Arguments by position and by name; a value says how it was given, ``#0`` or ``a=``."""


@st.composite
def declarations(draw: st.DrawFn) -> Declaration:
    """A signature of up to five parameters in any legal order; annotated with ``int`` or not at all."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    kinds = sorted(
        draw(st.lists(st.sampled_from([one for one in KINDS if one not in VARIADIC]), min_size=4, max_size=4))
    )
    has_default = False
    parameters = []
    for name, kind in zip(names, kinds, strict=False):
        is_by_place = kind is not Declared.KEYWORD_ONLY
        has_default = draw(st.booleans()) or (has_default and is_by_place)
        annotation = draw(st.sampled_from((int, str, Declared.empty)))
        default = 0 if has_default else Declared.empty
        parameters.append(Declared(name, kind, default=default, annotation=annotation))
    if draw(st.integers(0, 3)) == 0:
        parameters.append(Declared(draw(st.sampled_from(("args", "rest"))), Declared.VAR_POSITIONAL))
    if draw(st.integers(0, 3)) == 0:
        parameters.append(Declared(draw(st.sampled_from(("kwargs", "options"))), Declared.VAR_KEYWORD))
    return Declaration(sorted(parameters, key=lambda one: one.kind))


def calls(declaration: Declaration) -> Iterator[Call]:
    """Calls that a signature accepts: every split between position and name, optional ones given or not."""
    parameters = declaration.parameters.values()
    by_place = [one for one in parameters if one.kind in {Declared.POSITIONAL_ONLY, Declared.POSITIONAL_OR_KEYWORD}]
    named = [one.name for one in parameters if one.kind in {Declared.POSITIONAL_OR_KEYWORD, Declared.KEYWORD_ONLY}]
    takes_more = any(one.kind is Declared.VAR_POSITIONAL for one in parameters)
    takes_any = any(one.kind is Declared.VAR_KEYWORD for one in parameters)
    names = [*named, *(name for name in (*NAMES, "other") if takes_any and name not in named)]
    for count in range(len(by_place) + 1 + 2 * takes_more):
        positions = tuple(f"#{place}" for place in range(count))
        for size in range(len(names) + 1):
            for chosen in itertools.combinations(names, size):
                keywords = {name: f"{name}=" for name in chosen}
                if bound(declaration, (positions, keywords)) is not None:
                    yield positions, keywords


@st.composite
def versions(draw: st.DrawFn) -> tuple[Declaration, Declaration]:
    """An old and a new signature: unrelated, or some edits apart, as most are."""
    old = draw(declarations())
    if draw(st.integers(0, 4)) == 0:
        return old, draw(declarations())
    new = old
    for _ in range(draw(st.integers(1, 3))):
        new = edited(draw, new)
    return old, new


def edited(draw: st.DrawFn, declaration: Declaration) -> Declaration:
    """One edit that gives a legal signature; the same one where it would not."""
    parameters = list(declaration.parameters.values())
    place = draw(st.integers(0, len(parameters)))
    one = parameters[place] if place < len(parameters) else None
    edit = draw(st.sampled_from(("add", "remove", "rename", "kind", "default", "swap", "variadic")))
    name = draw(st.sampled_from([*(each for each in NAMES if each not in declaration.parameters), "new"]))
    if edit == "add":
        kind = draw(st.sampled_from([each for each in KINDS if each not in VARIADIC]))
        parameters.insert(place, Declared(name, kind, default=draw(st.sampled_from((0, Declared.empty)))))
    elif edit == "variadic":
        added = draw(st.sampled_from((Declared("args", VARIADIC[0]), Declared("kwargs", VARIADIC[1]))))
        parameters = [*(each for each in parameters if each.kind is not added.kind), added]
    elif one is not None and edit == "remove":
        parameters.remove(one)
    elif one is not None and edit == "rename":
        parameters[place] = one.replace(name=name)
    elif one is not None and edit == "kind" and one.kind not in VARIADIC:
        parameters[place] = one.replace(kind=draw(st.sampled_from([each for each in KINDS if each not in VARIADIC])))
    elif one is not None and edit == "default" and one.kind not in VARIADIC:
        parameters[place] = one.replace(default=0 if one.default is Declared.empty else Declared.empty)
    elif one is not None and edit == "swap":
        parameters.insert(draw(st.integers(0, len(parameters) - 1)), parameters.pop(place))
    try:
        return Declaration(sorted(parameters, key=lambda each: each.kind))
    except ValueError:
        return declaration


@functools.lru_cache(maxsize=10_000)
def function(text: str) -> Callable[..., dict[str, object]]:
    """A function of a signature, which gives back what its parameters are. `Signature.bind` is no judge:

    before Python 3.13 it refuses a keyword for ``**kwargs`` that a positional-only parameter with a default is called.
    """
    return cast("Callable[..., dict[str, object]]", eval(f"lambda {text}: locals()"))


def bound(declaration: Declaration, call: Call) -> dict[str, object] | None:
    """Call as Python does, and return what the parameters are; None where it raises TypeError."""
    plain = [one.replace(annotation=Declared.empty) for one in declaration.parameters.values()]
    try:
        return function(str(Declaration(plain))[1:-1])(*call[0], **call[1])
    except TypeError:
        return None


def places(declaration: Declaration, call: Call) -> dict[str, str]:
    """Which parameter takes each argument of a call that binds; of variadic ones their stars."""
    arguments = bound(declaration, call)
    assert arguments is not None
    found: dict[str, str] = {}
    for name, value in arguments.items():
        if isinstance(value, tuple):
            found.update(dict.fromkeys(value, "*"))
        elif isinstance(value, dict):
            found.update(dict.fromkeys(value.values(), "**"))
        elif isinstance(value, str):
            found[value] = name
    return found


def library(declaration: Declaration) -> Library:
    """A library with one function of a signature."""
    path = SymbolPath("lib:call")
    function = Function(
        path=path,
        name="call",
        binding=Binding.FUNCTION,
        signatures=(
            Signature(parameters=tuple(map(described, declaration.parameters.values())), returns=claim(Declared.empty)),
        ),
    )
    export = Export(
        name="call", target=path, kind=SymbolKind.FUNCTION, visibility=Visibility.DEFINED, how=How.DEFINITION
    )
    module = Module(name=ModuleName("lib"), exports=(export,), functions=(function,))
    target = Target(python_version="3.11", platform="linux")
    return Library.of(LibraryDescriptor(name="lib", roots=(module.name,), target=target, modules=(module,)))


def described(one: Declared) -> Parameter:
    has_default = one.default is not Declared.empty
    return Parameter(
        name=one.name,
        kind=KINDS[one.kind],
        type=claim(one.annotation),
        is_required=not has_default and one.kind not in VARIADIC,
        default=SourceText(repr(one.default)) if has_default else None,
        default_value=LiteralValue(kind=LiteralKind.INT, text=repr(one.default)) if has_default else None,
    )


def claim(annotation: object) -> TypeClaim:
    if not isinstance(annotation, type) or annotation is Declared.empty:
        expr, confidence = Unknown(reason=UnknownReason.UNANNOTATED), Confidence.LOW
        return TypeClaim(expr=expr, evidence=Evidence(tier=Tier.ANNOTATION, confidence=confidence))
    named = Named(path=SymbolPath(f"builtins:{annotation.__name__}"))
    return TypeClaim(expr=named, evidence=Evidence(tier=Tier.ANNOTATION, confidence=Confidence.HIGH))


def findings(old: Declaration, new: Declaration) -> tuple[Finding, ...]:
    return judge(library(old), library(new), RULES)


def worst(found: tuple[Finding, ...]) -> Verdict:
    """The worst that a caller at run time is told."""
    return min((one.verdict.source for one in found), key=list(Verdict).index, default=Verdict.NONE)


def counterparts(found: tuple[Finding, ...], old: Declaration, new: Declaration) -> dict[str, set[str]]:
    """Parameters that stand for an old one: of its name, and what a rename or a positional-only place gives it."""
    known = {name: {name} for name in old.parameters}
    before, after = list(old.parameters.values()), list(new.parameters.values())
    for one, other in zip(before, after, strict=False):
        is_nameless = Declared.POSITIONAL_ONLY in (one.kind, other.kind)
        is_told = any(each.rule == "PB205" and each.part == one.name for each in found)
        if is_nameless or is_told:
            known[one.name].add(other.name)
    return known


@settings(max_examples=1000, deadline=None)
@given(versions())
def test_a_call_that_fails_or_means_something_else_is_told_as_breaking(sides: tuple[Declaration, Declaration]) -> None:
    old, new = sides
    found = findings(old, new)
    verdict = worst(found)

    meant = counterparts(found, old, new)
    for call in calls(old):
        if verdict is Verdict.BREAKING:
            break
        before = places(old, call)
        if bound(new, call) is None:
            assert (verdict, may_have_failed(old, before)) == (Verdict.RISKY, True), (str(old), str(new), call, found)
            continue
        after = places(new, call)
        moved = {
            value
            for value, name in before.items()
            if not is_meant(value, name, after[value], meant) and not is_named_now(name, after[value], old, verdict)
        }
        swallowed = {value for value in moved if verdict is Verdict.RISKY and after[value] in {"*", "**"}}
        assert moved == swallowed, (str(old), str(new), call, found)


def is_meant(value: str, before: str, after: str, meant: Mapping[str, set[str]]) -> bool:
    """Whether an argument goes where it went; a new parameter may take a keyword of its name from ``**kwargs``."""
    if before in {"*", "**"}:
        return after == before or (before == "**" and after == value.removesuffix("="))
    return after in meant[before]


def may_have_failed(old: Declaration, before: Mapping[str, str]) -> bool:
    """A call that gave something to ``*args`` or ``**kwargs``, or one of a function that named nothing at all."""
    kinds = [one.kind for one in old.parameters.values()]
    return bool({"*", "**"} & set(before.values())) or kinds == list(VARIADIC)


def is_named_now(before: str, after: str, old: Declaration, verdict: Verdict) -> bool:
    """Whether a new parameter takes an argument of ``*args`` of a function that took anything."""
    kinds = {one.kind for one in old.parameters.values()}
    is_forwarded = before == "*" and kinds.issuperset(VARIADIC) and verdict is Verdict.RISKY
    return is_forwarded and after not in old.parameters


@settings(max_examples=1000, deadline=None)
@given(versions())
def test_what_is_told_as_risky_for_a_variadic_breaks_no_call_that_gives_it_nothing(
    sides: tuple[Declaration, Declaration],
) -> None:
    old, new = sides
    found = [one for one in findings(old, new) if one.rule == "PB213" and one.verdict.source is Verdict.RISKY]
    if not found or worst(findings(old, new)) is Verdict.BREAKING:
        return

    failed = [places(old, call).values() for call in calls(old) if bound(new, call) is None]
    assert all({"*", "**"} & set(one) for one in failed) or [one.kind for one in old.parameters.values()] == [*VARIADIC]


@settings(max_examples=1000, deadline=None)
@given(versions())
def test_what_is_told_as_breaking_breaks_a_call(sides: tuple[Declaration, Declaration]) -> None:
    old, new = sides
    found = findings(old, new)

    is_hit = any(bound(new, call) is None or places(old, call) != places(new, call) for call in calls(old))
    assert is_hit or worst(found) is not Verdict.BREAKING, (str(old), str(new), found)


def test_the_calls_of_a_signature_are_all_there() -> None:
    declaration = Declaration(
        [
            Declared("a", Declared.POSITIONAL_OR_KEYWORD),
            Declared("b", Declared.KEYWORD_ONLY, default=0),
            Declared("kwargs", Declared.VAR_KEYWORD),
        ]
    )

    found = [(list(by_place), list(by_name)) for by_place, by_name in calls(declaration)]
    assert ([], ["a"]) in found
    assert (["#0"], ["b"]) in found
    assert (["#0"], ["c", "other"]) in found
    assert not any("a" in by_name for by_place, by_name in found if by_place)
