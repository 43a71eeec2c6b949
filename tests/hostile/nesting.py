"""Sources that nest or repeat until a parser gives up."""

from pathlib import Path

from hostile.writing import case, package

DEPTH = 10_000
LONG = 3_000
"""Of operators in a row: what mypy keeps of them grows with the square, to 3.6 GB for ten thousand."""
SEVERAL = 2_000


@case(broken=("parens", "lists", "dicts", "subscripts_in", "calls", "annotation", "type_arguments"))
def brackets_ten_thousand_deep(folder: Path) -> None:
    package(
        folder,
        {
            "parens.py": f"x = {'(' * DEPTH}1{')' * DEPTH}\n",
            "lists.py": f"x = {'[' * DEPTH}{']' * DEPTH}\n",
            "dicts.py": f"x = {'{1:' * DEPTH}1{'}' * DEPTH}\n",
            "subscripts_in.py": f"x = {'a[' * DEPTH}0{']' * DEPTH}\n",
            "calls.py": f"x = {'f(' * DEPTH}{')' * DEPTH}\n",
            "annotation.py": f"def f(x: {'list[' * DEPTH}int{']' * DEPTH}): ...\n",
            "type_arguments.py": f"class A({'B[' * DEPTH}int{']' * DEPTH}): ...\n",
        },
    )


@case(broken=("unclosed", "crossed", "strings"))
def brackets_that_never_close(folder: Path) -> None:
    package(
        folder,
        {
            "unclosed.py": "x = " + "(" * 1_000_000,
            "crossed.py": "x = " + "([)]" * 100_000 + "\n",
            "strings.py": "x = '''" + "(" * 100_000,
        },
    )


@case(tells=("syntax_error",))
def operators_three_thousand_long(folder: Path) -> None:
    """Either described or told: Python itself refuses some of them."""
    package(
        folder,
        {
            "attributes.py": f"x = a{'.a' * LONG}\n",
            "unary.py": f"x = {'-' * LONG}1\n",
            "binary.py": f"x = 1{' + 1' * LONG}\n",
            "compared.py": f"x = 1{' < 1' * LONG}\n",
            "either.py": f"x = 1{' or 1' * LONG}\n",
            "ternary.py": f"x = {'1 if a else ' * LONG}1\n",
            "lambdas.py": f"x = {'lambda: ' * LONG}1\n",
            "strings.py": "x = " + "'a' " * LONG + "\n",
            "union.py": f"def f(x: int{' | int' * LONG}) -> int: ...\n",
            "targets.py": f"{'x = ' * LONG}1\n",
        },
    )


@case()
def statements_two_thousand_long(folder: Path) -> None:
    clauses = "".join(f"elif a == {number}:\n    x = {number}\n" for number in range(SEVERAL))
    package(
        folder,
        {
            "elifs.py": f"a = 1\nif a:\n    x = 0\n{clauses}",
            "decorators.py": "@d\n" * SEVERAL + "def f(): ...\n",
            "comprehension.py": f"x = [1 {'for a in b ' * SEVERAL}]\n",
            "guards.py": f"x = [1 for a in b {'if a ' * SEVERAL}]\n",
            "cases.py": "match x:\n" + "".join(f"    case {number}: pass\n" for number in range(SEVERAL)),
            "handlers.py": "try: ...\n" + "except A: ...\n" * SEVERAL,
            "withs.py": f"with {', '.join(['a'] * SEVERAL)}: ...\n",
        },
    )


@case()
def indentation_beyond_what_python_allows(folder: Path) -> None:
    package(
        folder,
        {
            "indents.py": "".join(f"{' ' * level}if x:\n" for level in range(110)) + " " * 110 + "pass\n",
            "functions.py": "".join(f"{' ' * level}def f():\n" for level in range(200)) + " " * 200 + "pass\n",
            "spaces.py": "if x:\n" + " " * 100_000 + "def f(): ...\n",
        },
    )


@case()
def classes_and_functions_ninety_deep(folder: Path) -> None:
    package(
        folder,
        {
            "classes.py": "".join(f"{' ' * level}class A{level}:\n" for level in range(90)) + " " * 90 + "x: int\n",
            "inner.py": "".join(f"{' ' * level}def f{level}(a=1):\n" for level in range(90)) + " " * 90 + "return 1\n",
        },
    )


@case()
def version_tests_by_the_thousand(folder: Path) -> None:
    """2 ** n guards: every name has another definition on every path."""
    tests = "".join(f"if sys.version_info >= (3, {number % 20}):\n    def f(a=1): ...\n" for number in range(400))
    platforms = "".join(
        f"if sys.platform == 'p{number}':\n    x = {number}\nelse:\n    x = ''\n" for number in range(100)
    )
    deep = "".join(f"{' ' * level}if sys.version_info >= (3, {level % 20}):\n" for level in range(90))
    known = "".join(f"elif sys.version_info >= (3, {number % 20}):\n    x = {number}\n" for number in range(SEVERAL))
    both = "".join(
        f"if a{number} and (b or not c{number}):\n    from os import path as f{number % 3}\n" for number in range(200)
    )
    package(
        folder,
        {
            "versions.py": f"import sys\n{tests}",
            "platforms.py": f"import sys\n{platforms}",
            "deep.py": f"import sys\n{deep}{' ' * 90}def f(): ...\n",
            "ladder.py": f"import sys\nif sys.version_info < (2, 0):\n    x = ''\n{known}",
            "mixed.py": both,
            "tried.py": "".join(
                f"try:\n    import a{number} as m\nexcept ImportError:\n    m = None\n" for number in range(200)
            ),
        },
    )


@case()
def f_strings_inside_f_strings(folder: Path) -> None:
    quotes = ["'", '"', "'''", '"""']
    nested = "1"
    for quote in quotes:
        nested = f"f{quote}{{{nested}}}{quote}"
    package(
        folder,
        {
            "nested.py": f"x = {nested}\n",
            "many.py": "x = f'" + "{a}" * DEPTH + "'\n",
            "deep.py": "x = " + 'f"{' * 300 + "1" + '}"' * 300 + "\n",
            "formats.py": "x = f'{a:" + "{b}" * DEPTH + "}'\n",
        },
    )
