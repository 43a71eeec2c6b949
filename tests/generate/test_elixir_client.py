"""A whole client: the same from every order of its input, as the golden files have it, and at work in Elixir."""

import os
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from library_samples import (
    ANY,
    INT,
    KEYWORD_ONLY,
    KEYWORDS,
    REST,
    STR,
    fakelib,
    function,
    klass,
    library,
    module,
    named,
    parameter,
    prop,
    signature,
    variable,
)
from pybridge.codec import digest
from pybridge.errors import UnknownTarget
from pybridge.generate import GenerationOptions, plan, render
from pybridge.model.callables import Binding
from pybridge.model.library import LibraryDescriptor
from pybridge.model.plan import GeneratedFile

GOLDEN = Path(__file__).parents[1] / "golden" / "elixir"
RUNTIME = Path(__file__).parents[2] / "clients" / "elixir"

elixir = pytest.mark.elixir
needs_elixir = pytest.mark.skipif(shutil.which("elixir") is None, reason="elixir is not on PATH")

EVIL = 'x"""\n#{System.halt(3)}\n"""\n\'\'\'\n\u202e<script>alert(1)</script>\n    @doc "#{System.halt(3)}"\n\\'


def generate(descriptor: LibraryDescriptor, **options: object) -> tuple[GeneratedFile, ...]:
    chosen = GenerationOptions(**options)  # type: ignore[arg-type]  # each test names the options it needs
    return render(plan(descriptor, digest=digest(descriptor), target="elixir", options=chosen))


def evil() -> LibraryDescriptor:
    """A library whose every name and text tries to break out, or stands in another's place."""
    strange = parameter('x", System.halt(3), "', INT, default=EVIL, description=EVIL)
    words = [parameter(word) for word in ("fn", "end", "ref", "opts", "self", "nil", "X", "x", "_x", "__MODULE__")]
    many = [parameter(f"option_{number}_of_a_long_name", STR, kind=KEYWORD_ONLY, default="1") for number in range(12)]
    names = (
        "unquote",
        "def",
        "end",
        "length",
        "if",
        "case",
        "create",
        "call",
        "to_string",
        "self",
        "node",
        "module_info",
    )
    methods = [function(f"evil:K.{name}", signature(*words[:3]), docstring=EVIL, deprecated=EVIL) for name in names]
    methods += [
        function("evil:K.__call__", signature(*words, *many)),
        function("evil:K.strange", signature(strange, parameter("rest", kind=REST), parameter("opts", kind=KEYWORDS))),
        function('evil:K.#{System.halt(3)} do "', signature(), docstring="\u202e"),
        function(
            "evil:K." + "long" * 80, signature(parameter("y" * 300, default="1"), parameter("pybridge", default="1"))
        ),
    ]
    clash = [
        klass("evil:clash", public=("evil.clash",)),
        klass("evil:Clash", public=("evil.Clash",)),
        klass("evil:CLASH", public=("evil.CLASH",)),
        klass("evil:Größe", public=("evil.Größe",), properties=(prop("evil:Größe.größe", named("evil:K")),)),
    ]
    loose = [function(f"evil:f{n}", signature(), binding=Binding.FUNCTION, public=(f"evil.clash.{n}",)) for n in "aA"]
    return library(
        "evil",
        module("evil", docstring=EVIL, classes=(klass("evil:K", *methods, public=("evil.K",), docstring=EVIL), *clash)),
        module("evil.clash", functions=tuple(loose), variables=(variable("evil.clash:a", ANY, "evil.clash.a_"),)),
        version=EVIL,
    )


