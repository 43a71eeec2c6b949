"""PB804: the step of the version is smaller than the changes ask for."""

from collections.abc import Iterator

from pybridge.compat.pairs import JudgedPair
from pybridge.compat.rule import Hit, Rule, verdicts
from pybridge.compat.versions import advise
from pybridge.model.finding import Bump
from pybridge.model.names import ModuleName, PublicPath, symbol_path


def check(pair: JudgedPair) -> Iterator[Hit]:
    """Compare the step between the versions of both sides with the largest that a finding asks for."""
    old, new = pair.libraries.old.header, pair.libraries.new.header
    advice = advise(old.version, new.version, pair.findings)
    if advice.is_enough or advice.declared is None:
        return
    yield Hit(
        symbol=symbol_path(ModuleName(old.name), ""),
        new_symbol=symbol_path(ModuleName(new.name), ""),
        path=PublicPath(new.name),
        part="version",
        message=f"a {advice.declared.value} step of the version, where {', '.join(advice.reasons)} "
        f"{'asks' if len(advice.reasons) == 1 else 'ask'} for a {advice.required.value} one",
        old_text=old.version,
        new_text=new.version,
    )


RULE = Rule(
    id="PB804",
    name="version-step-too-small",
    title="The step of the version is smaller than the changes ask for.",
    why="Whoever lets versions float within a major or minor one gets a break they did not expect. Before 1.0 a minor step may "
    "break, and before 0.1 any. It is a matter of a project's policy, so it has no verdict of its own.",
    before="",
    after="",
    verdicts=verdicts("----"),
    requires=Bump.NONE,
    on=JudgedPair,
    check=check,
)
