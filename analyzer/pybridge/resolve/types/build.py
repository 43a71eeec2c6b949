"""Child side: run mypy over a library without executing anything of it.

Why nothing runs (read in mypy 2.4.1): plug-ins are imported only by ``build.load_plugins_from_config``, which does
nothing without ``options.config_file``, and none is set; inline ``# mypy:`` comments set per-module flags only, and
``plugins`` is not one; a foreign interpreter is started only by ``modulefinder.get_search_dirs`` when
``python_executable`` is not our own; worker processes only with ``num_workers``.
"""

import io
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mypy import build, pyinfo
from mypy.errors import CompileError
from mypy.modulefinder import BuildSource
from mypy.nativeparse import native_parse
from mypy.nodes import MypyFile
from mypy.options import Options
from mypy.util import DecodeError, decode_python_encoding
from mypy.version import __version__ as mypy_version

from pybridge.model.diagnostic import Diagnostic
from pybridge.model.names import ModuleName, split_symbol
from pybridge.resolve.types.cache import SHARDS, Databases, EngineCache, engine_cache, held_databases, is_of_typeshed
from pybridge.resolve.types.diagnostics import described, dropped_module
from pybridge.resolve.types.files import EngineFiles
from pybridge.resolve.types.request import ChildTask, OwnModule, TypeRequest
from pybridge.resolve.types.stand_ins import StandIns

MAX_ROUNDS = 12
"""Builds tried while modules that block the build are left out, the scan of all files not counted."""

_EXTERNALS_MODULE = "__pybridge_externals__"
_BLOCKER = re.compile(r"^(?P<path>.+?):(?:(?P<line>\d+):)?(?:\d+:)? error: (?P<text>.*?)(?:  \[[a-z-]+\])?$")
_INTERNAL_ERROR = re.compile(r"^(?P<path>.+?)(?::\d+)?: error: INTERNAL ERROR", re.MULTILINE)


class EngineBroke(Exception):
    """Mypy broke down; a new process may do without the module."""

    def __init__(self, module: ModuleName | None, reason: str) -> None:
        self.module, self.reason = module, reason
        super().__init__(reason)


class Library:
    """A library as mypy has read it: symbol tables of every module it loaded."""

    def __init__(self, result: build.BuildResult, diagnostics: tuple[Diagnostic, ...], options: Options) -> None:
        self._result = result
        """Taking apart what nobody needs any more takes longer than to leave it to the system."""
        manager, graph = result.manager, result.graph
        self.modules: dict[str, MypyFile] = manager.modules
        self.stand_ins = StandIns(result)
        self.paths: dict[str, str] = {name: state.path for name, state in graph.items() if state.path}
        self.diagnostics = diagnostics
        self.options = options
        self.engine = f"mypy {mypy_version}"

    def news_of_typeshed(self) -> tuple[str, ...]:
        """Names that the cache has for stubs of the standard library that it did not have before, sorted."""
        found: list[str] = []
        for name, state in self._result.graph.items():
            tree = self.modules.get(name)
            if tree is not None and not tree.is_cache_skeleton and state.path and is_of_typeshed(state.path):
                meta, data, _ = build.get_cache_names(name, state.path, self.options)
                found += (meta, data, build.get_meta_ex_name(meta))
        return tuple(sorted(found))


@contextmanager
def reading(task: ChildTask, *, on_module: Callable[[], object]) -> Iterator[Library]:
    """Read the library, leaving out what blocks the build; what speeds up the next run is kept when the block is done.

    Raises:
        EngineBroke: mypy failed in a way that this process cannot go on from.
    """
    with engine_cache(task) as cache, held_databases() as databases:
        library = _read(task, cache, databases, on_module)
        yield library
        try:
            databases.keep()
        except sqlite3.Error:
            return
        news = library.news_of_typeshed()
        if cache is not None and news and not _shadows_typeshed(task.request):
            cache.share(news)


def _read(task: ChildTask, cache: EngineCache | None, databases: Databases, on_module: Callable[[], object]) -> Library:
    try:
        return _Runner(task, cache.folder if cache is not None else None, databases, on_module).run()
    except (sqlite3.Error, OSError) as error:
        databases.drop()
        if cache is None:
            raise EngineBroke(None, f"{type(error).__name__}: {error}") from error
        # A broken cache costs one more run, never the answer.
        cache.clear()
        return _Runner(task, None, databases, on_module).run()


