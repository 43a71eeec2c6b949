"""Descriptors kept as git keeps trees, and a cache that may be deleted.

In: `LibraryDescriptor`. Out: `Snapshot`, `LibraryDescriptor`. May import: codec, errors, model; pygit2, filelock, sqlite3.
"""
