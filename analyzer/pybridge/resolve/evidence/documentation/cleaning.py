"""`clean_docstring`: the indentation of the source taken out of a docstring."""


def clean_docstring(raw: str) -> str:
    """Remove the indentation that all lines but the first share, tabs as eight columns, and blank lines at both ends.

    What ``inspect.getdoc`` shows of the same docstring.
    """
    lines = raw.expandtabs().split("\n")
    indents = [len(line) - len(content) for line in lines[1:] if (content := line.lstrip(" "))]
    margin = min(indents, default=0)
    cleaned = [lines[0].lstrip(" "), *(line[margin:] for line in lines[1:])]
    first, last = 0, len(cleaned)
    while last > first and not cleaned[last - 1]:
        last -= 1
    while first < last and not cleaned[first]:
        first += 1
    return "\n".join(cleaned[first:last])
