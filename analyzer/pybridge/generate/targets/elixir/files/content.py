"""What the templates read: one Struct for each kind of file, everything in it written and ordered already."""

import msgspec

from pybridge.generate.targets.elixir.escape import Elixir
from pybridge.generate.targets.elixir.functions.module_context import Block


class ModuleBody(msgspec.Struct, frozen=True, kw_only=True):
    """The functions of a module, and what it tells of them at run time."""

    types: tuple[Elixir, ...]
    blocks: tuple[Block, ...]
    methods: tuple[Elixir, ...]
    """Items of ``__pybridge_methods__/0``."""
    facts: tuple[Elixir, ...]
    """Entries of ``__pybridge_descriptor__/0`` before its methods."""
    descriptions: tuple[Elixir, ...]
    """Its methods."""


class ClassContent(msgspec.Struct, frozen=True, kw_only=True):
    """The file of a class."""

    header: Elixir
    module: Elixir
    moduledoc: Elixir
    alias: Elixir
    attribute: Elixir | None
    """``@class``; None where no function needs it."""
    typedoc: Elixir
    instance_doc: Elixir
    instance_type: Elixir
    body: ModuleBody


class FunctionsContent(msgspec.Struct, frozen=True, kw_only=True):
    """The file of a Python module's functions."""

    header: Elixir
    module: Elixir
    moduledoc: Elixir
    alias: Elixir | None
    attribute: Elixir | None
    """``@module``; None where no function needs it."""
    body: ModuleBody


class RootContent(msgspec.Struct, frozen=True, kw_only=True):
    """The file of the library: its tables, and the functions of its top module."""

    header: Elixir
    module: Elixir
    moduledoc: Elixir
    alias: Elixir | None
    attribute: Elixir | None
    library: tuple[Elixir, ...]
    """Entries of ``__pybridge_library__/0``."""
    classes: tuple[Elixir, ...]
    """Entries of ``__pybridge_classes__/0``."""
    modules: tuple[Elixir, ...]
    """Entries of ``__pybridge_modules__/0``."""
    body: ModuleBody | None
    """None where the top module has no functions."""
