"""Whatever two descriptors say of a class, it is judged: a descriptor may come from a file that nobody checked."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pybridge.compat import Library, judge
from pybridge.compat.rules import classes, data
from pybridge.model.callables import Binding, Function, Parameter, Signature
from pybridge.model.classes import (
    Class,
    ClassKind,
    Constructor,
    ConstructorOrigin,
    DataOption,
    EnumMember,
    Field,
    Property,
)
from pybridge.model.evidence import Confidence, Evidence, Tier, TypeClaim
from pybridge.model.library import Export, How, LibraryDescriptor, Module, SymbolKind, Target, Visibility
from pybridge.model.names import SymbolPath
from pybridge.model.types import LiteralKind, LiteralValue, Named, ParameterKind, Unknown, UnknownReason

RULES = (*classes.RULES, *data.RULES)
OWNERS = ("One", "Two", "_Three")
NAMES = st.sampled_from(["a", "b", "_c", "__eq__", "__hash__", "__len__"])
PATHS = st.sampled_from([*(f"lib:{one}" for one in OWNERS), "enum:Enum", "builtins:dict", "far:Thing"])
TEXTS = st.sampled_from(["1", "-0x1", "'a'", "auto()", "a", "(", "", "9" * 200])
FLAG = st.booleans()
CLAIM = TypeClaim(
    expr=Unknown(reason=UnknownReason.UNANNOTATED), evidence=Evidence(tier=Tier.NONE, confidence=Confidence.LOW)
)
CLAIMS = st.sampled_from(
    [
        CLAIM,
        *(TypeClaim(expr=Named(path=SymbolPath(f"builtins:{one}")), evidence=CLAIM.evidence) for one in ("int", "str")),
    ]
)
CONSTANTS = st.none() | st.builds(LiteralValue, kind=st.sampled_from(LiteralKind), text=TEXTS)
SIGNATURES = st.builds(
    Signature,
    parameters=st.lists(
        st.builds(Parameter, name=NAMES, kind=st.sampled_from(ParameterKind), type=CLAIMS, is_required=FLAG), max_size=3
    ).map(tuple),
    returns=CLAIMS,
)


def several(one: st.SearchStrategy, most: int = 3) -> st.SearchStrategy[tuple]:
    """Some of them, each name once."""
    return st.lists(one, max_size=most, unique_by=lambda found: found.name).map(tuple)


def placed(noun: type, owner: str, **fields: st.SearchStrategy) -> st.SearchStrategy:
    """A member by one of the names, in a class."""
    return NAMES.flatmap(
        lambda name: st.builds(noun, path=st.just(SymbolPath(f"lib:{owner}.{name}")), name=st.just(name), **fields)
    )


def a_class(owner: str) -> st.SearchStrategy[Class]:
    """Any class below any of the others, itself included."""
    function = placed(
        Function,
        owner,
        binding=st.sampled_from(Binding),
        signatures=SIGNATURES.map(lambda one: (one,)),
        is_abstract=FLAG,
        is_final=FLAG,
    )
    field = placed(
        Field,
        owner,
        type=CLAIMS,
        is_class_variable=FLAG,
        is_readonly=FLAG,
        is_required=FLAG,
        value=st.none() | TEXTS,
    )
    return st.builds(
        Class,
        path=st.just(SymbolPath(f"lib:{owner}")),
        name=st.just(owner),
        kind=st.sampled_from(ClassKind),
        bases=st.lists(PATHS.map(lambda path: Named(path=SymbolPath(path))), max_size=3).map(tuple),
        mro=st.lists(PATHS, max_size=3).map(tuple),
        metaclass=st.none() | PATHS,
        constructor=st.builds(
            Constructor,
            origin=st.sampled_from(ConstructorOrigin),
            defined_by=st.none() | PATHS,
            signatures=st.lists(SIGNATURES, max_size=1).map(tuple),
        ),
        methods=several(function),
        properties=several(placed(Property, owner, type=CLAIMS, is_abstract=FLAG)),
        fields=several(field),
        enum_members=several(st.builds(EnumMember, name=NAMES, value=st.none() | TEXTS, constant=CONSTANTS)),
        is_abstract=FLAG,
        is_final=FLAG,
        is_frozen=FLAG,
        is_total=FLAG,
        is_closed=FLAG,
        options=st.none() | st.sets(st.sampled_from(DataOption), max_size=3).map(tuple),
        slots=st.none() | st.lists(NAMES, max_size=2).map(tuple),
        disabled_methods=st.lists(NAMES, max_size=1).map(tuple),
    )


def library(found: tuple[Class, ...]) -> Library:
    exports = tuple(
        Export(name=one.name, target=one.path, kind=SymbolKind.CLASS, visibility=Visibility.DEFINED, how=How.DEFINITION)
        for one in found
        if not one.name.startswith("_")
    )
    module = Module(name="lib", classes=found, exports=exports)
    target = Target(python_version="3.11", platform="linux")
    return Library.of(LibraryDescriptor(name="lib", roots=("lib",), target=target, modules=(module,)))


LIBRARIES = st.tuples(*map(a_class, OWNERS)).map(library)


@settings(deadline=None)
@given(LIBRARIES, LIBRARIES)
def test_any_two_classes_are_judged_each_difference_once(old: Library, new: Library):
    found = judge(old, new, RULES)

    told = [(one.rule, one.symbol, one.part, one.message) for one in found]
    assert all(one.old_symbol.startswith("lib:") and one.new_symbol.startswith("lib:") for one in found)
    assert len(told) == len(set(told)), [one for one in told if told.count(one) > 1]


@settings(deadline=None)
@given(LIBRARIES)
def test_no_class_differs_from_itself(one: Library):
    assert judge(one, one, RULES) == ()
