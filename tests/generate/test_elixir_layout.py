"""The layout rules against the formatter itself: every width around the limit, in one Elixir process."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from pybridge.generate.targets.elixir import layout
from pybridge.generate.targets.elixir.escape import Elixir

elixir = pytest.mark.elixir
needs_elixir = pytest.mark.skipif(shutil.which("elixir") is None, reason="elixir is not on PATH")

FORMAT_ALL = """
for item <- File.read!(hd(System.argv())) |> String.split("\\0"),
    source = "defmodule A do\\n  " <> item <> "\\nend",
    formatted = source |> Code.format_string!() |> IO.iodata_to_binary(),
    formatted != source do
  IO.puts("ours:\\n" <> source <> "\\ntheirs:\\n" <> formatted)
end
"""


def code(*texts: str) -> tuple[Elixir, ...]:
    return tuple(Elixir(text) for text in texts)


RESULTS = (
    code("t()"),
    code("{:ok, t()}", "{:error, Error.t()}"),
    code("{:ok, Fakelib.Primitives.Prediction.instance()}", "{:error, Error.t()}"),
    code("[integer()]"),
    code("%{optional(String.t()) => term()}"),
    code("Enumerable.t(Fakelib.Prediction.instance())"),
    code("integer()", "nil"),
)
FIRST = (code(), code("t()"), code("Fakelib.Prediction.instance()", "[term()] | nil"))
LAST = code("pybridge: Runtime.opts()", "[load_opt()]", "Runtime.kwargs()")
WIDTHS = range(1, 76, 1)


def specs() -> Iterator[Elixir]:
    for width, first, last, result in product(WIDTHS, FIRST, LAST, RESULTS):
        yield layout.spec(Elixir("f" + "x" * width), (*first, last), result)


def types() -> Iterator[Elixir]:
    members = (*RESULTS, code("{:mode, Fakelib.Primitives.Prediction.instance()}", "nil"))
    for width, union in product(WIDTHS, members):
        yield layout.type_definition(Elixir("f" + "x" * width), union)


def functions() -> Iterator[Elixir]:
    heads = (code("opts \\\\ []"), code("%__MODULE__{ref: ref}", "value", "opts \\\\ []"))
    for width, parameters in product(WIDTHS, heads):
        name = Elixir("f" + "x" * width)
        value = Elixir('"' + "x" * width + '"')
        four = layout.bundle(code(f"[{name}]", "[low: 0.0]", "rest", "[strict: strict]"), indent=6)
        listed = layout.listing(code(f"{name}: value", "mode: mode"), indent=6)
        tupled = layout.bundle((layout.listing((name, Elixir("value | rest")), indent=8), Elixir("[]")), indent=6)
        calls = (
            layout.call(Elixir("Runtime.call"), (*code("@class", "ref", '"load"'), listed, Elixir("opts")), indent=4),
            layout.call(Elixir("Runtime.function"), (*code("@module", '"load"'), tupled, Elixir("opts")), indent=4),
            layout.call(Elixir("Runtime.call"), (Elixir("@class"), value, four, Elixir("opts")), indent=4),
            layout.nested_call(Elixir("Runtime.bang"), name, code("self", "value", "rest", "opts"), indent=4),
        )
        for call in calls:
            yield Elixir(f"{layout.head(name, parameters)}\n    {call}\n  end")


def maps() -> Iterator[Elixir]:
    for width in WIDTHS:
        text = Elixir('"' + "x" * width + '"')
        entries = ((Elixir("name:"), text), (Elixir("kind:"), Elixir(":class")), (Elixir("again:"), text))
        yield _function(layout.mapping(entries, indent=4))
        small = layout.small_mapping(entries, indent=6), layout.small_mapping(entries, indent=6, is_last=True)
        yield _function(layout.broken_list(small, indent=4))
        triples = (
            layout.triple(Elixir(":name"), Elixir("3"), text, indent=6),
            layout.triple(text, Elixir("Fakelib.Prediction"), Elixir("Fakelib"), indent=6, is_last=True),
        )
        yield _function(layout.broken_list(triples, indent=4))
        listed = (Elixir("mro:"), layout.listing((text, text), indent=6, before=len("mro: ")))
        yield _function(layout.mapping((listed, entries[1]), indent=4))
        yield Elixir(f"@class {layout.triple(Elixir('__MODULE__'), text, Elixir('Fakelib'), indent=9, is_last=True)}")


def _function(body: Elixir) -> Elixir:
    return Elixir(f"def f do\n    {body}\n  end")


@elixir
@needs_elixir
def test_the_formatter_changes_nothing_at_any_width_around_the_limit(tmp_path: Path) -> None:
    samples = [*specs(), *types(), *functions(), *maps()]
    listed, script = tmp_path / "samples", tmp_path / "format.exs"
    listed.write_text("\0".join(samples))
    script.write_text(FORMAT_ALL)

    done = subprocess.run(
        ("elixir", str(script), str(listed)),
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.stderr == ""
    assert done.stdout == ""
    assert len(samples) > 5_000


def test_no_line_is_longer_than_the_limit_where_a_break_is_possible() -> None:
    arguments = code(*(f"{{:option_{number}, String.t()}}" for number in range(9)), "pybridge: Runtime.opts()")

    lines = layout.spec(Elixir("load"), arguments, RESULTS[2]).splitlines()

    assert max(len(line) for line in lines) <= layout.WIDTH
