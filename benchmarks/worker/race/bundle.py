"""The bundle of the raced library, as `pybridge bundle` would write it."""

import json
from pathlib import Path


def write_bundle(path: Path) -> None:
    """Write the bundle; each function is a tool."""
    plain = {f"race_library:{name}": {} for name in ("echo", "same", "block")}
    functions = {**plain, "race_library:items": {"stream": "generator"}}
    library = {
        "library": "race_library",
        "digest": "0" * 64,
        "functions": functions,
        "paths": {symbol.replace(":", "."): symbol for symbol in functions},
        "description": {},
    }
    path.write_text(json.dumps({"schema": "pybridge.bundle/1", "libraries": [library]}), encoding="utf-8")
