"""Whatever text a library holds, in Elixir it is that text and nothing more: read back by Elixir itself, in one process."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from pybridge.generate.targets.elixir.escape import Elixir, atom, clean_lines, comment, heredoc, keyword, string
from pybridge.generate.targets.elixir.render import only_elixir

elixir = pytest.mark.elixir
needs_elixir = pytest.mark.skipif(shutil.which("elixir") is None, reason="elixir is not on PATH")

HOSTILE = (
    "#{System.halt(3)}",
    'a """ b',
    "a ''' b",
    "both \"\"\" and ''' #{System.halt(3)} \\",
    '"""\nend\nSystem.halt(3)\n"""',
    "ends in a backslash \\",
    "\\\"\"\"\n'''",
    "\\#{System.halt(3)}\\\\#{1}",
    "\u202eright to left\u2066\u2069",
    "line\rbreaks\vof\fevery\x85kind\u2028here\u2029",
    "\0\x01\x1b[31m\x7f\x9f",
    "é ß 漢字 🎉 \U000e0041",
    "\ud800",
    "nil",
    "true",
    "Elixir.System",
    "a@b?",
    "+",
    "->",
    "~S",
    "",
    " ",
    "a b",
    "do",
    "_",
    "X",
    "9lives",
)

READ_BACK = """
[path] = System.argv()
for item <- File.read!(path) |> String.split("\\0") do
  [kind, code] = String.split(item, "\\x01", parts: 2)
  formatted = fn source -> source |> Code.format_string!() |> IO.iodata_to_binary() end
  source = if kind == "doc", do: "defmodule A do\\n  @doc " <> code <> "\\nend", else: code
  if formatted.(source) != source, do: raise("the formatter changes " <> inspect(source))
  value = case kind do
    "doc" ->
      {:defmodule, _, [_, [do: {:@, _, [{:doc, _, [text]}]}]]} = Code.string_to_quoted!(source)
      case text do
        {:sigil_S, _, [{:<<>>, _, [text]}, []]} -> text
        text when is_binary(text) -> text
      end
    "keyword" -> [{key, 1}] = Code.string_to_quoted!("[" <> code <> " 1]"); Atom.to_string(key)
    "string" -> text = Code.string_to_quoted!(code); true = is_binary(text); text
    "atom" -> name = Code.string_to_quoted!(code); true = is_atom(name); Atom.to_string(name)
    "comment" -> {:__block__, _, []} = Code.string_to_quoted!(code); ""
  end
  IO.puts(Base.encode16(value))
end
"""


def read_back(folder: Path, items: list[tuple[str, str]]) -> list[str]:
    script, listed = folder / "read.exs", folder / "items"
    script.write_text(READ_BACK)
    listed.write_text("\0".join(f"{kind}\x01{code}" for kind, code in items))
    done = subprocess.run(
        ("elixir", str(script), str(listed)),
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return [bytes.fromhex(line).decode() for line in done.stdout.splitlines()]


def samples() -> list[str]:
    found: list[str] = list(HOSTILE)

    @settings(max_examples=150, database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(strategies.texts | st.text(st.sampled_from("\"'\\#{}~S\n abc:"), max_size=12))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return found


def spoken(text: str) -> str:
    """What a string literal holds: the text, and a replacement for what UTF-8 cannot say."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


@elixir
@needs_elixir
def test_elixir_reads_back_every_text(tmp_path: Path) -> None:
    texts = samples()
    docs = [text for text in texts if any(clean_lines(text))]
    items = [("string", string(text)) for text in texts]
    items += [("atom", atom(text)) for text in texts]
    items += [("doc", heredoc(text, indent=2)) for text in docs]
    items += [("comment", comment(text)) for text in texts]
    expected = [spoken(text) for text in texts] * 2
    expected += ["\n".join(clean_lines(text)) + "\n" for text in docs]
    expected += [""] * len(texts)

    found = read_back(tmp_path, items)

    assert found == expected


def test_an_atom_that_the_beam_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="256 characters"):
        keyword("x" * 256)


def test_a_template_refuses_text_that_is_not_code() -> None:
    assert only_elixir(Elixir(":ok")) == ":ok"

    with pytest.raises(TypeError, match="not code"):
        only_elixir("#{System.halt(3)}")


@given(strategies.texts)
def test_documentation_has_neither_control_nor_direction_characters(text: str) -> None:
    shown = heredoc(text, indent=2)

    assert not re.search("[\0-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", shown)
