"""The peer's own comparison of two site-packages folders, run in the peer's interpreter: breakages as JSON on stdout."""

import json
import sys

import griffe


def main() -> None:
    package, old, new = sys.argv[1:4]
    sides = [
        griffe.load(package, search_paths=[one], allow_inspection=False, try_relative_path=False) for one in (old, new)
    ]
    found = [
        {"kind": one.kind.value, "path": one.obj.path, "line": one.obj.lineno}
        for one in griffe.find_breaking_changes(*sides)
    ]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
