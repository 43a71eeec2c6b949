"""What a function without annotations returns is read off its body, and only when a rule is sure enough."""

import pytest

from pybridge.model.evidence import Confidence, Tier
from pybridge.model.expressions import Comprehension, ComprehensionKind, Expr, Name, Opaque
from pybridge.model.facts import Annotation, Decorator, FunctionFacts, ParameterFacts
from pybridge.model.library import SymbolKind
from pybridge.model.names import SourceText, SymbolPath
from pybridge.model.types import (
    AnyType,
    Named,
    NoneType,
    ParameterKind,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    Union,
    Unknown,
    UnknownReason,
)
from pybridge.resolve.annotations import parse_expression
from pybridge.resolve.evidence import infer_return, infer_yield

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW
NONE = NoneType()


def named(path: str, *arguments: TypeExpr) -> Named:
    return Named(path=SymbolPath(path), arguments=arguments)


INT, STR, BOOL, FLOAT = (named(f"builtins:{name}") for name in ("int", "str", "bool", "float"))
UNTOLD = Unknown(reason=UnknownReason.UNANNOTATED)


class Declared:
    def returned_by(self, path):
        return {
            "lib:make": INT,
            "lib:Foo.size": INT,
            "lib:Foo.chain": SelfType(),
            "lib:generic": named("builtins:list", TypeVariable(name="T")),
            "lib:anything": AnyType(),
            "lib:Bar.create": SelfType(),
        }.get(path)

    def attribute(self, owner, name):
        return {("lib:Foo", "name"): STR}.get((owner, name))

    def inherited(self, owner, name):
        return {("lib:Foo", "close"): BOOL}.get((owner, name))

    def variable(self, path):
        return {"lib:LIMIT": INT}.get(path)


@pytest.fixture
def scope(table_scope):
    return table_scope(NAMES)


@pytest.fixture
def class_scope(table_scope):
    return table_scope(NAMES, current_class="lib:Foo")


NAMES = {
    "Foo": ("lib:Foo", SymbolKind.CLASS),
    "make": ("lib:make", SymbolKind.FUNCTION),
    "other": ("lib:other", SymbolKind.FUNCTION),
    "generic": ("lib:generic", SymbolKind.FUNCTION),
    "anything": ("lib:anything", SymbolKind.FUNCTION),
    "create": ("lib:Bar.create", SymbolKind.FUNCTION),
    "LIMIT": ("lib:LIMIT", SymbolKind.VARIABLE),
    "re": ("lib:re", SymbolKind.CLASS),
    "torch": ("torch:", SymbolKind.MODULE),
    "cast": ("typing:cast", SymbolKind.EXTERNAL),
}


def expressions(*texts: str) -> tuple[Expr, ...]:
    return tuple(_expression(text) for text in texts)


def _expression(text: str) -> Expr:
    read = parse_expression(text)
    assert read is not None
    return read


def function(*returned: str, name: str = "f", parameters: tuple[str, ...] = (), **facts) -> FunctionFacts:
    facts.setdefault("can_fall_through", not returned)
    return FunctionFacts(
        name=name,
        span=0,
        returned=expressions(*returned),
        parameters=tuple(ParameterFacts(name=one, kind=ParameterKind.POSITIONAL_OR_KEYWORD) for one in parameters),
        **facts,
    )


def decorated(*texts: str) -> tuple[Decorator, ...]:
    return tuple(Decorator(expr=_expression(text), text=SourceText(text)) for text in texts)


