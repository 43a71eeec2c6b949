"""The files below a package folder, found without following anything out of it."""

import re
from collections.abc import Hashable, Iterator

from pybridge.errors import SourceUnreadable
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.library import Skip, SkipReason
from pybridge.model.names import ModuleName, symbol_path
from pybridge.model.source import FileKind, SourceFile
from pybridge.source.files import Entry, Files, Status, Trouble
from pybridge.source.naming import COMPILED_SUFFIXES, CYTHON_SUFFIX, STUBS_SUFFIX, is_module_part, module_stem
from pybridge.source.reading import MAX_FILE_BYTES

MAX_FILES = 50_000
MAX_DEPTH = 40

_TEST_FOLDER = "tests"
_PERHAPS_TEST_FOLDER = "test"
"""A folder of tests when a test lies in it; ``django.test`` is API."""
_TEST_FILE = re.compile(r"conftest|test_.*|.*_test")
_TEST_SETTINGS = "conftest"
_KIND_ORDER = {FileKind.SOURCE: 0, FileKind.STUB: 1, FileKind.COMPILED: 2, FileKind.CYTHON: 3}


class Walk:
    """Collects the files of one library; every folder is read in sorted order, so the result is always the same."""

    def __init__(self, base: Files, *, include_tests: bool) -> None:
        self.skipped: list[Skip] = []
        self.diagnostics: list[Diagnostic] = []
        self.is_typed = False
        self._base = base
        self._include_tests = include_tests
        self._files: dict[tuple[str, FileKind], SourceFile] = {}
        self._border = ""
        self._is_full = False

    def add_root(self, root: str) -> None:
        """Find the files of a top-level module or package, and its ``-stubs``, below the base."""
        top, *rest = root.split(".")
        # A stub package replaces the stubs beside the source (PEP 561), so it comes first and stays.
        for folder in (top + STUBS_SUFFIX, top):
            relative = "/".join((folder, *rest))
            if self._base.is_folder(relative) and self._enter_root(relative):
                self._folder(root, relative, (), is_stub_package=folder.endswith(STUBS_SUFFIX))
        parent, _, name = root.replace(".", "/").rpartition("/")
        self._border = parent
        for entry in self._entries(parent, root):
            if not entry.name.startswith(".") and _stem(entry.name) == name:
                self._file(entry, root, f"{parent}/{entry.name}" if parent else entry.name, is_package=False)

    def files(self) -> tuple[SourceFile, ...]:
        """Everything found: by module, source before stub before compiled before Cython."""
        is_built = any(kind is FileKind.COMPILED for _, kind in self._files)
        found = (
            one
            for one in self._files.values()
            if one.kind is not FileKind.CYTHON or self._tells_most(one.module, is_built=is_built)
        )
        return tuple(sorted(found, key=lambda one: (one.module, _KIND_ORDER[one.kind])))

    def _tells_most(self, module: ModuleName, *, is_built: bool) -> bool:
        """True where nothing tells more of a module than its ``.pyx``; in a tree never built it stands for one."""
        kinds = {kind for kind in FileKind if (module, kind) in self._files}
        return not kinds & {FileKind.SOURCE, FileKind.STUB} and (FileKind.COMPILED in kinds or not is_built)

    def _enter_root(self, relative: str) -> bool:
        """Set the border that links may not cross; a root that is itself a link across it is refused."""
        self._border = relative
        trouble = self._base.trouble(relative, border="")
        if trouble is not None:
            name = self._base.location.name or "the folder"
            self._tell(trouble.code, relative, f"leads out of {name}, not followed")
        return trouble is None

    def _entries(self, folder: str, module: str) -> Iterator[Entry]:
        try:
            entries = self._base.entries(folder)
        except SourceUnreadable as error:
            self._skip(module, SkipReason.UNREADABLE, error.reason)
            self._tell("unreadable-folder", folder or ".", error.reason)
            return
        yield from entries

    def _folder(self, module: str, relative: str, above: tuple[Hashable, ...], *, is_stub_package: bool) -> None:
        if len(above) >= MAX_DEPTH:
            self._tell("too-deep", relative, f"folders are nested more than {MAX_DEPTH} deep, not followed")
            return
        try:
            identity = self._base.identity(relative)
        except SourceUnreadable as error:
            self._tell("unreadable-folder", relative, error.reason)
            return
        if identity in above:
            self._tell("symlink-loop", relative, "a link leads back to a folder above it, not followed")
            return
        for entry in self._entries(relative, module):
            name = entry.name
            inner = f"{relative}/{name}"
            if name.startswith(".") or name == "__pycache__" or self._is_full:
                continue
            if not entry.is_plain and not self._stays_inside(inner):
                continue
            if entry.is_folder:
                if self._wants_folder(name, inner, module):
                    self._folder(f"{module}.{name}", inner, (*above, identity), is_stub_package=is_stub_package)
            elif name == "py.typed":
                self.is_typed = True
            elif (stem := _stem(name)) is not None and self._wants_file(name, stem, module):
                is_package = stem == "__init__"
                self._file(entry, module if is_package else f"{module}.{stem}", inner, is_package=is_package)

    def _stays_inside(self, relative: str) -> bool:
        trouble = self._base.trouble(relative, border=self._border)
        if trouble is not None:
            self._refuse(trouble, relative)
        return trouble is None

    def _wants_folder(self, name: str, relative: str, module: str) -> bool:
        if not is_module_part(name):
            if self._base.is_file(f"{relative}/__init__.py"):
                self._skip_public(name, module, SkipReason.UNRESOLVED, "not a name that can be imported")
            return False
        if name not in {_TEST_FOLDER, _PERHAPS_TEST_FOLDER} or self._include_tests:
            return True
        stems = [module_stem(one.name) or "" for one in self._entries(relative, f"{module}.{name}")]
        if name == _PERHAPS_TEST_FOLDER and not any(map(_TEST_FILE.fullmatch, stems)):
            return True
        if any(stems):
            self._skip(f"{module}.{name}", SkipReason.TESTS, "")
        return False

    def _wants_file(self, name: str, stem: str, module: str) -> bool:
        if not is_module_part(stem):
            if name.endswith((".py", ".pyi")):
                self._skip_public(stem, module, SkipReason.UNRESOLVED, "not a name that can be imported")
            return False
        # Tests for users to run (sqlalchemy.testing.suite.test_select) are modules as any other.
        if stem == _TEST_SETTINGS and not self._include_tests:
            self._skip(f"{module}.{stem}", SkipReason.TESTS, "")
            return False
        return True

    def _file(self, entry: Entry, module: str, relative: str, *, is_package: bool) -> None:
        """Record a file, if it is a regular one of acceptable size and no other makes the same module."""
        if not entry.is_plain and not self._stays_inside(relative):
            return
        try:
            status = self._base.status(relative)
        except SourceUnreadable as error:
            self._skip(module, SkipReason.UNREADABLE, error.reason)
            return
        if not isinstance(status, Status):
            if status is not None:
                self._refuse(status, relative)
            return
        kind = _kind(entry.name)
        if kind is not FileKind.COMPILED and status.size_bytes > MAX_FILE_BYTES:
            self._skip(module, SkipReason.TOO_LARGE, f"{status.size_bytes:,} bytes")
            return
        if len(self._files) >= MAX_FILES:
            self._is_full = True
            self._tell("too-many-files", relative, f"more than {MAX_FILES:,} files, the rest is not read")
            return
        data = self._base.data(relative) if kind is not FileKind.COMPILED else None
        if isinstance(data, Trouble):
            self._skip(module, SkipReason.UNREADABLE, data.message)
            self._refuse(data, relative)
            return
        found = SourceFile(
            module=ModuleName(module),
            kind=kind,
            is_package=is_package,
            path=relative,
            location=status.location,
            size_bytes=status.size_bytes,
            mtime_ns=status.mtime_ns,
            data=data,
        )
        self._keep(found)

    def _keep(self, found: SourceFile) -> None:
        """Keep one file of each kind a module: as Python does, a package rather than a module; else the first."""
        key = (found.module, found.kind)
        held = self._files.get(key)
        if held is None:
            self._files[key] = found
            return
        kept, dropped = (found, held) if found.is_package and not held.is_package else (held, found)
        self._files[key] = kept
        if kept.kind is FileKind.SOURCE:
            self._skip(found.module, SkipReason.DUPLICATE, f"{dropped.path}; {kept.path} is imported instead")

    def _skip_public(self, name: str, module: str, reason: SkipReason, detail: str) -> None:
        """Skip aloud only what looks public: private oddities are nobody's business."""
        if not any(part.startswith("_") for part in (*module.split("."), name)):
            self._skip(f"{module}.{name}", reason, detail)

    def _skip(self, module: str, reason: SkipReason, detail: str) -> None:
        path = symbol_path(ModuleName(_encodable(module)), "")
        self.skipped.append(Skip(path=path, reason=reason, detail=_encodable(detail)))

    def _tell(self, code: str, relative: str, message: str) -> None:
        self._refuse(Trouble(code=code, message=message), relative)

    def _refuse(self, trouble: Trouble, relative: str) -> None:
        found = Diagnostic(
            code=trouble.code,
            severity=trouble.severity,
            message=_encodable(trouble.message),
            path=_encodable(relative),
            hint=trouble.hint,
        )
        self.diagnostics.append(found)


def _encodable(name: str) -> str:
    """A name as it can be written down: bytes that are no UTF-8, which come as lone surrogates, are spelt out."""
    return name.encode("utf-8", "backslashreplace").decode()


def _stem(file_name: str) -> str | None:
    """Name of the module that a file makes or tells of; None when it is none."""
    return file_name.removesuffix(CYTHON_SUFFIX) if file_name.endswith(CYTHON_SUFFIX) else module_stem(file_name)


def _kind(file_name: str) -> FileKind:
    if file_name.endswith(CYTHON_SUFFIX):
        return FileKind.CYTHON
    if file_name.endswith(COMPILED_SUFFIXES):
        return FileKind.COMPILED
    return FileKind.STUB if file_name.endswith(".pyi") else FileKind.SOURCE
