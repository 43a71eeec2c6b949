"""The main job from end to end on jinja2 as installed: `make demo`.

Describe it without importing it, write Elixir modules, compile them with the real compiler, bundle it for a worker,
then create a template in a session, render it and stream it. Everything lands in ``build/demo``.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import grpc

from pybridge_worker.v1 import pybridge_pb2 as wire
from pybridge_worker.v1 import pybridge_pb2_grpc as service

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
OUTPUT = ROOT / "build" / "demo"
SESSION = "demo"


def main() -> None:
    """Run every step and say where the files are."""
    began = time.monotonic()
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir(parents=True)
    os.environ["PYBRIDGE_STORE"] = str(OUTPUT / "store.git")
    os.environ["PYBRIDGE_CACHE"] = str(OUTPUT / "cache")
    step("Describe jinja2 as text: nothing of it is imported")
    run(BIN / "pybridge", "discover", "jinja2")
    step("Keep the whole API as one text to review")
    run(BIN / "pybridge", "export", "jinja2", "--format", "api", "-o", OUTPUT / "jinja2.api.txt")
    step("Write Elixir modules")
    project = OUTPUT / "elixir"
    run(BIN / "pybridge", "generate", "jinja2", "--target", "elixir", "--output", project)
    compile_elixir(project)
    step("Start a worker that may call what the bundle lists, and nothing else")
    bundle = OUTPUT / "bundle.json"
    run(BIN / "pybridge", "bundle", "jinja2", "-o", bundle)
    with worker(bundle) as stub:
        call_templates(stub)
    step(f"Done in {time.monotonic() - began:.0f} s. The files:")
    for path in (OUTPUT / "jinja2.api.txt", project, bundle, OUTPUT / "store.git"):
        print(f"  {path.relative_to(ROOT)}")
    print("  history: git --git-dir=build/demo/store.git log --oneline")


def step(title: str) -> None:
    """Begin a step."""
    print(f"\n== {title}", flush=True)


def run(*command: Path | str) -> None:
    """Show a command and run it; a failure ends the demo."""
    shown = " ".join(str(part).removeprefix(f"{ROOT}/") for part in command)
    print(f"$ {shown}", flush=True)
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT)


def compile_elixir(project: Path) -> None:
    """Compile the generated modules with their runtime; warnings are errors."""
    if shutil.which("mix") is None:
        print("mix is not installed here: the modules are written, not compiled")
        return
    modules = sorted((project / "lib").rglob("*.ex"))
    (project / "mix.exs").write_text(mix_project())
    (project / ".formatter.exs").write_text('[inputs: ["lib/**/*.ex"]]\n')
    print(f"$ mix do format --check-formatted + compile --warnings-as-errors  ({len(modules)} modules)", flush=True)
    environment = {**os.environ, "MIX_ENV": "dev", "LC_ALL": "C.UTF-8"}
    command = ["mix", "do", "format", "--check-formatted", "+", "compile", "--warnings-as-errors"]
    finished = subprocess.run(
        command, cwd=project, env=environment, check=False, capture_output=True, text=True, encoding="utf-8"
    )
    print("\n".join(finished.stdout.splitlines()[-3:]))
    if finished.returncode:
        sys.exit(finished.stderr)


def mix_project() -> str:
    """A project around the generated modules, with the runtime as a path dependency."""
    runtime = ROOT / "clients" / "elixir"
    return f"""defmodule Demo.MixProject do
  use Mix.Project

  def project do
    [app: :demo, version: "0.1.0", deps: [{{:pybridge, path: {json.dumps(str(runtime))}}}]]
  end
end
"""


@contextmanager
def worker(bundle: Path) -> Iterator[service.PyBridgeServiceStub]:
    """A worker on a unix socket of its own, and a client of it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [BIN / "pybridge-worker", "serve", "--bundle", bundle, "--listen", f"unix:{folder}/worker.sock"]
        process = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            print(line.replace(folder, "..."))
            address = line.removeprefix("PYBRIDGE READY 1 ")
            with grpc.insecure_channel(address) as channel:
                yield service.PyBridgeServiceStub(channel)
        finally:
            process.terminate()
            process.wait(timeout=20)


def call_templates(stub: service.PyBridgeServiceStub) -> None:
    """Create a template, render it and stream it."""
    source = "Hello {{ name }}!{% for one in items %} {{ one }}{% endfor %}"
    made = execute(stub, "jinja2.Template", source=source)
    print(f"jinja2.Template(...) -> {json.dumps(made)}")
    rendered = execute(stub, "jinja2.Template.render", self=made, name="Elixir", items=[1, 2, 3])
    print(f"jinja2.Template.render(...) -> {rendered!r}")
    request = request_for("jinja2.Template.generate", self=made, name="Elixir", items=[1, 2, 3])
    chunks = [json.loads(chunk.payload) for chunk in stub.ExecuteToolStreaming(request) if not chunk.is_final]
    print(f"jinja2.Template.generate(...) streams {len(chunks)} chunks: {chunks}")


def execute(stub: service.PyBridgeServiceStub, tool: str, **parameters: object) -> object:
    """Call a tool and return its result; an error of the called code ends the demo."""
    response = stub.ExecuteTool(request_for(tool, **parameters))
    if not response.success:
        sys.exit(response.error)
    return json.loads(response.result)


def request_for(tool: str, **parameters: object) -> wire.ExecuteToolRequest:
    """A request as any client of the specification makes it: keyword arguments as JSON."""
    encoded = {name: json.dumps(value).encode() for name, value in parameters.items()}
    return wire.ExecuteToolRequest(session_id=SESSION, tool_name=tool, parameters=encoded)


if __name__ == "__main__":
    main()
