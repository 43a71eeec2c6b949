"""PB209: a parameter has another default."""

from collections.abc import Iterator

from pybridge.compat.arguments import is_variadic
from pybridge.compat.defaults import Difference, difference
from pybridge.compat.pairs import ParameterPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.texts import parameter_texts
from pybridge.model.finding import Bump

_UNKNOWN = verdicts("U-UU")


def check(pair: ParameterPair) -> Iterator[Hit]:
    """Compare constants by value; of anything else only the texts can differ, and what they mean is not known."""
    if pair.old is None or pair.new is None or pair.old.is_required or pair.new.is_required or is_variadic(pair.old):
        return
    found = difference(pair.old, pair.new)
    if found is Difference.NONE:
        return
    is_sure = found is Difference.VALUE
    old_text, new_text = parameter_texts(pair)
    yield Hit(
        symbol=pair.call.old.path,
        new_symbol=pair.call.new.path,
        path=pair.call.path,
        part=pair.old.name,
        message=f"default of parameter {pair.old.name!r} changed" + ("" if is_sure else ", or the way it is written"),
        old_text=old_text,
        new_text=new_text,
        verdicts=None if is_sure else _UNKNOWN,
        requires=None if is_sure else Bump.NONE,
    )


RULE = Rule(
    id="PB209",
    name="default-changed",
    title="The default of a parameter changed.",
    why=(
        "Calls that leave it out behave otherwise. Constants are compared by value; where a default is a name or a"
        " call, the text does not tell whether its value changed, and the finding says that it is not known."
    ),
    before="def fetch(url, timeout=10): ...",
    after="def fetch(url, timeout=30): ...",
    verdicts=verdicts("R-RR"),
    requires=Bump.MINOR,
    on=ParameterPair,
    check=check,
)
