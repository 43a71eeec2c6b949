"""`DocFacts`: what a docstring says of parameters, results, exceptions and attributes, types still as text."""

from enum import Enum

import msgspec


class DocStyle(Enum):
    """By which convention a docstring is written."""

    PLAIN = "plain"
    """No section that could be read."""
    GOOGLE = "google"
    NUMPY = "numpy"
    SPHINX = "sphinx"
    EPYDOC = "epydoc"


class DocParameter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A parameter or attribute, as documented."""

    name: str
    """Without ``*`` and back-slashes."""
    type_text: str | None = None
    description: str = ""
    is_optional: bool = False
    """Said to be optional, or to have a default."""


class DocValue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a function returns or yields, as documented."""

    type_text: str | None = None
    """Several named values of a NumPy docstring are one tuple, ``(int, str)``."""
    description: str = ""


class DocFacts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a docstring says."""

    style: DocStyle = DocStyle.PLAIN
    parameters: tuple[DocParameter, ...] = ()
    returns: DocValue | None = None
    yields: DocValue | None = None
    raises: tuple[str, ...] = ()
    """Names of exceptions, in order, each once."""
    attributes: tuple[DocParameter, ...] = ()

    def parameter(self, name: str) -> DocParameter | None:
        """Find a parameter by name; None where it is not documented."""
        for one in self.parameters:
            if one.name == name:
                return one
        return None


class FieldKind(Enum):
    """What a field of a docstring tells."""

    PARAMETER = "parameter"
    ATTRIBUTE = "attribute"
    TYPE = "type"
    """The type of a parameter or attribute, told apart from its description."""
    RETURNS = "returns"
    RETURN_TYPE = "return_type"
    YIELDS = "yields"
    RAISES = "raises"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One well-formed field that a scanner found: short, on one line but for its description."""

    kind: FieldKind
    name: str = ""
    """Of the parameter, attribute, returned value or exception; empty where there is none."""
    type_text: str = ""
    description: str = ""
