"""Where imports go that annotations need: behind those that are there, for type checkers only."""

import ast

from pybridge.annotate.file_names import FileNames, is_type_checking
from pybridge.annotate.job import Insertion
from pybridge.annotate.source_text import Lines

_FUTURE = "from __future__ import annotations"


def future_insertion(tree: ast.Module, lines: Lines) -> Insertion | None:
    """Place ``from __future__ import annotations``; None where statements share lines and it has no line of its own."""
    at = 0
    while at < len(tree.body) and (_is_future(tree.body[at]) or (at == 0 and _is_docstring(tree.body[at]))):
        at += 1
    if at == 0:
        offset = lines.start(_first_line(tree.body[0])) if tree.body else 0
        return Insertion(offset, f"{_FUTURE}{lines.line_end}")
    last = tree.body[at - 1]
    end = last.end_lineno or last.lineno
    if at < len(tree.body) and _first_line(tree.body[at]) <= end:
        return None
    blank = "" if _is_future(last) else lines.line_end
    return Insertion(lines.start(end + 1), f"{_new_line(lines, end)}{blank}{_FUTURE}{lines.line_end}")


def import_insertions(tree: ast.Module, lines: Lines, names: FileNames) -> tuple[Insertion, ...]:
    """Place the new imports of a file: in its block for type checkers, or in a new one behind its first imports."""
    wanted = sorted(names.new_imports.items())
    if not wanted:
        return ()
    statements = [_statement(module, name, alias) for (module, name), alias in wanted]
    for one in tree.body:
        if isinstance(one, ast.If) and is_type_checking(one.test) and one.body[0].lineno > one.lineno:
            first = _first_line(one.body[0])
            indent = lines.indentation(first)
            text = "".join(f"{indent}{statement}{lines.line_end}" for statement in statements)
            return (Insertion(lines.start(first), text),)
    return (_new_block(tree, lines, names, statements),)


def _new_block(tree: ast.Module, lines: Lines, names: FileNames, statements: list[str]) -> Insertion:
    end, has_imports = _end_of_imports(tree)
    flag = names.type_checking or "TYPE_CHECKING"
    new = [] if names.type_checking else ["from typing import TYPE_CHECKING"]
    block = [*new, "", f"if {flag}:", *(f"    {statement}" for statement in statements)]
    if not has_imports and block[0]:
        block.insert(0, "")
    if end == 0 and not block[0]:
        del block[0]
    follows = lines.text[lines.start(end + 1) : lines.start(end + 2)].strip()
    if follows:
        block.append("")
    text = "".join(f"{line}{lines.line_end}" for line in block)
    return Insertion(lines.start(end + 1), f"{_new_line(lines, end)}{text}")


def _end_of_imports(tree: ast.Module) -> tuple[int, bool]:
    """Last line of the docstring and the imports that open a file, and whether there are any imports."""
    end, has_imports = 0, False
    for at, one in enumerate(tree.body):
        is_import = isinstance(one, ast.Import | ast.ImportFrom)
        if not is_import and not (at == 0 and _is_docstring(one)):
            return (end, has_imports) if end else (_first_line(one) - 1, False)
        end, has_imports = one.end_lineno or one.lineno, has_imports or is_import
    return end, has_imports


def _statement(module: str, name: str, alias: str) -> str:
    return f"from {module} import {name}" + ("" if alias == name else f" as {alias}")


def _new_line(lines: Lines, line: int) -> str:
    """A line end where the text stops in the middle of a line."""
    stops = line > 0 and lines.start(line + 1) == len(lines.text) and not lines.text.endswith(("\n", "\r"))
    return lines.line_end if stops else ""


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min(statement.lineno, *(one.lineno for one in decorators)) if decorators else statement.lineno


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
