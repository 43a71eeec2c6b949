"""Describes a library again after edits that leave its names where they were: nothing but what they concern is read.

An edit of documentation leaves types as well; after any other one the type engine is asked, which keeps what it knows
of the rest in its own cache.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pybridge.codec import digest_bytes, encode, put_together
from pybridge.errors import SourceUnreadable
from pybridge.extract import Spare
from pybridge.model.facts import ModuleFacts
from pybridge.model.names import Digest, ModuleName, SymbolPath, split_symbol
from pybridge.model.source import FileKind, SourceFile, SourceMap
from pybridge.pipeline.incremental.grounds import Keys, kept_ground
from pybridge.pipeline.incremental.outcome import Outcome, shape_of
from pybridge.pipeline.incremental.reading import facts_keys, read_facts
from pybridge.pipeline.incremental.shelf import Missing, Shelf
from pybridge.pipeline.incremental.state import FactsByKey, Kept, ModuleState, Shelves, keep_externals
from pybridge.pipeline.incremental.task import Task, Work
from pybridge.pipeline.runs import Report, read_report, report_name
from pybridge.pipeline.summary import count, total
from pybridge.resolve.describe.externals import ModuleMentions, all_mentions, module_mentions
from pybridge.resolve.describe.ground import Ground
from pybridge.resolve.describe.places import locate
from pybridge.resolve.describe.views import Library
from pybridge.resolve.incremental.changes import Changes, compare
from pybridge.resolve.incremental.heads import Head, edited_heads, is_of_protocols
from pybridge.resolve.incremental.parts import Part, describe_some
from pybridge.resolve.incremental.sameness import has_same_names, is_same_code
from pybridge.resolve.incremental.uses import File, may_use, mentions
from pybridge.resolve.library import type_request
from pybridge.resolve.symbols import Surface
from pybridge.resolve.types.answers import Answer, ClassAnswer, ModuleAnswer, TypeAnswers
from pybridge.resolve.types.engine import ask_engine
from pybridge.source import read_bytes
from pybridge.store.snapshots import Edit

MAX_EDITED = 40
"""More files than that are no edit: all are read."""
MAX_HEADS = 8
"""More functions than that are not looked for in all files."""


def describe_edited(task: Task, before: Kept, spare: Spare) -> Outcome | None:
    """Describe a library of which some files were edited; None when their names have to be evaluated anew."""
    if before.state.surroundings != task.key.surroundings or task.contents.unreadable:
        return None
    try:
        files = _edited_files(task, before, facts_keys(task.contents, task.target))
        return _Edited(task, before, files, spare).outcome() if 0 < len(files) <= MAX_EDITED else None
    except Missing:
        return None


def _edited_files(task: Task, before: Kept, keys: Mapping[str, Digest]) -> tuple[SourceFile, ...]:
    found = []
    for file in task.contents.files:
        known = before.state.modules.get(file.module)
        own = known and (known.source if file.kind is FileKind.SOURCE else known.stub)
        if own != keys.get(file.path):
            found.append(file)
    return tuple(found)


_ALWAYS_READ = sys.stdlib_module_names | {"_typeshed", "typing_extensions"}


class _Typed(msgspec.Struct, frozen=True, kw_only=True):
    """What the type engine said after the edit."""

    modules: Mapping[ModuleName, ModuleAnswer]
    written: Mapping[ModuleName, bytes]
    changed: frozenset[ModuleName]
    answers: TypeAnswers


class _Edited:
    def __init__(self, task: Task, before: Kept, files: tuple[SourceFile, ...], spare: Spare) -> None:
        self._task, self._before, self._files, self._spare = task, before, files, spare
        self._has_same_code = False
        keys = facts_keys(task.contents, task.target)
        self._keys = {one.path: keys[one.path] for one in files}
        read = read_facts(
            files,
            task.contents,
            task.target,
            cache=task.cache,
            jobs=task.jobs,
            progress=task.progress,
            spare=spare,
        )
        task.tally.parsed += read.parsed
        self._facts = FactsByKey(task.cache, read.facts)
        self._changed = {name: self._keys_of(name) for name in sorted({one.module for one in files})}

    def outcome(self) -> Outcome | None:
        """Find out what the edit concerns, and describe that."""
        pairs = [(self._old(one), self._facts[self._keys[one.path]]) for one in self._files]
        self._has_same_code = all(is_same_code(old, new) for old, new in pairs)
        if not self._has_same_code and not all(has_same_names(old, new) for old, new in pairs):
            return None
        if not all(self._before.piece(name).is_linked for name in self._changed):
            return None
        old = kept_ground(self._before, self._facts, self._task.target, self._task.overlays)
        if self._shape(old) != self._before.state.shape:
            return None
        if self._has_same_code or self._is_unseen(pairs, old):
            return self._described(old, None)
        typed = self._typed(old)
        return self._described(old, typed) if typed is not None else None

    def _old(self, file: SourceFile) -> ModuleFacts:
        known = self._before.state.modules[file.module]
        key = known.source if file.kind is FileKind.SOURCE else known.stub
        if key is None:
            raise Missing(file.path)
        return self._facts[key]

    def _keys_of(self, module: ModuleName) -> Keys:
        known = self._before.state.modules.get(module)
        if known is None:
            raise Missing(module)
        source, stub = known.source, known.stub
        for one in self._files:
            if one.module == module and one.kind is not FileKind.SOURCE:
                stub = self._keys[one.path]
            elif one.module == module:
                source = self._keys[one.path]
        return Keys(source, stub)

    def _shape(self, ground: Ground) -> Digest:
        return shape_of(
            ground.target, ground.overlays, ground.outlines, ground.unread_modules, frozenset(ground.answers)
        )

    def _is_unseen(self, pairs: Sequence[tuple[ModuleFacts, ModuleFacts]], old: Ground) -> bool:
        """Tell edits of which the type engine would see nothing that it could tell, so that it need not be asked."""
        heads: list[Head] = []
        for before, after in pairs:
            edited = edited_heads(before, after)
            if edited is None:
                return False
            heads += edited
        if not self._asks_for_the_same(old):
            return False
        members = [one.name for one in heads if one.is_member]
        if members and (any(map(is_of_protocols, members)) or _reads_others(old)):
            return False
        return not heads or not self._may_be_used(heads, old)

    def _asks_for_the_same(self, old: Ground) -> bool:
        """Tell whether the library still mentions of other packages what it mentioned."""
        now = self._mentions(old)
        if all(_asked(one) == _asked(self._before.mention(name)) for name, one in now.items()):
            return True
        kept = self._before.all_mentions()
        before, after = all_mentions(kept), all_mentions(kept | now)
        return (before.externals, before.bases, before.follow) == (after.externals, after.bases, after.follow)

    def _may_be_used(self, heads: Sequence[Head], old: Ground) -> bool:
        if len(heads) > MAX_HEADS:
            return True
        keys = facts_keys(self._task.contents, self._task.target)
        for file in self._task.contents.files:
            if file.kind not in {FileKind.SOURCE, FileKind.STUB}:
                continue
            try:
                data = self._task.contents.data.get(file.path) or read_bytes(file)
            except SourceUnreadable:
                return True
            found = [one for one in heads if mentions(one.name, data)]
            if found:
                facts = self._facts[keys[file.path]]
                seen = File(data, facts, old.surfaces[file.module], old.surfaces.__contains__)
                if any(may_use(one, seen) for one in found):
                    return True
        return False

    def _typed(self, old: Ground) -> _Typed | None:
        """Ask the type engine; None when its answers move more than types."""
        mentions = self._before.all_mentions() | self._mentions(old)
        request = type_request(
            tree=self._task.tree,
            broken=frozenset(self._before.state.broken),
            mentioned=all_mentions(mentions),
            target=self._task.target,
            cache_dir=Path(self._task.engine_cache),
            is_brief=True,
        )
        self._task.tally.is_engine_asked = True
        answers = ask_engine(request, progress=self._task.progress, go_on=self._spare.go_on)
        written = {name: msgspec.msgpack.encode(one) for name, one in sorted(answers.modules.items())}
        if answers.diagnostics or written.keys() != set(old.answers):
            return None
        modules = self._before.state.modules
        changed = frozenset(name for name in written if digest_bytes(written[name]) != modules[name].answers)
        for name in changed:
            if _orders(old.answers[name]) != _orders(answers.modules[name]):
                return None
        if dict(old.externals) != dict(answers.externals):
            return None
        return _Typed(modules=answers.modules, written=written, changed=changed, answers=answers)

    def _mentions(self, old: Ground) -> dict[ModuleName, ModuleMentions]:
        surface = Surface(modules=old.surfaces, unread_modules=old.unread_modules, public_paths={})
        found: dict[ModuleName, ModuleMentions] = {}
        for name, keys in self._changed.items():
            own = keys.source or keys.stub
            if own is not None:
                found[name] = module_mentions(name, self._facts[own], surface)
        return found

    def _described(self, old: Ground, typed: _Typed | None) -> Outcome | None:
        self._task.progress.stage("describing")
        new = kept_ground(
            self._before,
            self._facts,
            self._task.target,
            self._task.overlays,
            changed=self._changed,
            answers=typed.modules if typed is not None else None,
            externals=old.externals,
        )
        moved = typed.changed if typed is not None else frozenset()
        own = {*self._changed, *moved}
        changes = compare(old, new, sorted(own))
        concerned = own | {name for name in self._before.state.modules if self._is_concerned(name, changes)}
        parts = describe_some(
            Library(new), concerned, offers_of=self._before.offered, made=frozenset(self._before.state.made)
        )
        report = read_report(self._task.cache, self._before.state.report)
        if parts is None or report is None:
            return None
        return self._together(parts, typed, report, old)

    def _is_concerned(self, name: ModuleName, changes: Changes) -> bool:
        if not self._has_same_code:
            return changes.concern(self._before.touched(name))
        # Code is the same: of that, documentation alone can differ.
        documents = self._before.state.modules[name].documents
        return any(not changes.documents.get(one, frozenset()).isdisjoint(names) for one, names in documents.items())

    def _together(self, parts: Mapping[ModuleName, Part], typed: _Typed | None, report: Report, old: Ground) -> Outcome:
        before, state = self._before, self._before.state
        encoded = {name: encode(one.module) for name, one in parts.items()}
        modules = {ModuleName(name): data for name, data in before.encoded.all().items()} | encoded
        library = put_together(state.header, dict(sorted(modules.items())))
        counts = {name: one.counts for name, one in state.modules.items()}
        counts.update((name, count(one.module)) for name, one in parts.items())
        touches = {name: msgspec.msgpack.encode(one.touches) for name, one in parts.items()}
        new_mentions: dict[ModuleName, bytes] = {}
        answers = state.shelves.answers
        if not self._has_same_code:
            new_mentions = {name: msgspec.msgpack.encode(one) for name, one in self._mentions(old).items()}
        if typed is not None:
            answers = Shelf.of(self._task.cache, typed.written, before.answers).buckets
        described = {
            name: msgspec.structs.replace(one, documents=parts[name].touches.documents, counts=counts[name])
            if name in parts
            else one
            for name, one in state.modules.items()
        }
        return Outcome(
            library=library,
            report=Report(
                summary=total(state.header, [counts[name] for name in library.modules], library.digest),
                diagnostics=report.diagnostics,
                source_map=self._source_map(report.source_map),
            ),
            work=self._work(parts, typed),
            state=msgspec.structs.replace(
                state,
                descriptor=library.digest,
                modules={name: self._with_keys(name, one, typed) for name, one in described.items()},
                shelves=Shelves(
                    pieces=state.shelves.pieces,
                    answers=answers,
                    mentions=before.mentions.replaced(new_mentions).buckets,
                    touches=before.touches.replaced(touches).buckets,
                    offers=state.shelves.offers,
                    encoded=before.encoded.replaced(encoded).buckets,
                ),
                externals=state.externals if typed is None else keep_externals(self._task.cache, old.externals),
                report=report_name(self._task.key),
            ),
            edit=Edit(before=state.descriptor, modules=frozenset(parts)),
        )

    def _with_keys(self, name: ModuleName, one: ModuleState, typed: _Typed | None) -> ModuleState:
        if name in self._changed:
            keys = self._changed[name]
            one = msgspec.structs.replace(one, source=keys.source, stub=keys.stub)
        if typed is not None and name in typed.changed:
            one = msgspec.structs.replace(one, answers=digest_bytes(typed.written[name]))
        return one

    def _work(self, parts: Mapping[ModuleName, Part], typed: _Typed | None) -> Work:
        return Work(
            files=len(self._task.tree.files),
            files_read=len(self._task.contents.data),
            files_parsed=self._task.tally.parsed,
            modules=len(self._before.state.modules),
            modules_typed=len(typed.changed) if typed is not None else 0,
            modules_described=len(parts),
            is_engine_asked=typed is not None,
        )

    def _source_map(self, before: SourceMap) -> SourceMap:
        """The places of the last run, those in edited files found again."""
        places = {path: one for path, one in before.places.items() if split_symbol(path)[0] not in self._changed}
        digests = dict(before.digests)
        for name, keys in self._changed.items():
            own = keys.source or keys.stub
            if own is not None:
                places.update(locate({name: self._facts[own]}, {}, {}).places)
            for key in (keys.source, keys.stub):
                if key is not None:
                    digests[self._facts[key].path] = self._facts[key].content_digest
        return SourceMap(places=places, digests=dict(sorted(digests.items())))


def _asked(one: ModuleMentions) -> tuple[object, ...]:
    return (one.found, one.supplying, one.bases)


def _reads_others(ground: Ground) -> bool:
    """Tell whether the type engine read packages besides the library and the standard library."""
    read = {split_symbol(one.path)[0].partition(".")[0] for one in ground.externals.values() if one.path is not None}
    return not read <= _ALWAYS_READ


def _orders(answer: ModuleAnswer) -> dict[SymbolPath, tuple[object, ...]]:
    """What the answers of a module say of classes that decides which symbols are wanted."""
    found: dict[SymbolPath, tuple[object, ...]] = {}
    waiting: list[Answer] = list(answer.symbols.values())
    while waiting:
        one = waiting.pop()
        if isinstance(one, ClassAnswer):
            found[one.path] = (one.mro, one.has_unknown_base)
            waiting.extend(one.members.values())
    return found
