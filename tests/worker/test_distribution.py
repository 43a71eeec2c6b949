"""The worker is a distribution of its own that meets neither the analyzer nor, in its children, gRPC."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "analyzer" / "pybridge_worker"


def loaded(statement):
    code = f"import sys; {statement}; print(*sorted(sys.modules))"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_a_child_loads_neither_grpc_nor_protobuf():
    modules = loaded("import pybridge_worker.child.main")

    assert "msgspec" in modules
    assert not modules & {"grpc", "google.protobuf", "pybridge_worker.v1", "pybridge"}


def test_the_server_loads_no_part_of_the_analyzer():
    modules = loaded("import pybridge_worker.front.server")

    assert "grpc" in modules
    assert not modules & {"pybridge", "libcst", "mypy", "jinja2", "pickle.whichmodule"}


def test_the_wheel_holds_the_worker_and_nothing_else(tmp_path):
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        tmp_path,
        PACKAGE,
    ]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("pybridge_worker-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(next(name for name in names if name.endswith("METADATA"))).decode()
    code = {name for name in names if ".dist-info/" not in name}
    there = {f"pybridge_worker/{path.relative_to(PACKAGE)}" for path in PACKAGE.rglob("*.py*") if path.suffix != ".pyc"}

    assert code == there | {"pybridge_worker/py.typed"}
    assert sorted(
        line.split()[1] for line in metadata.splitlines() if line.startswith("Requires-Dist") and "extra ==" not in line
    ) == [
        "grpcio>=1.85.1",
        "msgspec>=0.19",
        "protobuf>=7.35.1",
    ]
