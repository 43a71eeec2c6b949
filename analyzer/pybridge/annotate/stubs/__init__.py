"""A descriptor as ``.pyi`` files.

In: `LibraryDescriptor`. Out: `StubFile`s. May import: spelling of the room above, codec, errors, model.
"""

from pybridge.annotate.stubs.library import StubFile, stub_files

__all__ = ["StubFile", "stub_files"]
