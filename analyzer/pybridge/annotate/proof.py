"""Proof that an annotated text is the same program: equal trees once what was added is taken out."""

import ast
from collections.abc import Callable

from pybridge.annotate.file_names import is_type_checking


def is_same_program(before: ast.Module, text: str) -> bool:
    """Tell whether a text differs from a program only in annotations it had not, and in imports for them."""
    try:
        after = ast.parse(text)
        _forget_imports(before, after)
        _forget_annotations(before, after)
        return ast.dump(before) == ast.dump(after)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def _forget_annotations(before: ast.Module, after: ast.Module) -> None:
    """Take out of the later program every annotation that the earlier one lacks."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    old = [node for node in ast.walk(before) if isinstance(node, kinds)]
    new = [node for node in ast.walk(after) if isinstance(node, kinds)]
    for one, other in zip(old, new, strict=True):
        if one.returns is None:
            other.returns = None
        for ours, theirs in zip(_arguments(one.args), _arguments(other.args), strict=True):
            if ours.annotation is None:
                theirs.annotation = None


def _arguments(arguments: ast.arguments) -> list[ast.arg]:
    listed = [*arguments.posonlyargs, *arguments.args, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg]
    return [one for one in listed if one is not None]


def _forget_imports(before: ast.Module, after: ast.Module) -> None:
    """Take out of the later program the imports, and the blocks of nothing but imports, that the earlier one lacks."""
    after.body = _without_new(before.body, after.body, _is_for_typing)
    for one, other in zip(before.body, after.body, strict=False):
        if isinstance(one, ast.If) and isinstance(other, ast.If) and is_type_checking(one.test):
            other.body = _without_new(one.body, other.body, _is_import)


def _without_new(old: list[ast.stmt], new: list[ast.stmt], may_go: Callable[[ast.stmt], bool]) -> list[ast.stmt]:
    """Leave out as many statements as there are too many, only such as may go, only where the two lists differ."""
    kept: list[ast.stmt] = []
    surplus = len(new) - len(old)
    for one in new:
        at = len(kept)
        if surplus > 0 and may_go(one) and (at >= len(old) or ast.dump(one) != ast.dump(old[at])):
            surplus -= 1
        else:
            kept.append(one)
    return kept


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.level == 0 and statement.names[0].name != "*"


def _is_for_typing(statement: ast.stmt) -> bool:
    match statement:
        case ast.ImportFrom(module="__future__", names=[ast.alias(name="annotations")]):
            return True
        case ast.ImportFrom(module="typing", names=[ast.alias(name="TYPE_CHECKING", asname=None)]):
            return True
        case ast.If(test=test, body=body, orelse=[]):
            return is_type_checking(test) and all(map(_is_import, body))
        case _:
            return False
