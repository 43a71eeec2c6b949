import pytest

from pybridge.compat.defaults import Difference, text_difference


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"r"', "'r'"),
        ("0x10", "16"),
        ("1_000", "1000"),
        ("24 * 60 * 60", "86400"),
        ("(1,2)", "(\n    1, 2,  # both\n)"),
        ("{1, 2}", "{2, 1}"),
        ('"a" "b"', '"ab"'),
        ("f(a = 1)", "f(a=1)"),
        ("<factory>", "<factory>"),
    ],
)
def test_another_way_to_write_a_value_is_no_difference(old: str, new: str) -> None:
    assert text_difference(old, new) is Difference.NONE


@pytest.mark.parametrize(
    ("old", "new"),
    [("1", "2"), ("1", "True"), ("1", "1.0"), ('""', "None"), ("(1, 2)", "[1, 2]"), ("{1: 2}", "{1: 3}"), ("-1", "1")],
)
def test_two_constants_differ_in_value(old: str, new: str) -> None:
    assert text_difference(old, new) is Difference.VALUE


@pytest.mark.parametrize(
    ("old", "new"),
    [("10", "TIMEOUT"), ("f(1)", "f(2)"), ("lambda: 1", "lambda: 2"), ("<factory>", "3"), ("2 ** 9", "3 ** 9")],
)
def test_of_what_would_have_to_run_only_the_text_differs(old: str, new: str) -> None:
    assert text_difference(old, new) is Difference.TEXT


@pytest.mark.parametrize(
    "text", ["-" * 1_900 + "1", "(" * 900 + ")" * 900, "1" + "+1" * 900, "x" * 100_000, "9" * 1_999]
)
def test_a_hostile_text_is_compared_as_a_text(text: str) -> None:
    assert text_difference(text, f" {text}") is Difference.NONE
    assert text_difference(text, "name") is Difference.TEXT
