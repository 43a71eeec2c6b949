"""Walk the pairs of two libraries, ask every rule, and order what they find."""

from collections.abc import Iterable, Iterator

from pybridge.codec import digest
from pybridge.compat.library import Library
from pybridge.compat.matching import pairs
from pybridge.compat.pairs import JudgedPair, LibraryPair, Pair
from pybridge.compat.rule import Hit, Rule
from pybridge.compat.rules import RULES
from pybridge.model.finding import Bump, Finding, Verdict, Verdicts
from pybridge.model.names import ModuleName

_WORST = tuple(Verdict)
_LARGEST = tuple(Bump)


def judge(old: Library, new: Library, rules: Iterable[Rule] = RULES, *, has_quiet: bool = False) -> tuple[Finding, ...]:
    """Compare two descriptions of a library; the findings are ordered by symbol, rule and part, each told once.

    With ``has_quiet`` also what is the same on both sides is walked: it finds no more, and is there to show that.
    """
    asked = tuple(rules)
    found = judge_pairs(old, new, asked, has_quiet=has_quiet)
    return _ordered((*found, *judge_findings(old, new, found, asked)))


def judge_pairs(
    old: Library,
    new: Library,
    rules: Iterable[Rule] = RULES,
    *,
    has_quiet: bool = False,
    same: frozenset[ModuleName] = frozenset(),
) -> tuple[Finding, ...]:
    """Ask all rules but those about findings.

    Of modules that are known to be the ``same`` on both sides only what the others concern is looked at.
    """
    return _ordered(_findings(pairs(old, new, has_quiet=has_quiet, same=same), _by_kind(rules)))


def judge_findings(
    old: Library, new: Library, findings: Iterable[Finding], rules: Iterable[Rule] = RULES
) -> tuple[Finding, ...]:
    """Ask the rules about findings, of the ones that count: whoever accepts a break, or asks for less, leaves it out."""
    pair = JudgedPair(libraries=LibraryPair(old=old, new=new), findings=tuple(findings))
    return _ordered(_findings((pair,), _by_kind(rules)))


def _by_kind(rules: Iterable[Rule]) -> dict[type[Pair], list[Rule]]:
    asked: dict[type[Pair], list[Rule]] = {}
    for rule in rules:
        for kind in rule.on if isinstance(rule.on, tuple) else (rule.on,):
            asked.setdefault(kind, []).append(rule)
    return asked


def _ordered(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    found = {one.fingerprint: one for one in findings}
    return tuple(sorted(found.values(), key=lambda one: (one.symbol, one.rule, one.part, one.fingerprint)))


def severity(finding: Finding) -> tuple[int, int]:
    """Order findings, worst first: by the worst verdict of any audience, then by the version step."""
    return worst(finding.verdict), _LARGEST.index(finding.requires)


def worst(verdicts: Verdicts) -> int:
    """Rank of the worst verdict of any audience, 0 for breaking."""
    every = (verdicts.source, verdicts.typing, verdicts.subclass, verdicts.bridge)
    return min(_WORST.index(one) for one in every)


def _findings(walked: Iterable[Pair], asked: dict[type[Pair], list[Rule]]) -> Iterator[Finding]:
    for pair in walked:
        for rule in asked.get(type(pair), ()):
            for hit in rule.check(pair):
                yield _finding(rule, hit)


def _finding(rule: Rule, hit: Hit) -> Finding:
    return Finding(
        rule=rule.id,
        name=rule.name,
        symbol=hit.symbol,
        part=hit.part,
        public_path=hit.path,
        verdict=hit.verdicts or rule.verdicts,
        requires=hit.requires or rule.requires,
        message=hit.message,
        hint=hit.hint,
        old_symbol=hit.old_symbol or hit.symbol,
        new_symbol=hit.new_symbol or hit.symbol,
        old_text=hit.old_text,
        new_text=hit.new_text,
        fingerprint=digest([rule.id, hit.symbol, hit.part, hit.old_text, hit.new_text, hit.message]),
    )
