"""Problems that a person should see, as data: what, where, and the next step."""

from enum import Enum

import msgspec


class Severity(Enum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One problem in the input; the run goes on."""

    code: str
    """Stable and kebab-case, ``syntax-error``."""
    severity: Severity
    message: str
    path: str | None = None
    """File, relative to the library's root; None when no file is at fault."""
    line: int | None = None
    """Counted from 1."""
    column: int | None = None
    """Counted from 1, in characters."""
    hint: str | None = None
    """The next step; None when there is none to name."""