def test_the_golden_files_are_what_is_generated() -> None:
    files = {file.path: file.text for file in generate(fakelib())}
    folder = GOLDEN / "fakelib"
    if os.environ.get("PYBRIDGE_WRITE_GOLDENS"):
        shutil.rmtree(folder, ignore_errors=True)
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)

    golden = {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*.ex")}

    assert files == golden


@pytest.mark.parametrize("make", [fakelib, evil])
def test_every_order_of_the_input_gives_the_same_files(make: object) -> None:
    descriptor = make()  # type: ignore[operator]  # one of the two functions above
    turned = [
        msgspec.structs.replace(
            one,
            classes=tuple(msgspec.structs.replace(cls, methods=cls.methods[::-1]) for cls in one.classes[::-1]),
            functions=one.functions[::-1],
        )
        for one in descriptor.modules[::-1]
    ]
    other = msgspec.structs.replace(descriptor, modules=tuple(turned))
    options = GenerationOptions()

    expected = render(plan(descriptor, digest=digest(descriptor), target="elixir", options=options))
    actual = render(plan(other, digest=digest(descriptor), target="elixir", options=options))

    assert expected == actual


def test_files_and_modules_differ_even_where_case_does_not_count() -> None:
    paths = [file.path.lower() for file in generate(evil())]
    modules = [
        line.split()[1].lower() for file in generate(evil()) for line in file.text.splitlines() if "defmodule" in line
    ]

    assert len(paths) == len(set(paths)) == 7
    assert len(modules) == len(set(modules)) == 7


def test_collisions_and_what_is_left_out_are_told() -> None:
    descriptor = evil()

    told = plan(descriptor, digest=digest(descriptor), target="elixir").diagnostics

    assert {one.code for one in told} == {"elixir-name-taken", "elixir-option-left-out"}
    assert any("evil.clash is generated as Evil.Clash" in one.message for one in told)
    assert any("parameter pybridge cannot be an option" in one.message for one in told)


def test_only_what_is_included_is_generated() -> None:
    paths = [file.path for file in generate(fakelib(), include=("fakelib.text.*",), root="Acme.Fake")]

    assert paths == ["lib/acme/fake.ex", "lib/acme/fake/text.ex"]


def test_inherited_functions_are_repeated_on_request() -> None:
    [plain] = [one for one in generate(fakelib()) if one.path.endswith("chain_of_thought.ex")]
    [full] = [one for one in generate(fakelib(), with_inherited=True) if one.path.endswith("chain_of_thought.ex")]

    assert "def load(" not in plain.text
    assert "def reason(" in plain.text
    assert "def load(%__MODULE__{ref: ref}, path, opts \\\\ []) do" in full.text


def test_an_unknown_target_and_an_impossible_root_are_refused() -> None:
    descriptor = fakelib()

    with pytest.raises(UnknownTarget, match="cobol"):
        plan(descriptor, digest=digest(descriptor), target="cobol")
    with pytest.raises(UnknownTarget, match="no module"):
        plan(descriptor, digest=digest(descriptor), target="elixir", options=GenerationOptions(root="no module"))


RUN = """
{:ok, _} =
  PyBridge.Worker.start_link(transport: PyBridge.Transport.Fake, address: PyBridge.Transport.Fake.replies(Fakelib))

{:ok, %Fakelib.Predict{} = predict} = Fakelib.Predict.create("question -> answer", [mode: :best], extra: 1)
{:ok, %Fakelib.Prediction{}} = Fakelib.Predict.call(predict, question: "why")
{:ok, "text"} = Fakelib.Predict.get(predict, "key")
{:ok, nil} = Fakelib.Predict.load(predict, "file", allow_pickle: true)
{:ok, "text"} = Fakelib.Predict.end_(predict, nil: 5)
1 = Fakelib.Predict.length!(predict)
1.5 = Fakelib.Predict.temperature!(predict)
{:ok, nil} = Fakelib.Predict.set_temperature(predict, 0.5)
[%{}, %{}] = predict |> Fakelib.Predict.stream!(2, delay: 0.1) |> Enum.to_list()
1.5 = Fakelib.Text.clamp!(3.0, high: 2.0)
"text" = Fakelib.Text.join!("a", ["b"], separator: "-")
["text", "text"] = Enum.to_list(Fakelib.Text.words!("a b"))
chain = Fakelib.ChainOfThought.create!()
{:ok, "text"} = Fakelib.Predict.get(chain, 1)
{:ok, "text"} = Fakelib.ChainOfThought.think(chain, predict)
nil = Fakelib.configure!(lm: nil)
IO.write("all answered")
"""


@pytest.fixture(scope="module")
def beams(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runtime, compiled."""
    folder = tmp_path_factory.mktemp("beams")
    sources = sorted(str(path) for path in (RUNTIME / "lib").rglob("*.ex") if "mix" not in path.parts)
    done = run(folder, "elixirc", "-o", str(folder), *sources)
    assert done.returncode == 0, done.stderr
    return folder


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=300
    )


@elixir
@needs_elixir
@pytest.mark.parametrize("make", [fakelib, evil])
def test_a_client_is_formatted_and_compiles_without_warnings(make: object, beams: Path, tmp_path: Path) -> None:
    descriptor = make()  # type: ignore[operator]  # one of the two functions above
    for with_inherited in (False, True):
        folder = tmp_path / str(with_inherited)
        for file in generate(descriptor, with_inherited=with_inherited):
            (folder / file.path).parent.mkdir(parents=True, exist_ok=True)
            (folder / file.path).write_text(file.text)
        sources = sorted(str(path) for path in folder.rglob("*.ex"))

        compiled = run(folder, "elixirc", "--warnings-as-errors", "-pa", str(beams), "-o", str(folder), *sources)
        formatted = run(folder, "mix", "format", "--check-formatted", *sources)

        assert compiled.returncode == 0, compiled.stdout + compiled.stderr
        assert formatted.returncode == 0, formatted.stdout + formatted.stderr


@elixir
@needs_elixir
def test_every_kind_of_call_is_answered_offline(beams: Path, tmp_path: Path) -> None:
    sources = sorted(str(path) for path in (GOLDEN / "fakelib").rglob("*.ex"))
    compiled = run(tmp_path, "elixirc", "-pa", str(beams), "-o", str(tmp_path), *sources)
    (tmp_path / "run.exs").write_text(RUN)

    done = run(tmp_path, "elixir", "-pa", str(beams), "-pa", str(tmp_path), "run.exs")

    assert compiled.returncode == 0, compiled.stderr
    assert done.stdout == "all answered", done.stderr
    assert "Fakelib.configure!/1 is deprecated. use settings" in done.stderr