@pytest.mark.parametrize(
    ("returned", "expected", "confidence"),
    [
        ((), NONE, HIGH),
        (("None",), NONE, HIGH),
        (("1",), INT, HIGH),
        (("1", "2"), INT, HIGH),
        (("True",), BOOL, HIGH),
        (("-1.5",), FLOAT, HIGH),
        (("'a'", "None"), Union(members=(STR, NONE)), HIGH),
        (("1", "'a'", "None"), Union(members=(INT, STR, NONE)), HIGH),
        (("''.join(x)",), STR, HIGH),
        (("'%s' % x",), STR, HIGH),
        (("'a' + str(x)",), STR, HIGH),
        (("'a b'.split()",), named("builtins:list", STR), HIGH),
        (("str(x).strip().encode()",), named("builtins:bytes"), HIGH),
        (("len(x)",), INT, HIGH),
        (("len(x) / 2",), FLOAT, HIGH),
        (("sorted(x)",), named("builtins:list"), HIGH),
        (("isinstance(x, int)",), BOOL, HIGH),
        (("dict(x)",), named("builtins:dict"), HIGH),
        (("[]",), named("builtins:list"), HIGH),
        (("[1, 2]",), named("builtins:list", INT), MEDIUM),
        (("[1, x]",), named("builtins:list"), HIGH),
        (("{'a': 1}",), named("builtins:dict", STR, INT), MEDIUM),
        (("{1, 2}",), named("builtins:set", INT), MEDIUM),
        (("(1, 'a')",), Tuple(items=(INT, STR)), MEDIUM),
        (("(1, x)",), Tuple(items=(INT, UNTOLD)), MEDIUM),
        (("Foo()",), named("lib:Foo"), MEDIUM),
        (("Foo().size()",), INT, MEDIUM),
        (("Foo().name",), STR, MEDIUM),
        (("Foo().chain()",), None, None),
        (("Foo().unheard()",), None, None),
        (("LIMIT",), INT, LOW),
        (("super().close()",), None, None),
        (("make()",), INT, MEDIUM),
        (("cast('Foo', x)",), named("lib:Foo"), HIGH),
        (("torch.Tensor(x)",), named("torch:Tensor"), LOW),
        (("torch.zeros(3)",), None, None),
        (("other()",), None, None),
        (("generic()",), None, None),
        (("anything()",), None, None),
        (("create()",), None, None),
        (("Foo",), named("builtins:type", named("lib:Foo")), LOW),
        (("re",), None, None),
        (("x",), None, None),
        (("1", "x"), None, None),
        (("1", "1.5", "'a'", "b''", "None"), None, None),
        (("ValueError('x')",), named("builtins:ValueError"), HIGH),
    ],
)
def test_return(scope, returned: tuple[str, ...], expected: TypeExpr | None, confidence: Confidence | None) -> None:
    claim = infer_return(function(*returned), scope, Declared())

    assert (claim and claim.expr, claim and claim.evidence.confidence) == (expected, confidence)
    assert claim is None or claim.evidence.tier is Tier.INFERRED


def with_value(value: Expr) -> FunctionFacts:
    return FunctionFacts(name="f", span=0, returned=(value,), can_fall_through=False)


def test_falling_off_the_end_adds_none(scope) -> None:
    claim = infer_return(function("1", can_fall_through=True), scope)

    assert claim is not None
    assert claim.expr == Union(members=(INT, NONE))


def test_what_always_raises_claims_nothing(scope) -> None:
    assert infer_return(function(can_fall_through=False), scope) is None


def test_a_stub_body_claims_nothing(scope) -> None:
    assert infer_return(function(is_stub_body=True), scope) is None


@pytest.mark.parametrize("decorator", ["abstractmethod", "abc.abstractmethod", "overload"])
def test_an_abstract_method_claims_nothing(class_scope, decorator: str) -> None:
    assert infer_return(function("1", decorators=decorated(decorator)), class_scope) is None


def test_a_decorator_of_unknown_effect_makes_it_unsure(scope) -> None:
    plain = infer_return(function("1", decorators=decorated("functools.lru_cache(maxsize=1)")), scope)
    wrapped = infer_return(function("1", decorators=decorated("app.route('/')")), scope)

    assert plain is not None and wrapped is not None  # noqa: PT018 - one claim about two
    assert (plain.evidence.confidence, wrapped.evidence.confidence) == (HIGH, LOW)


def test_more_returns_than_facts_keep_claim_nothing(scope) -> None:
    assert infer_return(function(*(str(number) for number in range(32))), scope) is None


def test_not_implemented_is_no_answer(scope) -> None:
    claim = infer_return(function("True", "NotImplemented"), scope)

    assert claim is not None
    assert claim.expr == BOOL


@pytest.mark.parametrize(
    ("returned", "decorators", "expected", "confidence"),
    [
        ("self", (), SelfType(), HIGH),
        ("type(self)(1)", (), SelfType(), MEDIUM),
        ("self.__class__(1)", (), SelfType(), MEDIUM),
        ("self.name", (), STR, MEDIUM),
        ("self.name.upper()", (), STR, MEDIUM),
        ("self.size()", (), INT, MEDIUM),
        ("self.chain()", (), SelfType(), MEDIUM),
        ("None", (), NONE, LOW),
        ("self.unknown", (), None, None),
        ("self(1)", (), None, None),
        ("self(1)", ("classmethod",), SelfType(), MEDIUM),
        ("self", ("classmethod",), named("builtins:type", SelfType()), HIGH),
        ("self", ("staticmethod",), None, None),
        ("super().close()", (), BOOL, MEDIUM),
        ("super().open()", (), None, None),
    ],
)
def test_method(class_scope, returned, decorators, expected, confidence) -> None:
    method = function(returned, parameters=("self",), decorators=decorated(*decorators))

    claim = infer_return(method, class_scope, Declared())

    assert (claim and claim.expr, claim and claim.evidence.confidence) == (expected, confidence)


