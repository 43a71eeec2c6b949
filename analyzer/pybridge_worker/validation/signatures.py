"""One callable's parameters: which arguments it takes, and of which types."""

from collections.abc import Mapping, Sequence

from pybridge_worker.bundle import ParameterEntry
from pybridge_worker.errors import InvalidArgument
from pybridge_worker.validation.checks import Check, check_of

OFF, NAMES, TYPES = "off", "names", "types"
LEVELS = (TYPES, NAMES, OFF)
"""How much is checked; the first is the default."""
TABLES = frozenset({"pandas.DataFrame", "polars.DataFrame"})
_POSITIONAL, _EITHER, _REST, _NAMED, _OTHERS = "/", "", "*", "=", "**"


def _table_kind(described: object) -> str | None:
    match described:
        case ["|", *members]:
            kinds = [kind for one in members if (kind := _table_kind(one)) is not None]
            return kinds[0] if len(kinds) == 1 else None
        case str(name) if name in TABLES:
            return name
        case _:
            return None


class Expected:
    """What a callable takes. Made at its first call."""

    def __init__(self, name: str, parameters: Sequence[ParameterEntry], *, checks_types: bool) -> None:
        self._name = name
        checks = {one.name: check for one in parameters if checks_types and (check := check_of(one.type)) is not None}
        kinds = {one.kind for one in parameters}
        self._by_position = [one.name for one in parameters if one.kind in (_POSITIONAL, _EITHER)]
        self._positional_only = [one.name for one in parameters if one.kind == _POSITIONAL]
        self._by_name = frozenset(one.name for one in parameters if one.kind in (_EITHER, _NAMED))
        self._required = frozenset(one.name for one in parameters if one.is_required)
        self._takes_rest, self._takes_others = _REST in kinds, _OTHERS in kinds
        self._checks = {name: check for name, check in checks.items() if name in self._by_name}
        self._sure = {name: check.sure for name, check in self._checks.items()}
        self._order = [one.name for one in parameters]
        self.tables = {one.name: kind for one in parameters if (kind := _table_kind(one.type)) is not None}
        """The parameters that are declared as a table of some library, with its type."""
        places = enumerate(self._by_position)
        self.table_positions = {index: self.tables[name] for index, name in places if name in self.tables}
        self._position_checks = [checks.get(name) for name in self._by_position]
        self._rest_check = self._of_kind(parameters, checks, _REST)
        self._others_check = self._of_kind(parameters, checks, _OTHERS)

    def check(self, positional: Sequence[object], keywords: Mapping[str, object]) -> None:
        """Refuse arguments that the callable does not take.

        Raises:
            InvalidArgument: one is unknown, missing, given twice or of another type; the message names the parameter.
        """
        if not self._takes_others and not self._by_name.issuperset(keywords):
            self._refuse_unknown(keywords)
        if positional:
            self._check_positional(positional, keywords)
        if not self._required.issubset(keywords):
            self._refuse_missing(len(positional), keywords)
        sure = self._sure
        for name, value in keywords.items():
            types = sure.get(name)
            if types is None or type(value) not in types:
                self._check_closely(name, value)

    def _check_closely(self, name: str, value: object) -> None:
        check = self._checks.get(name) if name in self._by_name else self._others_check
        if check is not None and not check.accepts(value):
            raise self._mismatch(name, check, value)

    def _refuse_missing(self, taken: int, keywords: Mapping[str, object]) -> None:
        for name in sorted(self._required.difference(keywords, self._by_position[:taken]), key=self._order.index):
            raise self._invalid(name, "it is missing")

    def _check_positional(self, positional: Sequence[object], keywords: Mapping[str, object]) -> None:
        most = len(self._by_position)
        if len(positional) > most and not self._takes_rest:
            raise self._invalid("*", f"{self._name} takes {most} by position, got {len(positional)}")
        for index, value in enumerate(positional):
            name, check = (
                (self._by_position[index], self._position_checks[index]) if index < most else ("*", self._rest_check)
            )
            if name in keywords and name in self._by_name:
                raise self._invalid(name, "it is given twice, by position and by name")
            if check is not None and not check.accepts(value):
                raise self._mismatch(name, check, value)

    def _refuse_unknown(self, keywords: Mapping[str, object]) -> None:
        name = next(name for name in keywords if name not in self._by_name)
        if name in self._positional_only:
            raise self._invalid(name, f'it goes by position: send it in the list "*" of {self._name}')
        taken = ", ".join([*self._by_position, *sorted(self._by_name.difference(self._by_position))]) or "none"
        raise self._invalid(name[:80], f"{self._name} has no such parameter; it has {taken[:200]}")

    def _mismatch(self, name: str, check: Check, value: object) -> InvalidArgument:
        place, expected, got = check.mismatch(value)
        return self._invalid(name, f"expected {expected}, got {got}", place)

    @staticmethod
    def _invalid(name: str, why: str, place: str = "") -> InvalidArgument:
        return InvalidArgument(f'parameters["{name}"]{place}', why)

    @staticmethod
    def _of_kind(parameters: Sequence[ParameterEntry], checks: Mapping[str, Check], kind: str) -> Check | None:
        return next((checks.get(one.name) for one in parameters if one.kind == kind), None)


class Signatures:
    """The callables of a bundle, by symbol."""

    def __init__(self, entries: Mapping[str, Sequence[ParameterEntry]], level: str) -> None:
        self._entries = entries if level != OFF else {}
        self._checks_types = level == TYPES
        self._made: dict[str, Expected | None] = {}

    def of(self, symbol: str) -> Expected | None:
        """What the callable of a symbol takes. None: it is not known, or not to be checked."""
        if symbol in self._made:
            return self._made[symbol]
        entry = self._entries.get(symbol)
        name = symbol.partition(":")[2]
        expected = None if entry is None else Expected(name, entry, checks_types=self._checks_types)
        self._made[symbol] = expected
        return expected
