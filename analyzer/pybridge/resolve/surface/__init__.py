"""Where every name leads: re-exports, stars, ``__all__``, conditions, lazy idioms."""

from pybridge.resolve.surface.classes import class_scope
from pybridge.resolve.surface.completed import complete
from pybridge.resolve.surface.evaluate import resolve_surface
from pybridge.resolve.surface.names import class_statement, resolve_name
from pybridge.resolve.surface.scan.sources import dotted_parts

__all__ = ["class_scope", "class_statement", "complete", "dotted_parts", "resolve_name", "resolve_surface"]
