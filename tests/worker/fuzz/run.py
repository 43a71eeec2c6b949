"""Fuzz the worker with atheris for a time: `python tests/worker/fuzz/run.py SECONDS [TARGET ...]`.

Each target (`tests/worker_fuzzing.py`) runs in a process of its own, led by what of `pybridge_worker` its input reaches.
What it finds is kept in build/fuzz/TARGET; the inputs that reach something new in build/fuzz/corpus/TARGET, for the next run.
Exit code 1 when a target failed, hung for more than ten seconds, or took more than a gigabyte.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
BUILD = ROOT / "build" / "fuzz"
TARGETS = ("json_value", "msgpack_value", "request", "large_request", "message", "child_frames")


def main(seconds: int, targets: tuple[str, ...]) -> int:
    """Fuzz targets one after another, sharing the time."""
    failed = []
    for name in targets:
        corpus, found = BUILD / "corpus" / name, BUILD / name
        for folder in (corpus, found):
            folder.mkdir(parents=True, exist_ok=True)
        _seed(corpus, name)
        options = [f"-max_total_time={max(1, seconds // len(targets))}", "-timeout=10", "-rss_limit_mb=1024"]
        options += ["-max_len=4096", "-print_final_stats=1", f"-artifact_prefix={found}/", str(corpus)]
        done = subprocess.run([sys.executable, __file__, "--one", name, *options], cwd=ROOT, check=False)
        sys.stdout.write(f"fuzz: {name}: {'ok' if done.returncode == 0 else f'FAILED, see {found}'}\n")
        sys.stdout.flush()
        failed += [name] if done.returncode else []
    return 1 if failed else 0


def one(name: str, options: list[str]) -> None:
    """Fuzz one target in this process; does not return."""
    import atheris

    sys.path.insert(0, str(ROOT / "tests"))
    with atheris.instrument_imports(include=["pybridge_worker"]):
        import worker_fuzzing
    atheris.Setup([name, *options], worker_fuzzing.TARGETS[name])
    atheris.Fuzz()


def _seed(corpus: Path, name: str) -> None:
    """Start from values that the vectors have, and from messages that make sense."""
    sys.path.insert(0, str(ROOT / "tests"))
    from pybridge_worker import frames
    from pybridge_worker.v1 import pybridge_pb2 as pb

    seeds: list[bytes] = []
    vectors = json.loads((ROOT / "tests" / "vectors" / "values.json").read_text(encoding="utf-8"))
    texts = [one["json"].encode() for one in _cases(vectors) if isinstance(one.get("json"), str)]
    packed = [bytes.fromhex(one["msgpack"]) for one in _cases(vectors) if isinstance(one.get("msgpack"), str)]
    if name == "json_value":
        seeds = texts
    elif name == "msgpack_value":
        seeds = packed
    elif name in {"request", "large_request", "message"}:
        call = {"tool_name": "workbench.values.echo", "session_id": "s", "timeout_ms": 5}
        seeds = [pb.ExecuteToolRequest(**call, parameters={"value": text}).SerializeToString() for text in texts[:20]]
        payload = pb.Payload(format=pb.PAYLOAD_FORMAT_MSGPACK, data=b"\x92\x90\x80", buffers=[b"abc"])
        seeds.append(pb.ExecuteToolRequest(**call, arguments=payload).SerializeToString())
        operation = pb.BatchOperation(call_function=pb.CallOperation(tool_name="workbench.values.echo"))
        seeds.append(pb.ExecuteBatchRequest(session_id="s", operations=[operation]).SerializeToString())
    else:
        seeds = [b"\x07" + frames.encode(3, frames.Chunk((b"abc",))), b"\x01" + frames.encode(0, frames.Ready(1))]
        seeds.append(b"\xff" + b"".join(map(bytes, frames.encode_parts(4, frames.Chunk((b"x",)), [b"1" * 9, b""]))))
    for index, seed in enumerate(seeds):
        (corpus / f"seed-{index}").write_bytes(seed)


def _cases(vectors: object) -> list[dict[str, object]]:
    """Every object of the vectors' file that has a form in a format."""
    if isinstance(vectors, list):
        return [case for one in vectors for case in _cases(one)]
    if not isinstance(vectors, dict):
        return []
    found = [vectors] if "msgpack" in vectors or "json" in vectors else []
    return found + [case for one in vectors.values() for case in _cases(one)]


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        one(sys.argv[2], sys.argv[3:])
    sys.exit(main(int(sys.argv[1]), tuple(sys.argv[2:]) or TARGETS))
