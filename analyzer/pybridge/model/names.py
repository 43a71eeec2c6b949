"""The names of things: strings that look alike and mean different things get a type each."""

from typing import NewType

ModuleName = NewType("ModuleName", str)
"""Dotted import path of a module, ``requests.adapters``."""

SymbolPath = NewType("SymbolPath", str)
"""Where a symbol is defined, ``requests.adapters:HTTPAdapter.send``; a module itself is ``requests.adapters:``."""

PublicPath = NewType("PublicPath", str)
"""Dotted path by which a user reaches a symbol, ``requests.Session``."""

Digest = NewType("Digest", str)
"""64 lowercase hexadecimal digits, SHA-256."""

SourceText = NewType("SourceText", str)
"""Text as the source has it, never evaluated."""


def symbol_path(module: ModuleName, qualname: str) -> SymbolPath:
    """Join a module and a name inside it; an empty ``qualname`` means the module itself."""
    return SymbolPath(f"{module}:{qualname}")


def split_symbol(path: SymbolPath) -> tuple[ModuleName, str]:
    """Undo `symbol_path`; the second part is empty for a module."""
    module, _, qualname = path.partition(":")
    return ModuleName(module), qualname


def dotted(path: SymbolPath) -> str:
    """Write a symbol as Python would say it, ``requests.adapters.HTTPAdapter.send``."""
    return path.replace(":", ".").rstrip(".")
