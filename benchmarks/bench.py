"""Measure PyBridge and griffe side by side on the pinned libraries of corpus.toml, and write the table of the docs.

    python benchmarks/bench.py
    python benchmarks/bench.py --libraries requests rich --runs 5
    python benchmarks/bench.py --json build/bench.json --table docs/benchmarks.md --judge DIR

The libraries and the peer (in a virtual environment of its own) are fetched once into a folder outside of the tree.
docs/benchmarks.md says what is measured and how to read it.
"""

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path

import msgspec
from sidebyside.accuracy import Score, judged
from sidebyside.contenders import Peer, PyBridge
from sidebyside.corpus import Corpus, Library, default_folder, fetch, fetch_peer, read_corpus
from sidebyside.measure import CommandFailed
from sidebyside.rounds import Outcome, Rounds
from sidebyside.table import Session, lines, update


def main(arguments: list[str] | None = None) -> int:
    corpus = read_corpus()
    options = _parser(corpus).parse_args(arguments)
    program = options.pybridge or Path(sys.executable).with_name("pybridge")
    folder = options.corpus.absolute()
    programs = fetch_peer(folder, corpus.peer)
    session = _session(options.json, corpus)
    failed = False
    for library in corpus.chosen(options.libraries):
        site = fetch(folder, library)
        with tempfile.TemporaryDirectory(prefix="pybridge-bench-") as name:
            work = Path(name).resolve()
            peer, ours = Peer(programs, work), PyBridge(program.absolute(), work)
            try:
                outcome = Rounds(library, site, work, peer, ours).measure(options.runs, _say)
                score = _score(options, library, site, work, peer, ours)
            except CommandFailed as error:
                _say(f"{library.name}: {error}")
                failed = True
                continue
        session = _with(session, library, outcome, score)
        _save(options, session, corpus)
    print("\n".join(lines(session, [one.name for one in corpus.libraries])))
    return 1 if failed else 0


def _parser(corpus: Corpus) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [one.name for one in corpus.libraries]
    parser.add_argument("--libraries", nargs="+", choices=names, default=[], metavar="NAME", help="default: all")
    parser.add_argument("--runs", type=_at_least_one, default=3, metavar="N", help="rounds for each library")
    parser.add_argument("--corpus", type=Path, default=default_folder(), metavar="DIR", help="where libraries are kept")
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures; others that it holds stay")
    parser.add_argument("--table", type=Path, metavar="FILE", help="write the tables between the markers of a page")
    parser.add_argument("--judge", type=Path, metavar="DIR", help="score the accuracy of both, too")
    parser.add_argument(
        "--judge-site", type=Path, metavar="DIR", help="environment to judge instead, with dependencies"
    )
    parser.add_argument("--pybridge", type=Path, metavar="FILE", help="default: the one of this Python's environment")
    return parser


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(text)
    return number


def _score(
    options: argparse.Namespace, library: Library, site: Path, work: Path, peer: Peer, ours: PyBridge
) -> Score | None:
    if options.judge is None:
        return None
    if not (options.judge / "score.py").is_file():
        _say(f"no judge in {options.judge}: accuracy is left out")
        return None
    score = judged(options.judge.absolute(), library.name, options.judge_site or site, work, ours=ours, peer=peer)
    if score is None:
        _say(f"{library.name}: the judge does not know it")
    return score


def _session(kept: Path | None, corpus: Corpus) -> Session:
    """Return what was measured before on this machine against this peer; nothing when that differs."""
    fresh = Session(machine=_machine(), peer=corpus.peer.replace("==", " "), outcomes={}, scores={})
    if kept is None or not kept.exists():
        return fresh
    known = msgspec.json.decode(kept.read_bytes(), type=Session)
    return known if (known.machine, known.peer) == (fresh.machine, fresh.peer) else fresh


def _with(session: Session, library: Library, outcome: Outcome, score: Score | None) -> Session:
    scores = {**session.scores, library.name: score} if score else session.scores
    return msgspec.structs.replace(session, outcomes={**session.outcomes, library.name: outcome}, scores=scores)


def _save(options: argparse.Namespace, session: Session, corpus: Corpus) -> None:
    if options.json is not None:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_bytes(msgspec.json.format(msgspec.json.encode(session), indent=2))
    if options.table is not None:
        update(options.table, session, [one.name for one in corpus.libraries])


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, {system}, Python {platform.python_version()}"


def _processor() -> str:
    try:
        lines_ = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown"
    return next((line.partition(":")[2].strip() for line in lines_ if line.startswith("model name")), "unknown")


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
