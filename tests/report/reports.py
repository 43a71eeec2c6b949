"""Reports to write, their names and messages as hostile as a library can make them."""

from pybridge.model.diagnostic import Diagnostic, Severity
from pybridge.model.drift import Advice, DriftReport, DriftSide, JudgedFinding, Level
from pybridge.model.finding import Audience, Bump, Finding, Verdict, Verdicts
from pybridge.model.names import Digest, PublicPath, SymbolPath
from pybridge.model.source import Place

HOSTILE = "x\x1b[31m::error::%0A`|<script>\u202e]]>&\n@someone [a](http://b) \ud800 \"q\" 'q'"


def finding(number: int = 0, **changes) -> Finding:
    fields = {
        "rule": "PB203",
        "name": "required-parameter-added",
        "symbol": SymbolPath(f"lib.api:fetch{number}"),
        "part": "timeout",
        "public_path": PublicPath(f"lib.fetch{number}"),
        "verdict": Verdicts(
            source=Verdict.BREAKING, typing=Verdict.BREAKING, subclass=Verdict.NONE, bridge=Verdict.RISKY
        ),
        "requires": Bump.MAJOR,
        "message": "required parameter 'timeout' was added",
        "old_symbol": SymbolPath(f"lib.api:fetch{number}"),
        "new_symbol": SymbolPath(f"lib.api:fetch{number}"),
        "old_text": "def fetch(url) -> None",
        "new_text": "def fetch(url, timeout) -> None",
        "fingerprint": Digest(f"{number:064x}"),
    }
    return Finding(**{**fields, **changes})


def judged(number: int = 0, level: Level = Level.ERROR, accepted: str | None = None, **changes) -> JudgedFinding:
    return JudgedFinding(
        finding=finding(number, **changes),
        level=level,
        old=Place(path="lib/api.py", line=3, column=1),
        new=Place(path="lib/api.py", line=number + 5, column=2),
        accepted=accepted,
    )


def report(*findings: JudgedFinding, folder: str = "src", **changes) -> DriftReport:
    fields = {
        "old": DriftSide(label="lib 1.0 (old)", library="lib", version="1.0", digest=Digest("0" * 64)),
        "new": DriftSide(label="lib 1.1 (new)", library="lib", version="1.1", digest=Digest("1" * 64), folder=folder),
        "profile": (Audience.SOURCE, Audience.BRIDGE),
        "findings": findings,
        "advice": Advice(required=Bump.MAJOR, declared=Bump.MINOR, is_enough=False, reasons=("PB203",)),
    }
    return DriftReport(**{**fields, **changes})


def hostile_report() -> DriftReport:
    one = judged(
        message=HOSTILE,
        part=HOSTILE,
        symbol=SymbolPath(HOSTILE),
        public_path=PublicPath(HOSTILE),
        old_text=HOSTILE,
        new_text=HOSTILE[::-1],
        hint=HOSTILE,
    )
    remark = Diagnostic(code="x", severity=Severity.WARNING, message=HOSTILE, hint=HOSTILE)
    return report(one, judged(1, Level.ALLOWED, HOSTILE), judged(2, Level.WARNING), remarks=(remark,))
