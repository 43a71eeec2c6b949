"""Documentation of generated modules: what the library says, made harmless for Markdown, and what the bridge adds."""

import re

from pybridge.generate.targets.elixir.docs.python_text import claim_text, code_span, cut, default_text
from pybridge.generate.targets.elixir.escape import Elixir, clean_lines, heredoc, one_line, string
from pybridge.generate.targets.elixir.functions.shape import MergedParameter, Shape
from pybridge.model.callables import Parameter

DOCSTRING_LIMIT = 8_000
DESCRIPTION_LIMIT = 400
_LINE_LIMIT = 96

_TAG = re.compile(r"<(?!https?://[^\s<>]*>)(?=[A-Za-z/!?])")
_SCRIPT = re.compile(r"\b(javascript|vbscript)\s*:", re.IGNORECASE)
_SECTION = re.compile(
    r"(args|arguments|parameters|params|keyword args|keyword arguments|other parameters):?", re.IGNORECASE
)
_FIELD = re.compile(r":(param|parameter|arg|argument|key|keyword|type)\b[^:]*:")
_UNDERLINE = re.compile(r"-{3,}|={3,}")


def doc(text: str, *, name: str = "@doc") -> Elixir:
    """Write ``@doc`` or ``@typedoc`` at 2: a string where the text is one short line, else a heredoc."""
    line = f"{name} {string(text)}"
    if "\n" not in text and len(line) <= _LINE_LIMIT and text.isascii():
        return Elixir(line)
    return Elixir(f"{name} {heredoc(text, indent=2)}")


def moduledoc(text: str) -> Elixir:
    """Write ``@moduledoc`` at 2, always as a heredoc."""
    return Elixir(f"@moduledoc {heredoc(text, indent=2)}")


def docstring_text(docstring: str | None, *, without_parameters: bool = False) -> str:
    """Give a docstring as Markdown: dedented, inert, cut; empty where there is none.

    With `without_parameters`, the section that tells the parameters is left out, because it is told elsewhere.
    """
    if not docstring:
        return ""
    lines = list(_dedented(clean_lines(docstring[:DOCSTRING_LIMIT])))
    if without_parameters:
        lines = _without_parameters(lines)
    text = "\n".join(lines).strip("\n")
    text = f"{text}…" if len(docstring) > DOCSTRING_LIMIT else text
    return _SCRIPT.sub(r"\1 :", _TAG.sub(r"\\<", text))


def argument_lists(shape: Shape, *, variables: dict[str, str], heading: str = "## Arguments") -> tuple[str, ...]:
    """Describe arguments and options, one paragraph a group; empty where nothing is to be said."""
    paragraphs: list[str] = []
    told = [one for one in shape.required if one.parameter.description]
    if told:
        lines = [f"  * {code_span(variables[one.parameter.name])}{_type(one.parameter)}{_told(one)}" for one in told]
        paragraphs.append(f"{heading}\n\n" + "\n".join(lines))
    if shape.options:
        lines = [
            f"  * {code_span(_key(one.parameter.name))}{_type(one.parameter)}{_told(one)}" for one in shape.options
        ]
        lines.append("  * `:pybridge` - how to make the call, see `t:PyBridge.Runtime.opts/0`")
        paragraphs.append("## Options\n\n" + "\n".join(lines))
    if shape.rest is not None:
        paragraphs.append(_starred(shape.rest, variables, "*", "holds further positional arguments"))
    if shape.keywords is not None:
        paragraphs.append(_starred(shape.keywords, variables, "**", "holds further keyword arguments"))
    return tuple(paragraphs)


def paragraphs(*texts: str) -> str:
    """Join what is not empty by blank lines."""
    return "\n\n".join(text for text in texts if text)


def _starred(one: MergedParameter, variables: dict[str, str], stars: str, meaning: str) -> str:
    name = one.parameter.name
    described = _description(one.parameter)
    ending = f": {described}" if described else "."
    return f"{code_span(variables[name])} {meaning} ({code_span(stars + name)}){ending}"


def _key(name: str) -> str:
    return name if name in {"nil", "true", "false"} else f":{name}"


def _type(parameter: Parameter) -> str:
    text = claim_text(parameter.type)
    return f" ({code_span(text)})" if text else ""


def _told(one: MergedParameter) -> str:
    parts = [_description(one.parameter).rstrip(".")]
    default = default_text(one.parameter)
    if default and not one.is_required:
        parts.append(f"default {code_span(default)}")
    said = ", ".join(part for part in parts if part)
    return f" - {said}" if said else ""


def _description(parameter: Parameter) -> str:
    text = cut(one_line(parameter.description or ""), DESCRIPTION_LIMIT)
    return _SCRIPT.sub(r"\1 :", _TAG.sub(r"\\<", text))


def _dedented(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Take off the margin that all lines but the first share, as Python's own tools do."""
    later = [len(line) - len(line.lstrip()) for line in lines[1:] if line]
    margin = min(later, default=0)
    return (lines[0].lstrip(), *(line[margin:] for line in lines[1:]))


def _without_parameters(lines: list[str]) -> list[str]:
    kept: list[str] = []
    position = 0
    while position < len(lines):
        line = lines[position]
        if _FIELD.match(line.strip()):
            position = _end_of_field(lines, position + 1)
        elif _SECTION.fullmatch(line.strip()) and _UNDERLINE.fullmatch(_at(lines, position + 1).strip()):
            position = _end_of_underlined(lines, position + 2)
        elif _SECTION.fullmatch(line.strip()) and line.strip().endswith(":"):
            position = _end_of_block(lines, position + 1, _indent(line))
        else:
            kept.append(line)
            position += 1
    return kept


def _end_of_field(lines: list[str], position: int) -> int:
    while position < len(lines) and lines[position] and not lines[position].lstrip().startswith(":"):
        position += 1
    return position


def _end_of_block(lines: list[str], position: int, indent: int) -> int:
    while position < len(lines) and (not lines[position] or _indent(lines[position]) > indent):
        position += 1
    return position


def _end_of_underlined(lines: list[str], position: int) -> int:
    while position < len(lines) and not (lines[position] and _UNDERLINE.fullmatch(_at(lines, position + 1).strip())):
        position += 1
    return position


def _at(lines: list[str], position: int) -> str:
    return lines[position] if position < len(lines) else ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
