"""What a version step announces, and whether it is as large as the findings ask for."""

import pytest

from pybridge.compat.versions import advise
from pybridge.model.finding import Bump, Finding, Verdict, Verdicts
from pybridge.model.names import Digest, PublicPath, SymbolPath

NONE = Verdicts(source=Verdict.NONE, typing=Verdict.NONE, subclass=Verdict.NONE, bridge=Verdict.NONE)


def asking(requires, rule="PB104"):
    return Finding(
        rule=rule,
        name="x",
        symbol=SymbolPath("lib:f"),
        public_path=PublicPath("lib.f"),
        verdict=NONE,
        requires=requires,
        message="x",
        old_symbol=SymbolPath("lib:f"),
        new_symbol=SymbolPath("lib:f"),
        fingerprint=Digest("0" * 64),
    )


@pytest.mark.parametrize(
    ("old", "new", "declared"),
    [
        ("1.2.3", "2.0", Bump.MAJOR),
        ("1.2.3", "1.3", Bump.MINOR),
        ("1.2.3", "1.2.4", Bump.PATCH),
        ("1.2.3", "1.2.3.1", Bump.PATCH),
        ("1.2.3", "1.2.3.post1", Bump.PATCH),
        ("1.2.3", "2.0rc1", Bump.MAJOR),
        ("2.0a1", "2.0a2", Bump.MAJOR),
        ("2.0rc1", "2.0", Bump.MAJOR),
        ("2.1.dev1", "2.1", Bump.MINOR),
        ("2.1.1b1", "2.1.1", Bump.PATCH),
        ("2.0a1", "2.1", Bump.MINOR),
        ("2024.1", "1!1.0", Bump.MAJOR),
        ("1.0", "1.0", None),
        ("2.0", "1.0", None),
        ("unknown", "1.0", None),
        (None, "1.0", None),
    ],
)
def test_a_step_is_the_first_part_that_differs(old, new, declared):
    assert advise(old, new, ()).declared is declared


@pytest.mark.parametrize(
    ("old", "new", "required", "is_enough"),
    [
        ("1.0", "1.1", Bump.MAJOR, False),
        ("1.0", "2.0", Bump.MAJOR, True),
        ("1.0", "1.0.1", Bump.MINOR, False),
        ("1.0", "1.0.1", Bump.PATCH, True),
        ("0.3", "0.4", Bump.MAJOR, True),
        ("0.3", "0.3.1", Bump.MAJOR, False),
        ("0.3", "0.3.1", Bump.MINOR, True),
        ("0.0.3", "0.0.4", Bump.MAJOR, True),
        ("2.0rc1", "2.0rc2", Bump.MAJOR, True),
        ("2.0.1rc1", "2.0.1", Bump.MAJOR, False),
        ("1.0", "1.0", Bump.MAJOR, True),
        ("2.0", "1.0", Bump.MAJOR, True),
    ],
)
def test_a_step_is_enough_where_it_announces_the_largest_finding(old, new, required, is_enough):
    advice = advise(old, new, [asking(Bump.PATCH, "PB704"), asking(required)])

    assert (advice.required, advice.is_enough) == (required, is_enough)
    assert "PB104" in advice.reasons


def test_nothing_found_asks_for_nothing():
    advice = advise("1.0", "1.0.1", ())

    assert (advice.required, advice.reasons, advice.is_enough) == (Bump.NONE, (), True)