def test_a_method_that_returns_nothing_is_less_sure_than_a_function(class_scope) -> None:
    claim = infer_return(function(parameters=("self",)), class_scope)

    assert claim is not None
    assert (claim.expr, claim.evidence.confidence) == (NONE, MEDIUM)


@pytest.mark.parametrize(
    ("name", "expected"), [("__len__", INT), ("__repr__", STR), ("__init__", NONE), ("__contains__", BOOL)]
)
def test_python_demands_what_special_methods_return(class_scope, name: str, expected: TypeExpr) -> None:
    claim = infer_return(function("x", name=name, parameters=("self",)), class_scope)

    assert claim is not None
    assert (claim.expr, claim.evidence.confidence) == (expected, HIGH)


def test_a_function_of_that_name_outside_a_class_is_ordinary(scope) -> None:
    assert infer_return(function("x", name="__len__", parameters=("self",)), scope) is None


@pytest.mark.parametrize(
    ("yielded", "is_async", "expected", "confidence"),
    [
        (("1",), False, named("typing:Iterator", INT), MEDIUM),
        (("1", "'a'"), False, named("typing:Iterator", Union(members=(INT, STR))), MEDIUM),
        (("x",), False, named("typing:Iterator"), HIGH),
        (("x",), True, named("typing:AsyncIterator"), HIGH),
        (("None",), False, named("typing:Iterator", NONE), MEDIUM),
    ],
)
def test_generator(scope, yielded, is_async, expected, confidence) -> None:
    facts = function(yielded=expressions(*yielded), is_generator=True, is_async=is_async)

    claim = infer_return(facts, scope)

    assert claim is not None
    assert (claim.expr, claim.evidence.confidence) == (expected, confidence)


def test_items_of_a_generator(scope) -> None:
    known = infer_yield(function(yielded=expressions("1"), is_generator=True), scope)
    from_elsewhere = infer_yield(
        FunctionFacts(name="f", span=0, yielded=(Opaque("yield_from"),), is_generator=True), scope
    )

    assert known is not None
    assert known.expr == INT
    assert from_elsewhere is None
    assert infer_yield(function("1"), scope) is None


def test_a_generator_under_contextmanager_gives_a_manager(scope) -> None:
    facts = function(yielded=expressions("1"), is_generator=True, decorators=decorated("contextlib.contextmanager"))

    claim = infer_return(facts, scope)

    assert claim is not None
    assert claim.expr == named("contextlib:AbstractContextManager", INT)


def test_a_parameter_hides_a_name_of_the_module(scope) -> None:
    assert infer_return(function("make()", parameters=("make",)), scope, Declared()) is None


def test_an_annotated_parameter_that_is_returned_is_a_weak_hint(scope) -> None:
    facts = FunctionFacts(
        name="f",
        span=0,
        returned=(Name("x"),),
        can_fall_through=False,
        parameters=(
            ParameterFacts(
                name="x",
                kind=ParameterKind.VAR_POSITIONAL,
                annotation=Annotation(expr=Name("int"), text=SourceText("int")),
            ),
        ),
    )

    claim = infer_return(facts, scope)

    assert claim is not None
    assert (claim.expr, claim.evidence.confidence) == (Tuple(items=(INT,), is_variadic=True), LOW)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Opaque("fstring"), STR),
        (Opaque("walrus"), None),
        (Opaque("comprehension", SourceText("[x for x in y for y in z]")), named("builtins:list")),
        (Opaque("comprehension"), None),
        (Comprehension(Name("x"), Name("x"), Name("y"), (), ComprehensionKind.LIST), named("builtins:list")),
        (Comprehension(Name("x"), Name("x"), Name("y"), (), ComprehensionKind.GENERATOR), named("typing:Generator")),
        (Comprehension(Name("x"), Name("x"), Name("y")), None),
    ],
)
def test_expressions_that_text_cannot_say(scope, value: Expr, expected: TypeExpr | None) -> None:
    claim = infer_return(with_value(value), scope)

    assert (claim and claim.expr) == expected


def test_endless_nesting_is_not_followed(scope) -> None:
    from pybridge.model.expressions import Unary

    value: Expr = Name("x")
    for _ in range(5000):
        value = Unary("-", value)

    assert infer_return(with_value(value), scope) is None
