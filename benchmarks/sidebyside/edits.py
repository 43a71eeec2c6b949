"""Edits of one function in a module of middling size, each of which a describer has to notice in its own way."""

import ast
import re
from pathlib import Path

import msgspec

MARK = "pybridge_bench_edit"
"""What an edit of a docstring or a signature brings into the description."""

_QUOTES = re.compile(r"""[rRuU]?(?:\"{3}|'{3}|"|')""")


class Edit(msgspec.Struct, frozen=True, kw_only=True):
    """One edit, ready to be made."""

    name: str
    path: Path
    text: str
    """Of the whole file afterwards."""
    is_visible: bool
    """Whether the description must hold `MARK` afterwards; a function's body says nothing that a description tells."""


class NothingToEdit(Exception):
    """No module of the library has a function to try the edits on."""


def plan_edits(package: Path) -> tuple[Edit, ...]:
    """Return the edits for a package: of a function's body, of its docstring, of its signature.

    All are of the module whose size is nearest to the median of those that have a public, undecorated function with a
    docstring at the top; tests and private modules count for nothing here.

    Raises:
        NothingToEdit: there is no such module.
    """
    files = sorted(package.rglob("*.py"), key=lambda path: (path.stat().st_size, path))
    files = [path for path in files if _is_public(path.relative_to(package))]
    middle = len(files) // 2
    for path in sorted(files, key=lambda path: abs(files.index(path) - middle)):
        try:
            return edits_of(path)
        except (NothingToEdit, SyntaxError, UnicodeDecodeError):
            continue
    raise NothingToEdit(package)


def edits_of(path: Path) -> tuple[Edit, ...]:
    """Return the edits for one file; raises `NothingToEdit` when it has no function that is plain enough."""
    source = path.read_text(encoding="utf-8")
    function = _editable(ast.parse(source))
    if function is None:
        raise NothingToEdit(path)
    made = (("body", _with_body, False), ("docstring", _with_docstring, True), ("signature", _with_signature, True))
    return tuple(
        Edit(name=name, path=path, text=edit(source, function), is_visible=is_visible)
        for name, edit, is_visible in made
    )


def _is_public(path: Path) -> bool:
    return not any(part.startswith(("_", "test", "conftest")) for part in path.parts)


def _editable(tree: ast.Module) -> ast.FunctionDef | None:
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or node.decorator_list:
            continue
        if len(node.body) > 1 and ast.get_docstring(node) and node.body[0].lineno > node.lineno:
            return node
    return None


def _with_body(source: str, function: ast.FunctionDef) -> str:
    last = function.body[0].end_lineno or function.body[0].lineno
    return _spliced(source, last, last, " " * function.body[0].col_offset + f"{MARK} = None\n")


def _with_docstring(source: str, function: ast.FunctionDef) -> str:
    number = function.body[0].lineno
    line = source.split("\n")[number - 1]
    opening = _QUOTES.search(line)
    assert opening is not None
    return _spliced(source, number - 1, number, f"{line[: opening.end()]}{MARK} {line[opening.end() :]}\n")


def _with_signature(source: str, function: ast.FunctionDef) -> str:
    """Write the header anew with one more keyword-only parameter."""
    arguments = function.args
    arguments.kwonlyargs.append(ast.arg(arg=MARK, annotation=ast.Name("int")))
    arguments.kw_defaults.append(ast.Constant(0))
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    header = f"{' ' * function.col_offset}def {function.name}({ast.unparse(arguments)}){returns}:\n"
    return _spliced(source, function.lineno - 1, function.body[0].lineno - 1, header)


def _spliced(source: str, first: int, after: int, text: str) -> str:
    lines = source.split("\n")
    return "\n".join(lines[:first]) + "\n" * bool(first) + text + "\n".join(lines[after:])
