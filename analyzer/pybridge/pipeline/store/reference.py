"""``LIBRARY@REF``: a library, and which of its snapshots."""

import msgspec


class Reference(msgspec.Struct, frozen=True, kw_only=True):
    """A library and a revision."""

    library: str
    revision: str | None
    """None for the newest."""


def parse_reference(text: str) -> Reference:
    """Read ``jinja2``, ``jinja2@3.1.6``, ``jinja2@4f0c91~2`` or ``jinja2@~1``; nothing behind the ``@`` is the newest."""
    library, _, revision = text.partition("@")
    return Reference(library=library, revision=revision or None)
