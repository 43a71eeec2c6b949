"""Parameters without annotations: documentation is believed, what it cannot read is not guessed, the default is accepted."""

import pytest

from pybridge.codec.python_text import type_text
from pybridge.model.evidence import Tier
from pybridge.model.expressions import Expr
from pybridge.resolve.annotations import parse_expression
from pybridge.resolve.evidence import DocParameter, unannotated_parameter


@pytest.fixture
def scope(table_scope):
    return table_scope({})


def read(scope, documented: str | None, default: str | None) -> tuple[str, Tier] | None:
    expr: Expr | None = None if default is None else parse_expression(default)
    described = None if documented is None else DocParameter(name="x", type_text=documented)
    claim = unannotated_parameter(described, expr, scope)
    return None if claim is None else (type_text(claim.expr), claim.evidence.tier)


@pytest.mark.parametrize(
    ("documented", "default", "expected"),
    [
        ("int", None, "int"),
        ("int", "3", "int"),
        ("int", "None", "int | None"),
        ("float", "1", "float"),
        ("int", "1.5", "float | int"),
        ("int", "True", "int"),
        ("str", "False", "bool | str"),
        ("str or None", "None", "str | None"),
        ("list of str", "None", "list[str] | None"),
        ("list", "''", "list | str"),
        ("{'a', 'b'}", "'c'", "Literal['a', 'b']"),
        ("callable", "None", "Callable[..., ?] | None"),
        ("int", "compute()", "int"),
        ("string or None   optional (default='weight')", "'weight'", "str | None"),
        ("string or None optional", "'weight'", "str | None"),
    ],
)
def test_documented_type_accepts_the_default(scope, documented: str, default: str | None, expected: str) -> None:
    assert read(scope, documented, default) == (expected, Tier.DOCSTRING)


@pytest.mark.parametrize(
    ("documented", "default", "expected"),
    [
        (None, "True", "bool"),
        (None, "'a'", "str"),
        ("float between (0, 1), optional (default=0.1)", "0.1", "float"),
        ("string ('in'|'out'|'in+out')", "'in'", "str"),
        ("integer in the range 1-5", "3", "int"),
    ],
)
def test_default_speaks_where_the_documentation_says_nothing_else(scope, documented, default, expected) -> None:
    assert read(scope, documented, default) == (expected, Tier.DEFAULT)


@pytest.mark.parametrize(
    ("documented", "default"),
    [
        ("bool or node data key", "True"),
        ("scalar-ish thing or array", "300"),
        ("key, optional", "'weight'"),
        ("object, optional (default: None)", "'weight'"),
        ("'1-1' or '1-0' or function", "'1-1'"),
        ("bool | ~elsewhere.Callback", "True"),
        ("string or array of widgets (default='solid')", "'solid'"),
        (None, "()"),
        (None, "(1, 2)"),
        (None, None),
        (None, "None"),
    ],
)
def test_nothing_is_guessed_where_the_documentation_says_something_unreadable(scope, documented, default) -> None:
    assert read(scope, documented, default) is None
