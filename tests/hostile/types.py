"""Definitions that lead back to themselves, or grow without end when they are followed."""

from pathlib import Path

from hostile.writing import case, package


@case(describes=("hostile.cycle:A", "hostile.order:D"))
def inheritance_cycles_and_impossible_orders(folder: Path) -> None:
    package(
        folder,
        {
            "cycle.py": "class A(B): ...\nclass B(C): ...\nclass C(A): ...\nclass D(D): ...\n",
            "order.py": "class A: ...\nclass B(A): ...\nclass C(A, B): ...\nclass D(B, B): ...\nclass E(object, A): ...\n",
            "far.py": "from hostile.farther import B\nclass A(B): ...\n",
            "farther.py": "from hostile.far import A\nclass B(A): ...\n",
            "odd.py": "class A(1, None, f(), *x, **y, metaclass=A): ...\nclass B(int, str): ...\nclass C(bool): ...\nclass D(A().b): ...\n",
            "inner.py": "class A:\n    class B(A): ...\n    class C(B): ...\nclass E(A.B.C): ...\n",
        },
    )


@case(describes=("hostile.deep:Last",))
def inheritance_four_hundred_deep(folder: Path) -> None:
    def chain(count: int, base: str = "A") -> str:
        return f"class {base}0: ...\n" + "".join(f"class {base}{one + 1}({base}{one}): ...\n" for one in range(count))

    diamonds = "class A0: ...\nclass B0(A0): ...\n"
    diamonds += "".join(
        f"class A{one + 1}(A{one}, B{one}): ...\nclass B{one + 1}(B{one}, A{one}): ...\n" for one in range(60)
    )
    lattice = "class A0: ...\n" + "".join(
        f"class L{one}(A{one}): ...\nclass R{one}(A{one}): ...\nclass A{one + 1}(L{one}, R{one}): ...\n"
        for one in range(60)
    )
    package(
        folder,
        {
            "chain.py": chain(100),
            "deep.py": chain(400, "D") + "class Last(D400):\n    def m(self): return super().m()\n",
            "diamonds.py": diamonds,
            "lattice.py": lattice,
        },
    )


@case()
def aliases_that_grow_or_return(folder: Path) -> None:
    doubling = "A0 = int\n" + "".join(f"A{one + 1} = tuple[A{one}, A{one}]\n" for one in range(40))
    unions = "A0 = int | str\n" + "".join(f"A{one + 1} = dict[A{one}, A{one}] | list[A{one}]\n" for one in range(40))
    generic = "T = TypeVar('T')\nA0 = list[T]\n" + "".join(
        f"A{one + 1} = tuple[A{one}[A{one}[T]], T]\n" for one in range(3)
    )
    callables = "A0 = int\n" + "".join(f"A{one + 1} = Callable[[A{one}, A{one}], A{one}]\n" for one in range(40))
    package(
        folder,
        {
            "doubling.py": f"{doubling}def f(a: A40) -> A39: ...\n",
            "unions.py": f"{unions}def f(a: A40) -> A39: ...\n",
            "generic.py": f"from typing import TypeVar\n{generic}def f(a: A3[int]) -> A2[str]: ...\n",
            "callables.py": f"from typing import Callable\n{callables}def f(a: A40) -> A39: ...\n",
            "recursive.py": "A = list['A'] | dict[str, 'B']\nB = tuple['A', 'B']\nC = 'C'\nD = E\nE = D\ndef f(a: A, c: C, d: D) -> B: ...\n",
            "statements.py": "type A = list[A] | B\ntype B = A\ntype C[T] = C[C[T]]\ndef f(a: A, b: B) -> C[int]: ...\n",
            "chain.py": "A0 = int\n"
            + "".join(f"A{one + 1} = A{one}\n" for one in range(500))
            + "def f(a: A500): ...\n",
        },
    )