def _shadows_typeshed(request: TypeRequest) -> bool:
    """Tell a library whose modules mypy takes for the standard library's."""
    return any(_is_in_typeshed(name) for name in {one.name.partition(".")[0] for one in request.modules})


class _Runner:
    """Builds until mypy accepts what is left of the library."""

    def __init__(
        self, task: ChildTask, cache_dir: Path | None, databases: Databases, on_module: Callable[[], object]
    ) -> None:
        self._request = task.request
        self._databases = databases
        self._options = _options(task.request, task.dropped, cache_dir)
        self._sources = _sources(task.request, task.dropped)
        self._own_paths = {str(one.location) for one in self._sources}
        self._on_module = on_module
        self._diagnostics: list[Diagnostic] = []
        self._blockers: list[str] = []
        self._printed = io.StringIO()
        searched = [str(path) for path in task.request.search_paths]
        # The interpreted module that mypy asks for site-packages: this is the PEP 561 position in its search order.
        pyinfo.getsearchdirs = lambda: ([], searched)

    def run(self) -> Library:
        for _ in range(MAX_ROUNDS):
            self._blockers.clear()
            try:
                return self._build()
            except CompileError as error:
                self._databases.drop()
                if not self._drop_blockers(error.module_with_blocker):
                    raise EngineBroke(None, _first_line(self._blockers)) from error
        raise EngineBroke(None, f"{MAX_ROUNDS} rounds of dropping modules were not enough")

    def _build(self) -> Library:
        sources = [BuildSource(str(one.location), one.name, None) for one in self._sources]
        sources += _external_source(self._request)
        stdout, stderr = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = self._printed
        try:
            result = build.build(
                sources,
                self._options,
                flush_errors=self._flush,
                fscache=EngineFiles(self._sources),
                stdout=self._printed,
                stderr=self._printed,
            )
            _load_fresh_modules(result)
        except (SystemExit, RecursionError, AssertionError, KeyError, AttributeError, TypeError, ValueError) as error:
            raise EngineBroke(self._named_culprit(), _describe(error)) from error
        finally:
            sys.stdout, sys.stderr = stdout, stderr
        return Library(result, tuple(self._diagnostics), self._options)

    def _flush(self, path: str | None, messages: list[str], _is_serious: bool) -> None:  # noqa: FBT001  mypy's order
        """Take what mypy has to say: of a module that is done, or (without a path) of what blocks the build."""
        if path is None:
            self._blockers.extend(messages)
        elif path in self._own_paths:
            self._on_module()

    def _named_culprit(self) -> ModuleName | None:
        """Module that mypy's report of its breakdown names."""
        found = _INTERNAL_ERROR.search(self._printed.getvalue())
        blamed = self._module_at(found["path"]) if found else None
        return blamed.name if blamed else None

    def _drop_blockers(self, blamed: str | None) -> bool:
        """Leave out the modules that mypy names, and every other file of the library that does not parse."""
        blocked: dict[ModuleName, Diagnostic] = {}
        for message in self._blockers:
            found = _BLOCKER.match(message)
            module = self._module_at(found["path"]) if found else None
            if found and module:
                line = int(found["line"]) if found["line"] else None
                blocked.setdefault(module.name, dropped_module(module, found["text"], line=line))
        for source in self._sources:
            if source.name == blamed:
                blocked.setdefault(source.name, dropped_module(source, _first_line(self._blockers)))
        if not self._diagnostics:
            blocked = {**_unparsable(self._sources, self._options), **blocked}
        self._diagnostics.extend(blocked[name] for name in sorted(blocked))
        self._sources = tuple(one for one in self._sources if one.name not in blocked)
        _never_load(self._options, tuple(blocked))
        return bool(blocked)

    def _module_at(self, location: str) -> OwnModule | None:
        """Module of a file: one of the library's, or one of a package that is read with it."""
        for source in self._sources:
            if str(source.location) == location:
                return source
        path = Path(location)
        for folder in self._request.search_paths:
            if path.is_relative_to(folder):
                parts = list(path.relative_to(folder).with_suffix("").parts)
                parts[0] = parts[0].removesuffix("-stubs")
                name = ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)
                return OwnModule(name=ModuleName(name), location=path, is_stub=path.suffix == ".pyi")
        return None


