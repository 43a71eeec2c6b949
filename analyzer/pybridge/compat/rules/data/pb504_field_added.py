"""PB504: a data class got another field."""

from collections.abc import Iterator

from pybridge.compat.classes.fields import is_inserted
from pybridge.compat.pairs import MemberPair
from pybridge.compat.particular import is_data_field, is_made_of_fields
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.symbol_texts import symbol_text
from pybridge.model.classes import ClassKind, Field
from pybridge.model.finding import Bump
from pybridge.model.names import PublicPath, SymbolPath

_OPTIONAL = verdicts("SSBS")
_INSERTED = verdicts("BBBS")


def check(pair: MemberPair) -> Iterator[Hit]:
    """Find fields that the new side alone has; those of named tuples change its length, which PB508 tells."""
    member = pair.new
    if pair.old is not None or member is None or not is_data_field(member) or not is_made_of_fields(pair.owner):
        return
    field = member.definition
    if not isinstance(field, Field) or member.owner.kind is ClassKind.NAMED_TUPLE:
        return
    if field.is_required:
        message, letters, requires = f"required field {pair.name!r} was added", None, None
    elif is_inserted(pair.owner, pair.name):
        message, letters, requires = f"field {pair.name!r} was added before others", _INSERTED, None
    else:
        message, letters, requires = f"field {pair.name!r} was added", _OPTIONAL, Bump.MINOR
    yield Hit(
        symbol=SymbolPath(f"{pair.owner.old.path}.{pair.name}"),
        old_symbol=pair.owner.old.path,
        new_symbol=member.path,
        path=PublicPath(f"{pair.owner.path}.{pair.name}"),
        message=message,
        new_text=symbol_text(field),
        hint="give it a default, behind the others or keyword-only, to keep existing calls working"
        if letters is not _OPTIONAL
        else None,
        verdicts=letters,
        requires=requires,
    )


RULE = Rule(
    id="PB504",
    name="field-added",
    title="A field was added to a data class.",
    why="Every call lacks a field that must be given. One with a default in front of others takes their place in calls by "
    "position. Subclasses have to pass it on.",
    before="from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: int",
    after="from dataclasses import dataclass\n\n\n@dataclass\nclass Point:\n    x: int\n    y: int",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=MemberPair,
    check=check,
)
