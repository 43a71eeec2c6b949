"""Plays scenes with faults, one process each, and says how each store is afterwards. Runs under faults.so.

Arguments: the folder to work in, and a line of JSON on stdin for each play: scene, action, at (0 to count calls only),
error. Answers with a line of JSON each.
"""

import ctypes
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from fault_scenes import SCENES, SMALL, save, seed

from pybridge.errors import StoreError
from pybridge.protocols import Silent
from pybridge.store.care.verify import verify
from pybridge.store.snapshots import SnapshotStore

ACTIONS = {"count": 0, "kill": 1, "tear": 2, "fail": 3, "fail-open": 3, "fail-read": 3}
STORES = ("store.git", "other.git", "empty.git", "new.git")
MAX_SECONDS = 60
FORGETTABLE = "small"


def in_child(action, *arguments):
    """Run a function in a process of its own; give back how it ended and what it wrote."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        signal.alarm(MAX_SECONDS)
        try:
            text, code = action(*arguments), 0
        except BaseException as error:  # noqa: BLE001 - whatever it is, the other process tells
            text, code = f"{type(error).__name__}: {error}", 70
        os.write(writer, (text or "").encode()[:60_000])
        os._exit(code)
    os.close(writer)
    with os.fdopen(reader, "rb") as stream:
        told = stream.read().decode()
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), told


def play(folder, wanted, before):
    library = ctypes.CDLL(None)
    is_read, is_open = wanted["action"] == "fail-read", wanted["action"] == "fail-open"
    at, what = wanted["at"], ACTIONS[wanted["action"]]
    library.fault_arm(str(folder).encode(), ctypes.c_long(at), what, wanted.get("error", 0), is_read, is_open)
    told = ""
    try:
        if is_read:
            for name, versions in before["store.git"].items():
                assert SnapshotStore.open(folder / "store.git", create=False).load(name).version == versions[0]
        else:
            SCENES[wanted["scene"]](folder)
    except StoreError as error:
        told = f"StoreError: {error.message} hint: {error.hint}"
    library.fault_arm(b"", 0, 0, 0, 0, 0)
    library.fault_count.restype = ctypes.c_long
    return json.dumps({"count": library.fault_count(), "told": told})


def count(folder, wanted, before):
    library = ctypes.CDLL(None)
    library.fault_count.restype = ctypes.c_long
    is_read, is_open = wanted.get("of") == "fail-read", wanted.get("of") == "fail-open"
    library.fault_arm(str(folder).encode(), ctypes.c_long(0), 0, 0, is_read, is_open)
    if is_read:
        for name in before["store.git"]:
            SnapshotStore.open(folder / "store.git", create=False).load(name)
    else:
        SCENES[wanted["scene"]](folder)
    return json.dumps({"count": library.fault_count(), "told": ""})


def histories(folder):
    """The versions of every library of every store, newest first."""
    found = {}
    for name in STORES:
        if (folder / name / "pybridge.generation").exists() or (folder / name / "HEAD").exists():
            try:
                store = SnapshotStore.open(folder / name, create=False)
            except StoreError:
                if name == "empty.git":
                    continue
                raise
            found[name] = {one: [each.version for each in store.history(one)] for one in store.libraries()}
    return json.dumps(found)


def examine(folder, before, scene):
    """Say what is wrong with the stores; nothing when all that was there is, and all of it can be used."""
    wrong = []
    after = json.loads(histories(folder))
    for name, libraries in before.items():
        for library, versions in libraries.items():
            left = after.get(name, {}).get(library, [])
            is_forgotten = scene == "forget" and library == FORGETTABLE and not left
            if not is_forgotten and not set(versions) <= set(left):
                wrong.append(f"{name}: {library} had {versions} and has {left}")
    for name, libraries in after.items():
        store = SnapshotStore.open(folder / name, create=False)
        damages = verify(folder / name, Silent()).damages
        wrong += [f"{name}: {one.kind.value} {one.name} {one.reason}" for one in damages]
        for library, versions in libraries.items():
            if store.load(library).version != versions[0]:
                wrong.append(f"{name}: {library} is not {versions[0]}")
            store.load_places(library)
    if scene != "fresh":
        # The change itself can be made now, and after it others can.
        SCENES[scene](folder) if scene != "forget" or FORGETTABLE in after["store.git"] else None
    store = SnapshotStore.open(folder / "store.git", lock_timeout_seconds=5)
    save(store, SMALL[3], 20)
    if verify(folder / "store.git", Silent()).damages:
        wrong.append("store.git: damaged by a save that came after")
    return "\n".join(wrong)


def main():
    root = Path(sys.argv[1])
    template = root / "seed"
    template.mkdir()
    code, told = in_child(lambda: seed(template))
    assert code == 0, told
    code, told = in_child(histories, template)
    assert code == 0, told
    before = json.loads(told)
    for line in sys.stdin:
        wanted = json.loads(line)
        folder = Path(tempfile.mkdtemp(dir=root))
        shutil.copytree(template, folder, dirs_exist_ok=True)
        code, told = in_child(count if wanted["action"] == "count" else play, folder, wanted, before)
        checked, wrong = (0, "") if wanted["action"] == "count" else in_child(examine, folder, before, wanted["scene"])
        shutil.rmtree(folder)
        answer = json.loads(told) if code == 0 else {"told": told}
        sys.stdout.write(json.dumps({**wanted, **answer, "code": code, "checked": checked, "wrong": wrong}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
