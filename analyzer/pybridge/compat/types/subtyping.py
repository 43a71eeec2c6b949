"""`Subtyping`: whether every value of one type is one of another.

The rules are those of the typing specification as mypy reads it; a test compares both over some thousand pairs. What the
text does not tell is `Answer.MAYBE`: a class of a package that is not read, an `Unknown`, a question of too many steps.
"""

from typing import Final, assert_never

from pybridge.compat.types.ask import Mode, Scope, every
from pybridge.compat.types.calls import call_fits, parameters_fit
from pybridge.compat.types.classes.placing import placed_in
from pybridge.compat.types.classes.shapes import ClassShape, SignatureShape
from pybridge.compat.types.classes.world import OBJECT, World
from pybridge.compat.types.protocols import implements, keys_fit, overloads_fit
from pybridge.compat.types.relation import Answer
from pybridge.compat.types.substitution import parts
from pybridge.compat.types.tuples import joined_items, tuple_fits
from pybridge.compat.types.variance import Variances
from pybridge.model.names import SymbolPath, split_symbol
from pybridge.model.types import (
    Alias,
    AnyType,
    Callable,
    Literal,
    LiteralKind,
    LiteralValue,
    Named,
    Never,
    NoneType,
    SelfType,
    Tuple,
    TypeExpr,
    TypeVariable,
    TypeVariableKind,
    Union,
    Unknown,
    Unpack,
)

MAX_STEPS: Final = 20_000
"""Pairs of types looked at for one question."""
MAX_DEPTH: Final = 48
"""Questions inside questions."""

MAX_CUTS: Final = 100
"""Questions too deep for an answer before the whole has none."""

_ANYTHING: Final = Named(path=OBJECT)
_BOOL: Final = SymbolPath("builtins:bool")
_FUNCTION: Final = Named(path=SymbolPath("builtins:function"))
_INT: Final = SymbolPath("builtins:int")
_TUPLE: Final = SymbolPath("builtins:tuple")
_TYPE: Final = SymbolPath("builtins:type")
_GUARD: Final = SymbolPath("typing:TypeGuard")
_NARROWER: Final = SymbolPath("typing:TypeIs")
_NAMED_TUPLE: Final = SymbolPath("typing:NamedTuple")
_CALL: Final = "__call__"
_OF_NONE: Final = frozenset({"__hash__", "__str__"})
_PROMOTED: Final = {_INT: SymbolPath("builtins:float"), SymbolPath("builtins:float"): SymbolPath("builtins:complex")}
CONSTANTS: Final = {
    LiteralKind.NONE: SymbolPath("types:NoneType"),
    LiteralKind.BOOL: _BOOL,
    LiteralKind.INT: _INT,
    LiteralKind.FLOAT: SymbolPath("builtins:float"),
    LiteralKind.STR: SymbolPath("builtins:str"),
    LiteralKind.BYTES: SymbolPath("builtins:bytes"),
}
"""The class of a constant that is no member of an enumeration."""


class OutOfStepsError(Exception):
    """A question took too long; whoever asked it answers that it is not known."""


class Steps:
    """Counts what one question costs."""

    def __init__(self) -> None:
        self._left, self._cuts_left = MAX_STEPS, MAX_CUTS

    def take(self) -> None:
        """Count one step.

        Raises:
            OutOfStepsError: there is none left.
        """
        self._left -= 1
        if self._left < 0:
            raise OutOfStepsError

    def cut(self) -> None:
        """Count one question that was too deep inside others.

        Raises:
            OutOfStepsError: there were so many that types grow while they are looked into.
        """
        self._cuts_left -= 1
        if self._cuts_left < 0:
            raise OutOfStepsError


Memo = dict[tuple[TypeExpr, TypeExpr], Answer]


