"""Both contenders before an outside judge, which knows what each library is at run time.

The judge is no part of this repository: a folder with ``truth/LIBRARY.json.gz``, ``score.py`` and
``adapters/griffe_adapter.py``. Ours goes through `benchmarks/accuracy_adapter.py`.
"""

import json
import subprocess
import sys
from pathlib import Path

import msgspec

from sidebyside.contenders import Peer, PyBridge

_ADAPTER = Path(__file__).parent.parent / "accuracy_adapter.py"

MEASURES = {
    "public names found": "names.public",
    "claimed names that exist": "names.exist_at_runtime",
    "signatures exact": "sig.all",
    "constructors exact": "sig.ctor",
    "types equal to the run-time hints": "type.match",
    "the same, with full paths": "type.match_qualified",
    "unannotated parameters with a type": "type.param.unannotated",
    "unannotated returns with a type": "type.return.unannotated",
}
"""What the table tells, by the judge's name for it."""


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """Hits and totals, by what the judge calls a measure."""

    ours: dict[str, tuple[int, int]]
    peers: dict[str, tuple[int, int]]


def judged(judge: Path, library: str, site: Path, work: Path, *, ours: PyBridge, peer: Peer) -> Score | None:
    """Let the judge score both; None when it does not know the library.

    Raises:
        CalledProcessError: an adapter or the judge failed.
    """
    truth = judge / "truth" / f"{library}.json.gz"
    if not truth.is_file():
        return None
    mine, theirs = work / "candidate.json", work / "peer_candidate.json"
    ours.restore(None)
    ours.export(library, site)
    _run([sys.executable, str(_ADAPTER), str(ours.exported), str(mine)])
    adapter = judge / "adapters" / "griffe_adapter.py"
    _run([str(peer.programs / "python"), str(adapter), library, "--path", str(site), "--out", str(theirs)])
    return Score(ours=_score(judge, truth, mine), peers=_score(judge, truth, theirs))


def _score(judge: Path, truth: Path, candidate: Path) -> dict[str, tuple[int, int]]:
    written = candidate.with_suffix(".score.json")
    _run([sys.executable, str(judge / "score.py"), str(truth), str(candidate), "--out", str(written)])
    counts = json.loads(written.read_bytes())["counts"]
    return {name: (hits, total) for name, (hits, total) in counts.items()}


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
