"""`Scope`: what the reader of an annotation must be told about the place where it stands."""

from typing import Protocol

from pybridge.model.expressions import Attribute, Name
from pybridge.model.names import SymbolPath
from pybridge.model.types import TypeVariableKind
from pybridge.resolve.symbols import NameTarget
from pybridge.resolve.types.answers import ExternalAnswer


class Scope(Protocol):
    """The names that an annotation, default or returned value can see where it is written."""

    @property
    def current_class(self) -> SymbolPath | None:
        """The class around it; None in a module or a plain function."""

    def lookup(self, expr: Name | Attribute) -> NameTarget | None:
        """Resolve a plain or dotted name; None when it leads nowhere.

        Order: type parameters are not asked here; then the class's own names (nested classes), the module's, the
        builtins. A builtin is ``builtins:int``, a name of another package ``typing:Optional`` or ``torch:Tensor``, both
        of kind EXTERNAL. Dotted names go through modules and classes: ``np.ndarray`` is ``numpy:ndarray``.
        """

    def type_variable(self, expr: Name | Attribute) -> TypeVariableKind | None:
        """Tell which kind of type variable a name is here; None when it is none.

        Either a PEP 695 parameter, or a ``TypeVar``, ``ParamSpec`` or ``TypeVarTuple`` object of the library.
        """

    def external(self, path: SymbolPath) -> ExternalAnswer | None:
        """What the type engine says of a name of another package; None when nobody asked it."""

    def own_alias(self, path: SymbolPath) -> bool:
        """Tell whether a variable or alias of the library stands for a type (`declared_by` says ALIAS)."""

    def own_type(self, path: SymbolPath) -> bool:
        """Tell whether a variable of the library is a type of its own (`declared_by` says NEW_TYPE or CLASS)."""
