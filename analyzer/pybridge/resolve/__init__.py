"""Facts of all files become one `LibraryDescriptor` and its `SourceMap`.

In: `SourceTree`, `ModuleFacts`. Out: `LibraryDescriptor`, `SourceMap`, `Diagnostic`s.
May import: codec, errors, model; mypy, docstring-parser and typeshed-client.
"""
