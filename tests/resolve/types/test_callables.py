"""Contract with mypy: functions, methods and properties."""

from collections.abc import Callable

import pytest

from pybridge.resolve.types import Answer, CallableAnswer
from type_spelling import spell_answer

SOURCE = """
    import functools
    from collections.abc import AsyncIterator, Callable, Iterator
    from contextlib import asynccontextmanager, contextmanager
    from typing import Any, Concatenate, ParamSpec, Self, TypedDict, TypeGuard, TypeVar, Unpack, overload
    from typing_extensions import TypeIs, deprecated
    from absent import untyped

    P = ParamSpec("P")
    T = TypeVar("T")

    def listed(f: Callable[P, T]) -> Callable[P, list[T]]: ...
    def first_given(f: Callable[Concatenate[int, P], T]) -> Callable[P, T]: ...
    def loosening(f: Callable[..., T]) -> Callable[..., T]: ...
    def wrapping(f):
        @functools.wraps(f)
        def wrapper(*args, **kwargs): return f(*args, **kwargs)
        return wrapper

    class Options(TypedDict, total=False):
        a: int

    class Lazy[R]:
        def __init__(self, f: Callable[[Any], R]) -> None: ...
        def __get__(self, obj: object, owner: object) -> R: ...
        def __set__(self, obj: object, value: R) -> None: ...

    class Task[**Q, R]:
        def __init__(self, f: Callable[Q, R]) -> None: ...
        def __call__(self, *args: Q.args, **kwargs: Q.kwargs) -> R: ...

    @contextmanager
    def manager(x: int) -> Iterator[str]: yield ""
    @asynccontextmanager
    async def async_manager(x: int) -> AsyncIterator[str]: yield ""
    @functools.lru_cache(maxsize=3)
    def cached(x: int, *, y: str = "") -> str: ...
    @functools.cache
    def cached_plain(x: int) -> str: ...
    @functools.singledispatch
    def dispatched(x: object, y: int = 0) -> str: ...
    @listed
    def decorated(x: int, y: str = "") -> float: ...
    @first_given
    def shortened(n: int, s: str) -> bytes: ...
    @loosening
    def loosened(x: int) -> str: ...
    @wrapping
    def wrapped(x: int) -> str: ...
    @untyped
    def hidden(x: int) -> str: ...
    @listed
    async def decorated_coroutine(x: int) -> str: ...
    @Task
    def task(x: int) -> str: ...
    async def coroutine(x: int) -> str: ...
    async def async_generator() -> AsyncIterator[int]: yield 1
    def generator() -> Iterator[int]: yield 1
    def unannotated(a, b=1, *c, d, e=2, **f): return a
    def partly(a: int, b): ...
    def kinds(a: int, /, b: int, *args: str, c: int = 3, **kwargs: bytes) -> None: ...
    def old_positional_only(__a: int, b: int) -> None: ...
    def none_default(x: int = None): ...
    def packed(**options: Unpack[Options]) -> None: ...
    def guarded(x: object) -> TypeGuard[int]: ...
    def narrowed(x: object) -> TypeIs[int]: ...
    def generic(x: T, f: Callable[[T], bool]) -> T: ...
    @overload
    def overloaded(x: int) -> int: ...
    @overload
    def overloaded(x: str, y: bytes = b"") -> str: ...
    def overloaded(x, y=b""): ...
    @untyped(int)
    def registered(x: int) -> int: ...
    @untyped(str)
    def registered(x: str) -> str: ...
    @deprecated("use kinds")
    def old() -> None: ...

    class C:
        @property
        def readonly(self) -> int: ...
        @property
        def writable(self) -> int: ...
        @writable.setter
        def writable(self, value: int) -> None: ...
        @functools.cached_property
        def computed(self) -> list[str]: ...
        @property
        def undeclared(self): ...
        @Lazy
        def lazy(self) -> bytes: ...
        @classmethod
        def make(cls, n: int) -> Self: ...
        @staticmethod
        def static(n: int) -> str: ...
        @staticmethod
        def static_undeclared(n): ...
        def me(self) -> Self: ...
        def old_self(self: T, x: int) -> T: ...
        @classmethod
        def old_class(cls: type[T]) -> T: ...
        @functools.lru_cache
        def cached(self, n: int) -> str: ...
        @wrapping
        def wrapped(self, n: int) -> str: ...
        @contextmanager
        def manager(self, n: int) -> Iterator[Self]: yield self
        async def coroutine(self, n: int) -> str: ...
        def undeclared_method(self, a, *, b=1): ...
        def no_self(*args: int) -> None: ...
        def __add__(self, other: int) -> int: ...
        __radd__ = __add__
        func = lambda self, x: x
        @overload
        def overloaded(self, x: int) -> int: ...
        @overload
        def overloaded(self, x: str) -> str: ...
        def overloaded(self, x): ...
"""

