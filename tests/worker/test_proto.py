"""The proto keeps the specification's text, is lint-free, and the code made from it is fresh."""

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BIN = Path(sys.executable).parent
GENERATED = ROOT / "analyzer" / "pybridge_worker" / "v1"


@pytest.mark.parametrize(
    "arguments",
    [
        ["lint", "proto"],
        ["breaking", "proto", "--against", "tests/worker/specification"],
        ["breaking", "proto", "--against", "tests/worker/released"],
    ],
    ids=["lint", "specification", "released"],
)
def test_buf_has_nothing_to_say(arguments, tmp_path):
    environment = {**os.environ, "BUF_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [BIN / "buf", *arguments], cwd=ROOT, capture_output=True, text=True, check=False, env=environment
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("against", "field", "changed"),
    [
        ("specification", "int32 timeout_ms = 5;", "int64 timeout_ms = 5;"),
        ("released", "string call_id = 9;", "string call_id = 15;"),
    ],
)
def test_buf_would_find_a_field_that_changed(tmp_path, against, field, changed):
    shutil.copytree(ROOT / "proto" / "pybridge", tmp_path / "pybridge")
    (tmp_path / "buf.yaml").write_text((ROOT / "proto" / "buf.yaml").read_text())
    proto = tmp_path / "pybridge" / "v1" / "pybridge.proto"
    proto.write_text(proto.read_text().replace(field, changed))
    arguments = ["breaking", tmp_path, "--against", HERE / against]
    environment = {**os.environ, "BUF_CACHE_DIR": str(tmp_path)}
    done = subprocess.run([BIN / "buf", *arguments], capture_output=True, text=True, check=False, env=environment)

    assert field.split()[1] in done.stdout


def test_the_generated_code_is_fresh(tmp_path):
    environment = {**os.environ, "PYBRIDGE_BIN": str(BIN)}
    subprocess.run(["bash", ROOT / "proto" / "generate.sh", tmp_path], check=True, env=environment)
    made = tmp_path / "pybridge_worker" / "v1"
    names = sorted(path.name for path in made.iterdir())
    _, stale, missing = filecmp.cmpfiles(made, GENERATED, names, shallow=False)

    assert (stale, missing) == ([], [])
    assert sorted(path.name for path in GENERATED.glob("*_pb2*")) == names
