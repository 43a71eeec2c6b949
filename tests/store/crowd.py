"""One of many processes that do everything to the same stores at once, until a time is over.

Arguments: the folder of the stores, this process's number, seconds. What it has achieved it says line by line, and only
then: whoever reads it may expect to find it. Whatever goes wrong ends the process.
"""

import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec

from pybridge.codec import encode_library
from pybridge.errors import SnapshotNotFound, StoreBusy, StoreError
from pybridge.model.library import Module
from pybridge.model.names import SymbolPath
from pybridge.model.source import Place, SourceMap
from pybridge.protocols import Silent
from pybridge.store.care.collect import collect
from pybridge.store.exchange.fetch import fetch
from pybridge.store.exchange.push import push
from pybridge.store.snapshots import Edit, SnapshotStore
from pybridge.store.tags import set_tag
from stored_libraries import library

SHARED = ("shared_a", "shared_b", "shared_c")
LOCK_SECONDS = 600


class Member:
    def __init__(self, folder, number):
        self.paths = (folder / "first.git", folder / "second.git")
        self.number = number
        self.random = random.Random(number)
        self.saved = 0
        self.before = None

    def open(self, path=None):
        return SnapshotStore.open(path or self.random.choice(self.paths), lock_timeout_seconds=LOCK_SECONDS)

    def say(self, *words):
        sys.stdout.write(f"{' '.join(words)}\n")
        sys.stdout.flush()

    def save(self):
        store = self.open()
        name = self.random.choice((*SHARED, f"own{self.number}"))
        version = f"{self.number}.{self.saved}"
        self.saved += 1
        modules = [f"{name}.m{number}" for number in range(self.random.choice((3, 3, 80)))]
        descriptor = library(name, *modules, version=version, docstring=f"text {version}")
        places = SourceMap(places={SymbolPath(f"{name}:f"): Place(path="f.py", line=self.saved)}, digests={})
        store.save(descriptor, saved_at=datetime.now(UTC), tool="crowd", source_map=places)
        self.say("saved", store.path.name, name, version)
        self.before = (store.path, descriptor)

    def edit(self):
        """Save a change of what this process saved last; by then others may have saved something else."""
        if self.before is None:
            return
        path, descriptor = self.before
        store = self.open(path)
        version = f"{self.number}.{self.saved}"
        self.saved += 1
        changed = Module(name=descriptor.modules[0].name, docstring=f"edited {version}")
        edited = msgspec.structs.replace(descriptor, version=version, modules=(changed, *descriptor.modules[1:]))
        edit = Edit(before=encode_library(descriptor).digest, modules=frozenset({changed.name}))
        store.save_encoded(encode_library(edited), saved_at=datetime.now(UTC), tool="crowd", edit=edit)
        self.say("saved", store.path.name, descriptor.name, version)
        self.before = (path, edited)

    def read(self):
        store = self.open()
        name = self.random.choice(SHARED)
        history = store.history(name)
        if history:
            one = self.random.choice(history)
            descriptor = store.load(name, revision=one.commit)
            assert (descriptor.name, descriptor.version) == (name, one.version)
            opened = store.open_snapshot(name)
            assert all(module.name == wanted for wanted, module in opened.modules.items())

    def tag(self):
        store = self.open()
        try:
            tag = set_tag(store, self.random.choice(SHARED), name=f"t{self.number}", may_move=True)
        except SnapshotNotFound:
            return
        self.say("tagged", store.path.name, tag.ref)

    def collect(self):
        grace = self.random.choice((0.0, 0.0, 1.0))
        store = self.open()
        try:
            collect(store, young_since_seconds=time.time() - grace, progress=Silent())
        except StoreBusy as error:
            if error.waited_seconds:
                raise
            # Another one collects.
        else:
            self.say("collected", store.path.name)

    def forget(self):
        store = self.open()
        name = f"brief{self.number}"
        store.save(library(name), saved_at=datetime.now(UTC), tool="crowd")
        store.forget(name)
        self.say("forgot", store.path.name, name)

    def exchange(self):
        here, there = self.random.sample(self.paths, 2)
        store = self.open(here)
        self.random.choice((fetch, push))(store, str(there), Silent())
        self.say("exchanged", here.name)

    def act(self):
        actions = {
            self.save: 30,
            self.edit: 15,
            self.read: 30,
            self.tag: 8,
            self.collect: 7,
            self.forget: 4,
            self.exchange: 6,
        }
        self.random.choices([*actions], weights=[*actions.values()])[0]()


def main():
    member = Member(Path(sys.argv[1]), int(sys.argv[2]))
    for path in member.paths:
        member.open(path)
    until = time.monotonic() + float(sys.argv[3])
    while time.monotonic() < until:
        try:
            member.act()
        except StoreError as error:
            member.say("error", type(error).__name__, error.message)
            raise


if __name__ == "__main__":
    main()
