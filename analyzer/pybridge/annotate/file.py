"""One file: find what is not annotated, write what is wanted there, and prove that nothing else has changed."""

import ast
from collections import Counter
from collections.abc import Iterator

import msgspec

from pybridge.annotate.file_names import FileNames, Spelled, class_names
from pybridge.annotate.imports import future_insertion, import_insertions
from pybridge.annotate.job import FileAnswer, FileJob, Insertion, WantedFunction, insert
from pybridge.annotate.places import FunctionPlace, find_functions
from pybridge.annotate.proof import is_same_program
from pybridge.annotate.source_text import Lines, read_text
from pybridge.annotate.spelling import Speller, Unwritable
from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.names import SymbolPath
from pybridge.model.types import TypeExpr

_TRANSPARENT = frozenset({"abstractmethod", "classmethod", "final", "override", "staticmethod"})
"""Decorators below which a ``def`` says what its callers see."""
_GENERIC = frozenset({"dict", "frozenset", "list", "set", "tuple", "type"})
"""Builtins that take type arguments when they are evaluated."""
_PROPERTIES = frozenset({"abstractproperty", "cached_property", "property"})


def annotate_file(job: FileJob) -> FileAnswer:
    """Annotate one file; one that cannot be read, or would come out as another program, is left as it is.

    Hostile input may overflow libcst's stack and kill the process: `annotate_all` does this in child processes.
    """
    try:
        return _annotated(job)
    except UnicodeEncodeError as error:
        return _left_alone(job, "annotate-refused", f"not annotated: {_told(error)}")
    except Exception as error:  # noqa: BLE001 - libcst raises what it likes; a file that cannot be read is left alone
        return _left_alone(job, "annotate-unreadable", f"not annotated: {_told(error)}")


def _annotated(job: FileJob) -> FileAnswer:
    source = read_text(job.data)
    tree = ast.parse(source.text)
    lines = Lines(source.text)
    insertions, count = _File(job, tree, lines).insertions(find_functions(source.text, lines))
    if not insertions:
        return FileAnswer(data=None)
    text = insert(source.text, insertions)
    if not is_same_program(tree, text):
        return _left_alone(job, "annotate-refused", "not annotated: its text would have become another program")
    return FileAnswer(data=source.encode(text), insertions=insertions, types=count)


class _Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """An annotation before it is decided how it is kept from being evaluated."""

    before: str
    text: str
    after: str
    offset: int
    is_evaluable: bool


