"""Two descriptors become `Change`s: every difference as fact, without a verdict.

In: `LibraryDescriptor`, old and new. Out: `Change`s. May import: codec, errors, model; nothing else.
"""