@case()
def type_variables_bound_to_themselves(folder: Path) -> None:
    head = "from typing import Generic, TypeVar, Protocol, NewType, NamedTuple, TypedDict\n"
    package(
        folder,
        {
            "bounds.py": head
            + "T = TypeVar('T', bound='T')\nU = TypeVar('U', bound='list[V]')\nV = TypeVar('V', bound='list[U]')\n"
            "class A(Generic[T]):\n    def f(self, a: T, b: U) -> V: ...\n",
            "new.py": "def f[T: T](a: T) -> T: ...\nclass A[T: A[T]]:\n    x: T\nclass B[T: list[U], U: list[T]]: ...\n",
            "own_base.py": head
            + "class A(Generic['A']): ...\nclass B(list['B']): ...\nclass C(B['C', 'C']): ...\nclass D(dict[D, D]): ...\n",
            "expanding.py": head
            + "T = TypeVar('T')\nclass A(Generic[T]):\n    x: 'A[A[T]]'\n    def f(self) -> 'A[A[A[T]]]': ...\n"
            "class B(A['B[B[T]]'], Generic[T]): ...\n",
            "protocols.py": head
            + "class P(Protocol):\n    def f(self) -> 'Q': ...\nclass Q(P, Protocol):\n    def g(self) -> P: ...\nclass R(P, Q, Protocol): ...\n",
            "made.py": head
            + "A = NewType('A', 'A')\nB = NewType('B', C)\nC = NewType('C', B)\nD = NamedTuple('D', [('x', 'D')])\n"
            "E = TypedDict('E', {'e': 'E', 'end': 'list[E]', '\\ud800': int})\nF = TypedDict('F', {str(i): int for i in x})\n",
        },
    )


@case()
def values_that_mention_themselves(folder: Path) -> None:
    """What inference follows from one function to the next."""
    chain = "".join(f"def f{one}(): return f{one + 1}()\n" for one in range(2_000)) + "def f2000(): return 1\n"
    fan = (
        "".join(f"def g{one}(): return g{one + 1}() if g{one + 1}() else g{one + 1}()\n" for one in range(40))
        + "def g40(): return 1\n"
    )
    tuples = (
        "".join(f"def h{one}(): return (h{one + 1}(), h{one + 1}())\n" for one in range(40)) + "def h40(): return 1\n"
    )
    variables = "v0 = 1\n" + "".join(f"v{one + 1} = [v{one}, v{one}]\n" for one in range(40))
    package(
        folder,
        {
            "chain.py": chain,
            "fan.py": fan,
            "tuples.py": tuples,
            "variables.py": variables + "def f(a=v40): return v40\n",
            "circle.py": "def f(): return g()\ndef g(): return f()\ndef h(): return h\nx = y\ny = x\ndef k(a=x): return k(k)\n",
            "members.py": "class A:\n    def __init__(self):\n        self.x = self.y\n        self.y = self.x\n        self.me = self.me.me\n"
            "    def f(self): return self.g()\n    def g(self): return self.f()\n    p = property(lambda self: self.p)\n",
            "partials.py": "from functools import partial\nf = partial(f)\ng = partial(h)\nh = partial(g)\nk = partial(partial(partial(k)))\n",
            "wrapped.py": "from functools import wraps\ndef d(f):\n    @wraps(f)\n    def w(*a, **k): return f(*a, **k)\n    return d(w)\n"
            + "@d\n" * 200
            + "def f(a, b=1): ...\n",
        },
    )


@case()
def special_forms_used_wrongly(folder: Path) -> None:
    package(
        folder,
        {
            "forms.py": "import typing as t\nfrom typing import *\ndef f(a: Optional, b: Union[()], c: Literal, d: Callable[int], e: Annotated[int], "
            "g: ClassVar[Final[ClassVar]], h: Unpack[Unpack[int]], i: Literal[f()], j: t.Tuple[..., ...], k: Concatenate[int], "
            "*args: Unpack[int], **kw: Unpack[str]) -> TypeGuard[()]: ...\n",
            "syntax.py": "def f(a: 'list[', b: '', c: 'x y', d: ' int', e: 'a\\nb', g: (yield), h: lambda: 1, i: {1: 2}, j: [1], k: 1 + 1): ...\n",
            "deep_string.py": f"def f(a: '{'list[' * 5_000}int{']' * 5_000}', b: '{'(' * 150}int{')' * 150}'): ...\n",
            "quoted.py": 'def f(a: "\'\\"\'\\\\\\"int\\\\\\"\'\\"\'", b: \'list["dict[str, int]"]\'): ...\n',
            "literals.py": "from typing import Literal\ndef f(a: Literal["
            + ", ".join(f"'{one}'" for one in range(5_000))
            + "]): ...\n",
            "annotated.py": "from typing import Annotated\ndef f(a: "
            + "Annotated[" * 60
            + "int"
            + ", 1]" * 60
            + "): ...\n",
        },
    )