class _File:
    def __init__(self, job: FileJob, tree: ast.Module, lines: Lines) -> None:
        self._job, self._tree, self._lines = job, tree, lines
        self._names = FileNames(tree, job.module, job.python_version, is_package=job.is_package)
        self._hidden = {path: class_names(one.body) for path, one in _classes(tree.body, "")}

    def insertions(self, places: tuple[FunctionPlace, ...]) -> tuple[tuple[Insertion, ...], int]:
        """Return everything to insert, in order, and how many types that writes."""
        found = [one for place, wanted in self._matched(places) for one in self._annotations(place, wanted)]
        if not found:
            return (), 0
        filled = {one.offset for one in found}
        equals = [
            Insertion(parameter.bare_equal, " ")
            for place in places
            for parameter in place.parameters
            if parameter.bare_equal is not None and parameter.name_end in filled
        ]
        future, is_quoted = self._deferral(found)
        added = [Insertion(one.offset, f"{one.before}{_quoted(one, is_quoted=is_quoted)}{one.after}") for one in found]
        imports = import_insertions(self._tree, self._lines, self._names)
        at_once = [*([future] if future else []), *imports, *added, *equals]
        return tuple(sorted(at_once, key=lambda one: one.offset)), len(found)

    def _deferral(self, found: list[_Annotation]) -> tuple[Insertion | None, bool]:
        """Decide how annotations that only a checker can read stay unevaluated: by the ``__future__``, or in quotes.

        The ``__future__`` import would change what the annotations that are there already mean to those who read them
        at run time; it is added only to a file that has none.
        """
        if _has_future(self._tree) or all(one.is_evaluable for one in found):
            return None, False
        insertion = None if _has_annotations(self._tree) else future_insertion(self._tree, self._lines)
        return insertion, insertion is None

    def _matched(self, places: tuple[FunctionPlace, ...]) -> Iterator[tuple[FunctionPlace, WantedFunction]]:
        """Pair what is wanted with the one ``def`` that it is about; where there are several, which is not known."""
        wanted = {one.qualname: one for one in self._job.functions}
        candidates = [
            one for one in places if not (len(one.decorators) == 1 and one.decorators[0] in {"setter", "deleter"})
        ]
        times = Counter(one.qualname for one in candidates)
        for place in candidates:
            one = wanted.get(place.qualname)
            if one is not None and times[place.qualname] == 1 and _is_about(place, one):
                yield place, one

    def _annotations(self, place: FunctionPlace, wanted: WantedFunction) -> Iterator[_Annotation]:
        own = place.parameters[1:] if wanted.has_receiver else place.parameters
        for at, parameter in zip(own, wanted.parameters, strict=True):
            if not at.is_annotated and parameter.type is not None:
                after = "" if at.bare_equal is None else " "
                yield from self._annotation(place, parameter.type, at.name_end, before=": ", after=after)
        if not place.is_annotated and wanted.returns is not None:
            yield from self._annotation(place, wanted.returns, place.parenthesis, before=" -> ", after="")

    def _annotation(
        self, place: FunctionPlace, expr: TypeExpr, offset: int, *, before: str, after: str
    ) -> Iterator[_Annotation]:
        hidden = self._hidden.get(".".join(place.class_names), frozenset())
        used: list[Spelled] = []

        def name(path: SymbolPath) -> str:
            spelled = self._names.find(path, self._job.other_paths, hidden)
            used.append(spelled)
            return spelled.text

        def variable(_: str) -> str:
            raise Unwritable

        planned = dict(self._names.new_imports)
        speller = Speller(
            name, lambda member: name(self._names.special(member)), variables=variable, has_self=bool(place.class_names)
        )
        try:
            text = speller.spell(expr)
        except Unwritable:
            self._names.new_imports = planned
            return
        yield _Annotation(
            before=before,
            text=text,
            after=after,
            offset=offset,
            is_evaluable=self._is_evaluable(text, used, place.line),
        )

    def _is_evaluable(self, text: str, used: list[Spelled], line: int) -> bool:
        """Tell whether an annotation can be evaluated where it stands, without loading or knowing anything more."""
        if all(one.end_line == 0 for one in used):
            return {one.text for one in used if f"{one.text}[" in text} <= _GENERIC
        only = used[0]
        return only.text == text and only.end_line is not None and only.end_line < line


def _is_about(place: FunctionPlace, wanted: WantedFunction) -> bool:
    """Tell whether a ``def`` is the one that was described: same parameters, and no decorator that makes it another."""
    allowed = _PROPERTIES | _TRANSPARENT if wanted.is_property else _TRANSPARENT
    own = place.parameters[1:] if wanted.has_receiver else place.parameters
    return (
        all(one in allowed for one in place.decorators)
        and (not wanted.has_receiver or bool(place.parameters))
        and [(one.name, one.kind) for one in own] == [(one.name, one.kind) for one in wanted.parameters]
    )


def _classes(body: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for one in body:
        match one:
            case ast.ClassDef(name=name, body=inner):
                yield f"{prefix}{name}", one
                yield from _classes(inner, f"{prefix}{name}.")
            case ast.If(body=inner, orelse=other) | ast.Try(body=inner, orelse=other):
                yield from _classes([*inner, *other], prefix)
            case _:
                pass


def _has_future(tree: ast.Module) -> bool:
    return any(
        isinstance(one, ast.ImportFrom)
        and one.module == "__future__"
        and any(each.name == "annotations" for each in one.names)
        for one in tree.body
    )


def _has_annotations(tree: ast.Module) -> bool:
    for node in ast.walk(tree):
        match node:
            case ast.AnnAssign() | ast.arg(annotation=ast.expr()):
                return True
            case ast.FunctionDef(returns=ast.expr()) | ast.AsyncFunctionDef(returns=ast.expr()):
                return True
            case _:
                pass
    return False


def _quoted(one: _Annotation, *, is_quoted: bool) -> str:
    if one.is_evaluable or not is_quoted:
        return one.text
    return repr(one.text) if '"' in one.text or "\\" in one.text else f'"{one.text}"'


def _left_alone(job: FileJob, code: str, message: str) -> FileAnswer:
    found = Diagnostic(code=code, severity=Severity.WARNING, message=message, path=job.path)
    return FileAnswer(data=None, diagnostics=(found,))


def _told(error: Exception) -> str:
    first = (str(error).strip() or type(error).__name__).splitlines()[0]
    return first[:200]
