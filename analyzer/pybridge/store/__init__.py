"""Descriptors kept as git keeps trees, and a cache that may be deleted.

In: `LibraryDescriptor`. Out: `Snapshot`, `LibraryDescriptor`. May import: codec, errors, model; pygit2, filelock, sqlite3.

Two doors, apart because their costs are: `pybridge.store.snapshots` loads pygit2, `pybridge.store.facts_cache` loads
sqlite3 only, so that an unchanged run is answered without git.
"""
