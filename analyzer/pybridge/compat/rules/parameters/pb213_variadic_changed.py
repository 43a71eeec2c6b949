"""PB213: ``*args`` or ``**kwargs`` came or went."""

from collections.abc import Iterator

from pybridge.compat.arguments import is_spelled_out, is_variadic
from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import call_texts
from pybridge.model.callables import Parameter
from pybridge.model.finding import Bump
from pybridge.model.types import ParameterKind

_ADDED = verdicts("SSRS")
_SPELLED_OUT = verdicts("RRRR")


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Find variadic parameters of one side alone; their names are no matter."""
    one = pair.old if pair.new is None else pair.new if pair.old is None else None
    if one is None or not is_variadic(one):
        return
    is_added, is_named = pair.old is None, is_spelled_out(pair)
    old_text, new_text = call_texts(pair.call)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=_name(one),
        message=f"{_name(one)} was {'added' if is_added else 'removed'}"
        + (", and parameters stand in its place" if is_named else ""),
        old_text=old_text,
        new_text=new_text,
        hint="calls that give it anything else raise TypeError" if is_named else None,
        verdicts=_ADDED if is_added else _SPELLED_OUT if is_named else None,
        requires=Bump.MINOR if is_added or is_named else None,
    )


def _name(parameter: Parameter) -> str:
    stars = "*" if parameter.kind is ParameterKind.VAR_POSITIONAL else "**"
    return f"{stars}{parameter.name}"


RULE = Rule(
    id="PB213",
    name="variadic-changed",
    title="*args or **kwargs was added or removed.",
    why=(
        "Without them, calls that give more than the named parameters raise TypeError. With them, calls are not"
        " hit, but overrides in subclasses do not take what the library may pass on. Where the new side spells out what"
        " it takes, only calls that gave something else are hit."
    ),
    before="def fetch(url, **options): ...",
    after="def fetch(url): ...",
    verdicts=verdicts("BBBB"),
    requires=Bump.MAJOR,
    on=ParameterPair,
    check=check,
)
