"""Describes a library from the facts of all of its files; modules that nothing concerns stay as the last run left them."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from pybridge.codec import digest_bytes, encode, encode_library, put_together
from pybridge.extract import Spare
from pybridge.model.facts import ModuleFacts
from pybridge.model.names import Digest, ModuleName
from pybridge.pipeline.incremental.grounds import kept_ground
from pybridge.pipeline.incremental.outcome import Outcome, shape_of
from pybridge.pipeline.incremental.reading import facts_keys, read_facts
from pybridge.pipeline.incremental.shelf import Missing, Shelf
from pybridge.pipeline.incremental.state import (
    FactsByKey,
    Kept,
    ModuleState,
    Shelves,
    State,
    keep_externals,
)
from pybridge.pipeline.incremental.task import Task, Work
from pybridge.pipeline.runs import Report, report_name
from pybridge.pipeline.summary import Counts, count, summarize, total
from pybridge.resolve.describe.externals import all_mentions, module_mentions
from pybridge.resolve.describe.ground import Ground
from pybridge.resolve.describe.library import ground_of, header_of, remarks_of
from pybridge.resolve.describe.places import locate
from pybridge.resolve.describe.views import Library
from pybridge.resolve.incremental.changes import compare, everything
from pybridge.resolve.incremental.parts import Part, describe_all, describe_some
from pybridge.resolve.incremental.pieces import Files, piece_of
from pybridge.resolve.library import Evaluated, evaluate, resolve_library, type_request
from pybridge.resolve.types.answers import TypeAnswers
from pybridge.resolve.types.engine import ask_engine
from pybridge.store.snapshots import Edit

Encoded = dict[ModuleName, bytes]


def describe_whole(task: Task, before: Kept | None, spare: Spare) -> Outcome:
    """Describe a library.

    Raises:
        Missing: a file changed while it was read.
    """
    read = read_facts(
        task.contents.files,
        task.contents,
        task.target,
        cache=task.cache,
        jobs=task.jobs,
        progress=task.progress,
        spare=spare,
    )
    task.tally.parsed += read.parsed
    task.tally.is_engine_asked = True
    keys = facts_keys(task.contents, task.target)
    found = [read.facts[key] for key in keys.values()]
    facts = {one.module: one for one in found if not one.is_stub}
    stubs = {one.module: one for one in found if one.is_stub}
    task.progress.stage("resolving names")
    names = evaluate(tree=task.tree, facts=facts, stubs=stubs, target=task.target)
    work = Work(
        files=len(task.tree.files),
        files_read=len(task.contents.data),
        files_parsed=task.tally.parsed,
        modules=len(names.surface.modules),
        is_engine_asked=True,
    )
    if names.beside:
        return _merged(task, facts, stubs, names, work, spare)
    return _Whole(task, facts, stubs, names, work, keys, spare).outcome(before)


def _merged(
    task: Task,
    facts: Mapping[ModuleName, ModuleFacts],
    stubs: Mapping[ModuleName, ModuleFacts],
    names: Evaluated,
    work: Work,
    spare: Spare,
) -> Outcome:
    """Describe a library that has stubs beside its sources: both are read together, so nothing is taken over."""
    description = resolve_library(
        tree=task.tree,
        facts=facts,
        stubs=stubs,
        target=task.target,
        cache_dir=Path(task.engine_cache),
        progress=task.progress,
        overlays=task.overlays,
        names=names,
        go_on=spare.go_on,
    )
    library = encode_library(description.descriptor)
    modules = len(description.descriptor.modules)
    return Outcome(
        library=library,
        report=Report(
            summary=summarize(description.descriptor, library.digest),
            diagnostics=description.diagnostics,
            source_map=description.source_map,
        ),
        work=msgspec.structs.replace(work, modules_typed=modules, modules_described=modules),
        descriptor=description.descriptor,
    )


class _Whole:
    """A library whose modules are described each for itself."""

    def __init__(
        self,
        task: Task,
        facts: Mapping[ModuleName, ModuleFacts],
        stubs: Mapping[ModuleName, ModuleFacts],
        names: Evaluated,
        work: Work,
        keys: Mapping[str, Digest],
        spare: Spare,
    ) -> None:
        self._task, self._facts, self._stubs, self._work, self._spare = task, facts, stubs, work, spare
        self._surface = names.surface
        self._keys = keys
        self._primary = {**stubs, **facts}
        self._mentions = {
            name: module_mentions(name, one, names.surface) for name, one in sorted(self._primary.items())
        }

    def outcome(self, before: Kept | None) -> Outcome:
        """Ask the type engine, describe what has to be described, and put it together."""
        answers = self._ask()
        self._task.progress.stage("describing")
        ground = ground_of(
            surface=self._surface,
            facts=self._facts,
            stubs=self._stubs,
            answers=answers,
            target=self._task.target,
            overlays=self._task.overlays,
        )
        rows = _Rows(ground, self._facts, self._stubs, self._keys)
        shape = shape_of(
            ground.target,
            ground.overlays,
            ground.outlines,
            ground.unread_modules,
            frozenset(ground.answers),
        )
        library = Library(ground)
        reused = self._reused(library, rows, shape, before)
        parts = reused if reused is not None else describe_all(library)
        return self._together(ground, rows, answers, parts, shape, before if reused is not None else None)

    def _ask(self) -> TypeAnswers:
        request = type_request(
            tree=self._task.tree,
            broken={name for name, one in self._primary.items() if not one.is_for_engine},
            mentioned=all_mentions(self._mentions),
            target=self._task.target,
            cache_dir=Path(self._task.engine_cache),
            is_brief=True,
        )
        return ask_engine(request, progress=self._task.progress, go_on=self._spare.go_on)

    def _reused(
        self, library: Library, rows: "_Rows", shape: Digest, before: Kept | None
    ) -> dict[ModuleName, Part] | None:
        """Describe the modules that changes concern; None when that is all of them."""
        if before is None or before.state.shape != shape or rows.pieces is None:
            return None
        try:
            state = before.state
            changed = [name for name, one in state.modules.items() if rows.differs(name, one)]
            old = kept_ground(before, FactsByKey(self._task.cache, {}), self._task.target, self._task.overlays)
            try:
                changes = compare(old, library.ground, changed)
            except Missing:
                changes = everything(changed)
            concerned = [name for name in state.modules if changes.concern(before.touched(name))]
            return describe_some(library, {*changed, *concerned}, offers_of=before.offered, made=frozenset(state.made))
        except Missing:
            return None

    def _together(
        self,
        ground: Ground,
        rows: "_Rows",
        answers: TypeAnswers,
        parts: Mapping[ModuleName, Part],
        shape: Digest,
        before: Kept | None,
    ) -> Outcome:
        task = self._task
        try:
            encoded: Encoded = {} if before is None else {ModuleName(k): v for k, v in before.encoded.all().items()}
        except Missing:
            return self._together(ground, rows, answers, describe_all(Library(ground)), shape, None)
        encoded.update((name, encode(one.module)) for name, one in parts.items())
        counts = {} if before is None else {name: one.counts for name, one in before.state.modules.items()}
        counts.update((name, count(one.module)) for name, one in parts.items())
        header = header_of(task.tree, self._primary, task.target)
        library = put_together(header, dict(sorted(encoded.items())))
        report = Report(
            summary=total(header, [counts[name] for name in library.modules], library.digest),
            diagnostics=remarks_of(task.tree, (*self._facts.values(), *self._stubs.values()), self._surface, answers),
            source_map=locate(self._primary, self._facts, self._stubs),
        )
        typed = [name for name in rows.answers if before is None or rows.is_typed_anew(name, before.state)]
        is_whole = len(parts) == len(library.modules)
        modules = tuple(parts[name].module for name in library.modules) if is_whole else ()
        return Outcome(
            library=library,
            report=report,
            work=msgspec.structs.replace(self._work, modules_typed=len(typed), modules_described=len(parts)),
            state=self._state(rows, parts, counts, library.digest, shape, before, encoded),
            edit=None if before is None else Edit(before=before.state.descriptor, modules=frozenset(parts)),
            descriptor=msgspec.structs.replace(header, modules=modules) if is_whole else None,
        )

    def _state(
        self,
        rows: "_Rows",
        parts: Mapping[ModuleName, Part],
        counts: Mapping[ModuleName, Counts],
        digest: Digest,
        shape: Digest,
        before: Kept | None,
        encoded: Encoded,
    ) -> State | None:
        """Write down what the next run can use; None when a module cannot be written down."""
        if rows.pieces is None:
            return None
        task, cache = self._task, self._task.cache
        documents = {} if before is None else {name: one.documents for name, one in before.state.modules.items()}
        documents.update((name, one.touches.documents) for name, one in parts.items())
        made = tuple(sorted({path for one in parts.values() for path in one.offers.made}))
        touches = {name: msgspec.msgpack.encode(one.touches) for name, one in parts.items()}
        offers = {name: msgspec.msgpack.encode(one.offers) for name, one in parts.items()}
        if before is not None:
            made = before.state.made
            shelves = (before.touches.replaced(touches), before.offers.replaced(offers))
        else:
            shelves = (Shelf.of(cache, touches), Shelf.of(cache, offers))
        mentions = {name: msgspec.msgpack.encode(one) for name, one in self._mentions.items()}
        return State(
            surroundings=task.key.surroundings,
            shape=shape,
            header=header_of(task.tree, self._primary, task.target),
            descriptor=digest,
            modules={
                name: ModuleState(
                    source=rows.source(name),
                    stub=rows.stub(name),
                    outline=rows.ground.outlines[name],
                    piece=digest_bytes(rows.pieces[name]),
                    answers=digest_bytes(rows.answers[name]) if name in rows.answers else None,
                    documents=documents[name],
                    counts=counts[name],
                )
                for name in sorted(rows.pieces)
            },
            shelves=Shelves(
                pieces=Shelf.of(cache, rows.pieces, before.pieces if before else None).buckets,
                answers=Shelf.of(cache, rows.answers, before.answers if before else None).buckets,
                mentions=Shelf.of(cache, mentions, before.mentions if before else None).buckets,
                touches=shelves[0].buckets,
                offers=shelves[1].buckets,
                encoded=Shelf.of(cache, encoded, before.encoded if before else None).buckets,
            ),
            externals=keep_externals(cache, rows.ground.externals),
            made=made,
            unread=tuple(sorted(rows.ground.unread_modules)),
            broken=tuple(sorted(name for name, one in self._primary.items() if one.is_broken)),
            report=report_name(task.key),
        )


class _Rows:
    """What makes up each module, as bytes to compare and to keep."""

    def __init__(
        self,
        ground: Ground,
        facts: Mapping[ModuleName, ModuleFacts],
        stubs: Mapping[ModuleName, ModuleFacts],
        keys: Mapping[str, Digest],
    ) -> None:
        self.ground = ground
        self._facts, self._stubs, self._keys = facts, stubs, keys
        self.answers: Encoded = {name: msgspec.msgpack.encode(one) for name, one in sorted(ground.answers.items())}
        self.pieces = self._pieces()
        """None when one cannot be written down."""

    def source(self, module: ModuleName) -> Digest | None:
        """Key of the facts of a module's source."""
        own = self._facts.get(module)
        return self._keys[own.path] if own is not None else None

    def stub(self, module: ModuleName) -> Digest | None:
        """Key of the facts of a module's stub."""
        own = self._stubs.get(module)
        return self._keys[own.path] if own is not None else None

    def differs(self, module: ModuleName, before: ModuleState) -> bool:
        """Tell whether anything of its own differs."""
        if (self.source(module), self.stub(module)) != (before.source, before.stub):
            return True
        piece = self.pieces[module] if self.pieces is not None else b""
        return digest_bytes(piece) != before.piece or self._answer(module) != before.answers

    def is_typed_anew(self, module: ModuleName, before: State) -> bool:
        """Tell whether the type engine said something else of a module than before."""
        known = before.modules.get(module)
        return known is None or known.answers != self._answer(module)

    def _answer(self, module: ModuleName) -> Digest | None:
        return digest_bytes(self.answers[module]) if module in self.answers else None

    def _pieces(self) -> Encoded | None:
        pieces: Encoded = {}
        for name, surface in sorted(self.ground.surfaces.items()):
            piece = piece_of(surface, self.ground.plans[name], Files(self._facts.get(name), self._stubs.get(name)))
            if piece is None:
                return None
            pieces[name] = msgspec.msgpack.encode(piece)
        return pieces