class Subtyping:
    """Answers one kind of question (by its mode) about types whose variables one scope declares."""

    def __init__(
        self,
        world: World,
        variances: Variances,
        scope: Scope,
        memo: Memo,
        steps: Steps,
        gradual: "Subtyping | None" = None,
    ) -> None:
        """Ask as `Mode.GRADUAL`; with ``gradual``, which answers so, as `Mode.STRICT`."""
        self.world = world
        self.mode = Mode.GRADUAL if gradual is None else Mode.STRICT
        self._variances, self._scope, self._memo, self._steps, self._gradual = variances, scope, memo, steps, gradual
        self._open: dict[tuple[TypeExpr, TypeExpr], int] = {}
        self._lowest = MAX_DEPTH
        """The outermost open question that was taken for answered since the one at hand was asked."""

    def fits(self, left: TypeExpr, right: TypeExpr) -> Answer:
        """Whether every value of the left type is one of the right type.

        A question that leads back to itself is taken for answered with yes, which is what recursive types mean. An
        answer that rests on that is remembered only with the question that it rests on.
        """
        pair = (left, right)
        known = self._memo.get(pair)
        if known is not None:
            return known
        if left == right and not any(isinstance(one, Unknown) for one in parts(left)):
            return Answer.YES
        depth = len(self._open)
        if pair in self._open:
            self._lowest = min(self._lowest, self._open[pair])
            return Answer.YES
        self._steps.take()
        if depth >= MAX_DEPTH:
            self._steps.cut()
            self._lowest = 0
            return Answer.MAYBE
        outer, self._lowest = self._lowest, MAX_DEPTH
        self._open[pair] = depth
        try:
            answer = self._answer(left, right)
        finally:
            del self._open[pair]
        if answer is Answer.NO or self._lowest >= depth:
            self._memo[pair] = answer
            self._lowest = outer
        else:
            self._lowest = min(outer, self._lowest)
        return answer

    def is_equal(self, left: TypeExpr, right: TypeExpr) -> Answer:
        """Whether both are one type; ``list[Any]`` beside ``list[int]`` is the wider one of two that are compatible."""
        if left == right:
            return self.fits(left, right)
        if self._gradual is None:
            return min(self.fits(left, right), self.fits(right, left))
        return min(self._gradual.is_equal(left, right), self.fits(left, right))

    def _answer(self, left: TypeExpr, right: TypeExpr) -> Answer:
        match left, right:
            case (Alias(), _) | (_, Alias()):
                return self.fits(self._behind(left), self._behind(right))
            case (Never(), _) | (_, AnyType()):
                return Answer.YES
            case (Unpack(), _) | (_, Unpack()):
                return Answer.YES if left == right else Answer.MAYBE
            case _, Named(path=path) if path == OBJECT:
                return Answer.YES
            case (Unknown(), _) | (_, Unknown()):
                return Answer.YES if _is_same_unknown(left, right) else Answer.MAYBE
            case Union(members=members), _:
                return every(self, ((one, right) for one in members))
            case _, Union():
                return self._in_union(left, right)
            case AnyType(), _:
                return Answer.YES if self.mode is Mode.GRADUAL else Answer.NO
            case _, _:
                return self._plain(left, right)

    def _behind(self, expr: TypeExpr) -> TypeExpr:
        return self.world.target(expr) if isinstance(expr, Alias) else expr

    def _in_union(self, left: TypeExpr, right: Union) -> Answer:
        if left in right.members and not isinstance(left, Unknown):
            return Answer.YES
        found = Answer.NO
        for one in right.members:
            found = max(found, self.fits(left, one))
            if found is Answer.YES:
                return found
        if isinstance(left, TypeVariable | SelfType):
            return max(found, self._variable(left, right))
        if isinstance(left, Named) and self._is_exhausted(left, right):
            return Answer.YES
        return found

    def _is_exhausted(self, left: Named, right: Union) -> bool:
        """Whether a union lists every value of an enumeration or of ``bool``."""
        shape = self.world.shape(left.path)
        names = {"true", "false"} if left.path == _BOOL else set(shape.enum_members if shape else ())
        key = self.world.key(left.path)
        if not names:
            return False
        for one in self.world.alternatives(right):
            if isinstance(one, Literal):
                owner, name = _owner(one.values[0])
                if self.world.key(owner) == key:
                    names.discard(name)
                    if not names:
                        return True
        return False

    def _plain(self, left: TypeExpr, right: TypeExpr) -> Answer:
        match left:
            case TypeVariable() | SelfType():
                return self._variable(left, right)
            case _ if isinstance(right, TypeVariable | SelfType):
                return self._into_variable(left, right)
            case Literal(values=(value,)):
                return self._constant(value, right)
            case NoneType():
                return self._none(right)
            case Tuple(items=items):
                if isinstance(right, Tuple):
                    return tuple_fits(self, left, right)
                return self._as_class(Named(path=_TUPLE, arguments=(joined_items(items),)), right)
            case Callable():
                return self._callable(left, right)
            case Named(path=path, arguments=arguments) if path == _TYPE and arguments:
                return self._class_object(arguments[0], right)
            case Named():
                return self._instance(left, right)
            case Literal() | Alias() | Union() | Never() | AnyType() | Unknown() | Unpack():
                return Answer.YES if left == right else Answer.MAYBE
            case _:
                assert_never(left)

    def _variable(self, left: TypeVariable | SelfType, right: TypeExpr) -> Answer:
        """A variable may be anything below its bound."""
        if left == right:
            return Answer.YES
        if isinstance(left, SelfType):
            return Answer.MAYBE if self._scope.owner is None else self.fits(self._scope.owner, right)
        declared = self._scope.variables.get(left.name)
        if declared is None:
            return Answer.MAYBE
        if left.kind is not TypeVariableKind.TYPE:
            return Answer.NO
        if declared.constraints:
            found = every(self, ((one, right) for one in declared.constraints))
            return max(found, Answer.MAYBE) if left.name in self._scope.loose else found
        found = self.fits(declared.bound or _ANYTHING, right)
        return max(found, Answer.MAYBE) if left.name in self._scope.loose else found

    def _into_variable(self, left: TypeExpr, right: TypeVariable | SelfType) -> Answer:
        """Nothing that is known is sure to be what a variable stands for, but for what fits all its constraints."""
        if isinstance(right, SelfType):
            return Answer.NO
        declared = self._scope.variables.get(right.name)
        if declared is None or right.name in self._scope.loose:
            return Answer.MAYBE
        return every(self, ((left, one) for one in declared.constraints)) if declared.constraints else Answer.NO

    def _constant(self, value: LiteralValue, right: TypeExpr) -> Answer:
        owner, name = _owner(value)
        if not isinstance(right, Literal):
            return self.fits(Named(path=owner), right)
        other, other_name = _owner(right.values[0])
        is_same = name == other_name and self.world.key(owner) == self.world.key(other)
        return Answer.YES if is_same else Answer.NO

    def _none(self, right: TypeExpr) -> Answer:
        if isinstance(right, NoneType):
            return Answer.YES
        shape = self.world.shape(right.path) if isinstance(right, Named) else None
        if not isinstance(right, Named) or shape is None or not shape.is_protocol:
            return Answer.NO
        return Answer.YES if _OF_NONE.issuperset(self.world.member_names(right.path)) else Answer.NO

    def _callable(self, left: Callable, right: TypeExpr) -> Answer:
        wanted = _signature(left)
        if isinstance(right, Callable):
            return call_fits(self, wanted, _signature(right))
        if not isinstance(right, Named) or right.path == _TYPE:
            return Answer.NO
        names = set(self.world.member_names(right.path))
        if _CALL not in names:
            return self.fits(_FUNCTION, right)
        called = self.world.member(right, _CALL)
        signatures = called[0].signatures if called else ()
        found = overloads_fit(self, (wanted,), signatures) if signatures else Answer.MAYBE
        if names == {_CALL} or found is Answer.NO:
            return found
        return min(found, implements(self, _FUNCTION, right, itself=left, without=_CALL))

    def _class_object(self, item: TypeExpr, right: TypeExpr) -> Answer:
        """``type[X]``: a class, called for what it makes."""
        match right:
            case Named(path=path, arguments=arguments) if path == _TYPE:
                return self.fits(item, arguments[0] if arguments else AnyType())
            case Callable(returns=returns):
                # What the constructor takes is not asked: a subclass may take something else.
                is_generic = isinstance(item, Tuple) or (isinstance(item, Named) and bool(item.arguments))
                return min(self.fits(item, returns), Answer.MAYBE if is_generic else Answer.YES)
            case Named():
                return self._class_as_instance(item, right)
            case _:
                return Answer.NO

    def _class_as_instance(self, item: TypeExpr, right: Named) -> Answer:
        shape = self.world.shape(right.path)
        if shape is None or shape.is_protocol or not isinstance(item, Named | AnyType):
            return Answer.MAYBE
        if isinstance(item, AnyType):
            return Answer.NO
        for path in self.world.order(item.path):
            above = self.world.shape(path)
            if above is not None and above.metaclass is not None:
                return self.fits(Named(path=above.metaclass), right)
        return Answer.MAYBE if self.world.is_open(item.path) else Answer.NO

    def _instance(self, left: Named, right: TypeExpr) -> Answer:
        match right:
            case Named():
                return self._as_class(left, right)
            case Tuple():
                return self._as_tuple(left, right)
            case Callable():
                return self._as_callable(left, right)
            case NoneType():
                return Answer.NO
            case _:
                return Answer.MAYBE if self.world.is_open(left.path) and not isinstance(right, Literal) else Answer.NO

    def _as_tuple(self, left: Named, right: Tuple) -> Answer:
        found = self._items(left)
        if found is not None:
            return self.fits(found, right)
        return Answer.MAYBE if self.world.is_open(left.path) else Answer.NO

    def _items(self, left: Named) -> TypeExpr | None:
        """The tuple that an instance is; None when it is none."""
        for path in self.world.order(left.path):
            shape = self.world.shape(path)
            if shape is not None and shape.items is not None:
                return Tuple(items=shape.items)
        return self.world.supertype(left, _TUPLE)

    def _as_callable(self, left: Named, right: Callable) -> Answer:
        called = self.world.member(left, _CALL)
        if called is None:
            return Answer.NO if self.world.knows_members(left.path) else Answer.MAYBE
        if called[0].type is not None:
            return self.fits(called[0].type, right)
        found = overloads_fit(self, called[0].signatures, (_signature(right),))
        return max(found, Answer.MAYBE) if called[0].is_partial else found

    def _as_class(self, left: Named, right: TypeExpr) -> Answer:
        """An instance of a class as one of another: derived from it, promoted to it, or of the structure it asks for."""
        if not isinstance(right, Named):
            return self._instance(left, right)
        world = self.world
        ours, theirs = world.key(left.path), world.key(right.path)
        if left.path in {_GUARD, _NARROWER}:
            return self._guard(left, right)
        if ours == theirs or self._is_undescribed_twin(left.path, right.path):
            return self._arguments(left, right)
        asked = world.shape(right.path)
        if (asked is None or not asked.is_protocol) and self._is_promoted(left, right):
            return Answer.YES
        if right.path == _TYPE:
            return self._metaclass(left, right)
        above = world.supertype(left, theirs)
        if above is not None:
            return self._arguments(above, right) if isinstance(above, Named) else self.fits(above, right)
        given = world.shape(left.path)
        if right.path == _NAMED_TUPLE and self._is_named_tuple(left):
            return Answer.YES
        if asked is None:
            return Answer.NO if right.path in {_GUARD, _NARROWER} else Answer.MAYBE
        if given is not None and given.keys is not None and asked.keys is not None:
            return keys_fit(self, given.keys, asked.keys)
        if asked.is_protocol:
            return implements(self, left, right, itself=left)
        if given is None and placed_in(right.path) is not None and placed_in(left.path) is None:
            # A package that the library needs does not derive from the library.
            return Answer.NO
        return Answer.MAYBE if world.is_open(left.path) and not asked.is_final else Answer.NO

    def _guard(self, left: Named, right: Named) -> Answer:
        """``TypeGuard[X]`` is a bool to whom it narrows nothing."""
        if left.path != right.path:
            return Answer.NO if right.path in {_GUARD, _NARROWER} else self.fits(Named(path=_BOOL), right)
        inner = (left.arguments or (AnyType(),))[0], (right.arguments or (AnyType(),))[0]
        return self.is_equal(*inner) if left.path == _NARROWER else self.fits(*inner)

    def _is_undescribed_twin(self, left: SymbolPath, right: SymbolPath) -> bool:
        """Two private classes of one name, each of its side: a move within the library, as far as anybody can see."""
        ours, theirs = placed_in(left), placed_in(right)
        if ours is None or theirs is None or ours[0] == theirs[0]:
            return False
        is_undescribed = self.world.shape(left) is None and self.world.shape(right) is None
        return is_undescribed and split_symbol(ours[1])[1] == split_symbol(theirs[1])[1]

    def _is_promoted(self, left: Named, right: Named) -> bool:
        return any(
            self.fits(Named(path=_PROMOTED[path]), right) is Answer.YES
            for path in self.world.order(left.path)
            if path in _PROMOTED
        )

    def _metaclass(self, left: Named, right: Named) -> Answer:
        """An instance of a metaclass is some class."""
        if self.world.supertype(left, _TYPE) is None:
            return Answer.MAYBE if self.world.is_open(left.path) else Answer.NO
        item = right.arguments[0] if right.arguments else AnyType()
        is_any = isinstance(item, AnyType) and self.mode is Mode.GRADUAL
        return Answer.YES if is_any or item == _ANYTHING else Answer.NO

    def _is_named_tuple(self, left: Named) -> bool:
        shapes = map(self.world.shape, self.world.order(left.path))
        return any(one is not None and one.is_named_tuple for one in shapes)

    def _arguments(self, left: Named, right: Named) -> Answer:
        """Two instances of one class."""
        shape, other_shape = self.world.shape(right.path), self.world.shape(left.path)
        if shape is not None and other_shape is not None and not (shape.parameters and other_shape.parameters):
            # A class that became generic, or is no more: what nobody could say before is no difference.
            return Answer.YES
        ours, theirs = self.world.arguments(left), self.world.arguments(right)
        if shape is None or ours is None or theirs is None or len(ours) != len(theirs):
            return self._undeclared_arguments(left.arguments, right.arguments)
        found = Answer.YES
        for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            if found is Answer.NO:
                break
            found = min(found, self._argument(shape, index, one, other))
        return found

    def _argument(self, shape: ClassShape, index: int, left: TypeExpr, right: TypeExpr) -> Answer:
        if shape.parameters[index].kind is TypeVariableKind.PARAMETERS:
            if isinstance(left, Callable) and isinstance(right, Callable):
                return parameters_fit(self, left.parameters, right.parameters)
            return Answer.YES if left == right else Answer.MAYBE
        match self._variances.of(shape, index):
            case "covariant":
                return self.fits(left, right)
            case "contravariant":
                return self.fits(right, left)
            case _:
                return self.is_equal(left, right)

    def _undeclared_arguments(self, left: tuple[TypeExpr, ...], right: tuple[TypeExpr, ...]) -> Answer:
        """Arguments of a class whose parameters are not known: left out they are ``Any``, else equal or not known."""
        if not right:
            return Answer.YES
        if not left:
            return Answer.YES if self.mode is Mode.GRADUAL else Answer.NO
        if len(left) != len(right):
            return Answer.MAYBE
        return max(Answer.MAYBE, min(self.is_equal(one, other) for one, other in zip(left, right, strict=True)))


def _is_same_unknown(left: TypeExpr, right: TypeExpr) -> bool:
    """Whether one text that nobody can read stands on both sides."""
    others = right.members if isinstance(right, Union) else (right,)
    return isinstance(left, Unknown) and left.text is not None and left in others


def _signature(one: Callable) -> SignatureShape:
    return SignatureShape(parameters=one.parameters, returns=one.returns)


def _owner(value: LiteralValue) -> tuple[SymbolPath, str]:
    """The class of a constant, and what tells it from others of the class."""
    if value.kind is LiteralKind.ENUM:
        owner, _, name = value.text.rpartition(".")
        return SymbolPath(owner), name
    return CONSTANTS[value.kind], value.text