EXPECTED: dict[str, list[str]] = {
    "manager": ["(x: int) -> contextlib:_GeneratorContextManager[str, None, None]", "is_decorated"],
    "async_manager": ["(x: int) -> contextlib:_AsyncGeneratorContextManager[str, None]", "is_decorated"],
    "cached": ["(x: int, *, y: str = ...) -> str"],
    "cached_plain": ["(x: int) -> str"],
    "dispatched": ["(x: object, y: int = ...) -> str"],
    "decorated": ["(x: int, y: str = ...) -> list[float]", "is_decorated"],
    "shortened": ["(s: str) -> bytes", "def (n: int, s: str) -> bytes", "is_decorated", "changes_signature"],
    "loosened": ["(*: Any, **: Any) -> str", "def (x: int) -> str", "is_decorated", "changes_signature"],
    "wrapped": ["def (x: int) -> str", "is_decorated", "is_opaque"],
    "hidden": ["def (x: int) -> str", "is_decorated", "is_opaque"],
    "decorated_coroutine": ["(x: int) -> list[typing:Coroutine[Any, Any, str]]", "is_decorated"],
    "task": ["(x: int) -> str"],
    "coroutine": ["(x: int) -> str"],
    "async_generator": ["() -> typing:AsyncIterator[int]"],
    "generator": ["() -> typing:Iterator[int]"],
    "unannotated": [
        "(a: ?unannotated, b: ?unannotated = ..., *c: ?unannotated, d: ?unannotated, e: ?unannotated = ..., **f: ?unannotated) -> ?unannotated",
        "not is_declared",
    ],
    "partly": ["(a: int, b: ?unannotated) -> ?unannotated"],
    "kinds": ["(_: int, b: int, *args: str, c: int = ..., **kwargs: bytes) -> None"],
    "old_positional_only": ["(_: int, b: int) -> None"],
    "none_default": ["(x: int = ...) -> ?unannotated"],
    "packed": ["(**options: *lib:Options) -> None"],
    "guarded": ["(x: object) -> typing:TypeGuard[int]"],
    "narrowed": ["(x: object) -> typing:TypeIs[int]"],
    "generic": ["<T> (x: 'T, f: (_: 'T) -> bool) -> 'T"],
    "listed": ["<P, T> (f: (*: 'P, **: 'P) -> 'T) -> (*: 'P, **: 'P) -> list['T]"],
    "overloaded": ["(x: int) -> int", "(x: str, y: bytes = ...) -> str"],
    "registered": ["is_opaque"],
    "old": ["() -> None"],
    "C.readonly": ["int"],
    "C.writable": ["int", "is_settable"],
    "C.computed": ["list[str]", "is_settable"],
    "C.undeclared": ["?unannotated", "not is_declared"],
    "C.lazy": ["bytes", "is_settable"],
    "C.make": ["(n: int) -> Self"],
    "C.static": ["(n: int) -> str"],
    "C.static_undeclared": ["(n: ?unannotated) -> ?unannotated", "not is_declared"],
    "C.me": ["() -> Self"],
    "C.old_self": ["(x: int) -> Self"],
    "C.old_class": ["() -> Self"],
    "C.cached": ["(n: int) -> str"],
    "C.wrapped": ["def (n: int) -> str", "is_decorated", "is_opaque"],
    "C.manager": ["(n: int) -> contextlib:_GeneratorContextManager[Self, None, None]", "is_decorated"],
    "C.coroutine": ["(n: int) -> str"],
    "C.undeclared_method": ["(a: ?unannotated, *, b: ?unannotated = ...) -> ?unannotated", "not is_declared"],
    "C.no_self": ["(*args: int) -> None"],
    "C.__add__": ["(other: int) -> int"],
    "C.__radd__": ["(other: int) -> int", "is_class_variable"],
    "C.func": ["(x: ?unannotated) -> ?unannotated", "is_class_variable"],
    "C.overloaded": ["(x: int) -> int", "(x: str) -> str"],
}


@pytest.fixture(scope="module")
def found(symbols: Callable[..., dict[str, Answer]]) -> dict[str, Answer]:
    return symbols(SOURCE)


@pytest.mark.parametrize("name", EXPECTED)
def test_callable_is_answered_as_its_callers_see_it(name: str, found: dict[str, Answer]) -> None:
    spelled = spell_answer(found[name])

    assert EXPECTED[name] == spelled


def test_deprecation_notice_is_the_text_that_the_author_wrote(found: dict[str, Answer]) -> None:
    old, current = found["old"], found["kinds"]

    assert isinstance(old, CallableAnswer)
    assert isinstance(current, CallableAnswer)
    assert (old.deprecated, current.deprecated) == ("use kinds", None)
