"""The type engine: mypy in a child process behind one adapter.

In: `TypeRequest`. Out: `TypeAnswers`. Only the child's own files (``child``, ``build``, ``dump``, ``classes``,
``callables``, ``convert``, ``origins``) import mypy; nothing here does.
"""

from pybridge.resolve.types.answers import (
    AliasAnswer,
    Answer,
    CallableAnswer,
    ClassAnswer,
    ExternalAnswer,
    ModuleAnswer,
    ParameterAnswer,
    PropertyAnswer,
    SignatureAnswer,
    TypeAnswers,
    TypeVariableAnswer,
    VariableAnswer,
)
from pybridge.resolve.types.engine import ask_engine
from pybridge.resolve.types.request import OwnModule, TypeRequest

__all__ = [
    "AliasAnswer",
    "Answer",
    "CallableAnswer",
    "ClassAnswer",
    "ExternalAnswer",
    "ModuleAnswer",
    "OwnModule",
    "ParameterAnswer",
    "PropertyAnswer",
    "SignatureAnswer",
    "TypeAnswers",
    "TypeRequest",
    "TypeVariableAnswer",
    "VariableAnswer",
    "ask_engine",
]
