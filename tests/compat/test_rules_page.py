"""docs/rules.md is what the rules say of themselves."""

import os
from pathlib import Path

from pybridge.compat.rules import RULES
from pybridge.compat.rules_page import rules_page

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_page_is_made_of_the_rules():
    made = rules_page(RULES) + "\n"
    if os.environ.get("PYBRIDGE_WRITE_GOLDENS") == "1":
        PAGE.write_text(made)

    assert PAGE.read_text() == made, "write it anew: PYBRIDGE_WRITE_GOLDENS=1 pytest tests/compat/test_rules_page.py"
