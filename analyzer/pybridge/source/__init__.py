"""A distribution on disk becomes a `SourceTree`.

In: a library's name and a site-packages folder, or a folder of source. Out: `SourceTree`, file bytes.
May import: codec, errors, model. Reads the disk, never writes to it.
"""
