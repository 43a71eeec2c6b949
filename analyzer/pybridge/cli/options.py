"""Options that several commands share, and what they add up to."""

import functools
from collections.abc import Callable
from pathlib import Path

import click
import msgspec

from pybridge.model.library import Target
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.pipeline.target import default_target, parse_target
from pybridge.pipeline.workspace import locate

_FOLDER = click.Path(path_type=Path, file_okay=False)
_PLACE = click.Path(path_type=Path)
"""A file in the way is for the store to tell: it is no wrong usage."""


class LibraryOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Which library, for what, and where things are kept."""

    library: str | None
    site_packages: Path | None
    path: Path | None
    python_version: str | None
    platform: str | None
    include_tests: bool
    jobs: int
    store: Path | None
    cache: Path | None

    def request(self) -> AnalyzeRequest:
        """Return what to analyse.

        Raises:
            UsageError: neither a library nor a path is named.
        """
        if self.library is None and self.path is None:
            message = "name a LIBRARY, or a source tree, a wheel or an sdist with --path PATH"
            raise click.UsageError(message)
        return AnalyzeRequest(
            name=self.library,
            site_packages=self.site_packages,
            path=self.path,
            target=self.target(),
            include_tests=self.include_tests,
            jobs=self.jobs,
        )

    def side_request(self, name: str | None = None) -> AnalyzeRequest:
        """Return how to describe what another argument names; the target only where options name one."""
        is_asked = self.python_version is not None or self.platform is not None
        return AnalyzeRequest(
            name=name or self.library,
            site_packages=self.site_packages,
            path=self.path,
            target=self.target() if is_asked else None,
            include_tests=self.include_tests,
            jobs=self.jobs,
        )

    def target(self) -> Target:
        """Return the Python version and platform to describe for."""
        default = default_target(self.site_packages)
        return parse_target(self.python_version or default.python_version, self.platform or default.platform)

    def places(self) -> Places:
        """Return where the store and the cache are."""
        return locate(store=self.store, cache=self.cache)


def library_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add the LIBRARY argument and its options; the command gets them as one `LibraryOptions`, first."""
    return click.argument("library", required=False)(described_options(function))


def library_and_name(function: Callable[..., int]) -> Callable[..., int]:
    """Do as `library_options`, with a second argument NAME; ``jinja2.Template`` alone names both."""

    @functools.wraps(function)
    def split(options: LibraryOptions, name: str | None, **values: object) -> int:
        if name is None and options.library is not None and "." in options.library and options.path is None:
            name, options = options.library, msgspec.structs.replace(options, library=options.library.partition(".")[0])
        return function(options, name=name, **values)

    return library_options(click.argument("name", required=False)(split))


def several_libraries(function: Callable[..., int]) -> Callable[..., int]:
    """Do as `library_options` for one or more libraries, whose names come as ``libraries``."""
    libraries = click.argument("libraries", nargs=-1, required=True, metavar="LIBRARY...")
    return libraries(described_options(function))


def place_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say where things are kept."""
    store = click.option(
        "--store", type=_PLACE, metavar="DIR", help="The git repository of descriptors.", envvar="PYBRIDGE_STORE"
    )
    cache = click.option("--cache", type=_PLACE, metavar="DIR", help="The cache folder.", envvar="PYBRIDGE_CACHE")
    return store(cache(function))


def described_options(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options of describing, without a LIBRARY; the command gets them as one `LibraryOptions`, first."""

    @functools.wraps(function)
    def gathered(**values: object) -> int:
        mine = {name: values.pop(name, None) for name in LibraryOptions.__struct_fields__}
        return function(LibraryOptions(**mine), **values)  # type: ignore[arg-type] # click has converted each value

    decorators = (
        click.option("--site-packages", type=_FOLDER, metavar="DIR", help="The environment to look in."),
        click.option("--path", type=_PLACE, metavar="PATH", help="A source tree, a wheel or an sdist."),
        click.option("--python-version", metavar="X.Y", help="Describe for this Python; default: the environment's."),
        click.option("--platform", metavar="NAME", help="Describe for this sys.platform; default: this machine's."),
        click.option("--include-tests", is_flag=True, help="Describe test modules too."),
        click.option(
            "--jobs", type=click.IntRange(0, 64), default=0, metavar="N", help="Child processes; 0: one a core."
        ),
    )
    decorated: Callable[..., int] = place_options(gathered)
    for decorate in reversed(decorators):
        decorated = decorate(decorated)
    return decorated


def format_option(function: Callable[..., int]) -> Callable[..., int]:
    """Add ``--output-format``."""
    return click.option(
        "--output-format",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="How to write the result.",
    )(function)
