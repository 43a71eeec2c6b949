"""Constants that nobody should compute are seen; ordinary powers are not in the way."""

import pytest

from pybridge.extract.powers import huge_constant_line


@pytest.mark.parametrize(
    "text",
    [
        "x = 10 ** 10 ** 10",
        "10**(10**10)",
        "1 << 10 ** 12",
        "1 << 99_999_999_999",
        "9**9**9**9**9",
        "2 ** 10 ** 9999",
    ],
)
def test_huge_constant(text: str) -> None:
    assert huge_constant_line(f"a = 1\n{text}\n") == 2


@pytest.mark.parametrize(
    "text",
    [
        "2 ** 64",
        "10 ** 6",
        "2**2**2**2",
        "x ** 2 ** 3",
        "1 << 20",
        "5 ** 0 ** 5",
        "f(**kw)",
        "10 ** -9 ** 9",
    ],
)
def test_ordinary_constant(text: str) -> None:
    assert huge_constant_line(text) is None