def _sources(request: TypeRequest, dropped: tuple[ModuleName, ...]) -> tuple[OwnModule, ...]:
    """Modules to read, sorted, one file each; typeshed's own text stands in for the modules that mypy is built on."""
    left_out = set(dropped)
    chosen: dict[ModuleName, OwnModule] = {}
    for module in sorted(request.modules, key=lambda one: (one.name, not one.is_stub)):
        if module.name in left_out or module.name in build.CORE_BUILTIN_MODULES:
            continue
        if all(part.isidentifier() for part in module.name.split(".")):
            chosen.setdefault(module.name, module)
    return tuple(chosen.values())


def _external_source(request: TypeRequest) -> list[BuildSource]:
    """A module of ours that imports what is asked about, because a stripped function body may have been its only user."""
    own = {module.name for module in request.modules}
    asked = {split_symbol(path)[0] for path in request.externals} - own
    lines = [f"import {name}" for name in sorted(asked) if all(part.isidentifier() for part in name.split("."))]
    return [BuildSource(None, _EXTERNALS_MODULE, "\n".join(lines) + "\n")] if lines else []


def _options(request: TypeRequest, dropped: tuple[ModuleName, ...], cache_dir: Path | None) -> Options:
    """Mypy's options: types only, bodies stripped, nothing configured from outside."""
    options = Options()
    options.python_executable = sys.executable
    options.config_file = None
    options.plugins = []
    options.num_workers = 0
    major, _, minor = request.python_version.partition(".")
    options.python_version = (int(major), int(minor or 0))
    options.platform = request.platform
    options.follow_untyped_imports = True
    options.ignore_missing_imports = True
    # Errors ignored in a whole file let the parser strip function bodies: a quarter of the time, the same answers.
    options.ignore_errors = True
    options.check_untyped_defs = True
    options.pos_only_special_methods = False
    options.follow_imports = "skip"
    options.fast_module_lookup = True
    options.cache_dir = str(cache_dir) if cache_dir else os.devnull
    options.sqlite_num_shards = SHARDS
    for package in sorted(set(request.follow)):
        if _is_in_typeshed(package):
            # Read as a stub in any case; an option of its own would make all that the cache holds of the standard
            # library stale, which imports it.
            continue
        options.per_module_options[package] = {"follow_imports": "normal"}
        options.per_module_options[f"{package}.*"] = {"follow_imports": "normal"}
    _never_load(options, dropped)
    return options


def _is_in_typeshed(package: str) -> bool:
    """Tell a package that mypy reads with the standard library, such as ``typing_extensions``."""
    stdlib = Path(build.default_data_dir(), "typeshed", "stdlib")
    return (stdlib / f"{package}.pyi").exists() or (stdlib / package).exists()


def _never_load(options: Options, modules: tuple[ModuleName, ...]) -> None:
    """Make imports of these modules unknown names, stubs included."""
    for name in modules:
        options.per_module_options[name] = {"follow_imports": "skip", "follow_imports_for_stubs": True}
    options.build_per_module_cache()


def _unparsable(sources: tuple[OwnModule, ...], options: Options) -> dict[ModuleName, Diagnostic]:
    """Files with syntax errors: one scan, because mypy reports one file a build."""
    broken: dict[ModuleName, Diagnostic] = {}
    for source in sources:
        try:
            text = None if source.text is None else decode_python_encoding(source.text)
            _, errors, _ = native_parse(str(source.location), options, text, skip_function_bodies=True)
        except CompileError as error:
            broken[source.name] = dropped_module(source, _first_line(error.messages))
        except (OSError, ValueError, DecodeError) as error:
            broken[source.name] = dropped_module(source, type(error).__name__)
        else:
            first = next((error for error in errors if error.get("blocker", True)), None)
            if first is not None:
                broken[source.name] = dropped_module(source, first["message"], line=first["line"])
    return broken


def _load_fresh_modules(result: build.BuildResult) -> None:
    """Read from the cache the symbol tables that mypy did not need for itself."""
    manager = result.manager
    components = (manager.scc_by_id[number] for number in manager.top_order)
    missing = [name for one in components for name in sorted(one.mod_ids) if name not in manager.modules]
    if missing:
        build.process_fresh_modules(result.graph, missing, manager)


def _describe(error: BaseException) -> str:
    return "internal error" if isinstance(error, SystemExit) else f"internal error ({described(error)})"


def _first_line(messages: list[str]) -> str:
    """First message without place and code; the whole line may hold a path of this machine."""
    if not messages:
        return "blocked"
    found = _BLOCKER.match(messages[0])
    return found["text"] if found else "blocked"
