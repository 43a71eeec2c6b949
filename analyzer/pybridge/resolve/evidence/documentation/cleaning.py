"""`clean_docstring`: the indentation of the source taken out of a docstring."""

import re
from functools import lru_cache
from typing import Final

_INDENT: Final = re.compile(r"\n( *)[^ \n]")


@lru_cache(maxsize=32)
def clean_docstring(raw: str) -> str:
    """Remove the indentation that all lines but the first share, tabs as eight columns, and blank lines at both ends.

    What ``inspect.getdoc`` shows of the same docstring. The last ones are remembered: whoever reads a docstring's fields
    needs its text as well.
    """
    text = raw.expandtabs().lstrip(" ")
    if "\n" not in text:
        return text
    margin = min(map(len, _INDENT.findall(text)), default=0)
    if margin:
        # A blank line may have less than the margin, and loses what it has.
        text = re.sub(rf"\n {{1,{margin}}}", "\n", text)
    return text.strip("\n")
