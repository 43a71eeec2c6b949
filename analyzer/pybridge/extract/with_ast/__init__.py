"""Facts through Python's own ``ast``: the fallback of the native parser, and an independent second opinion in tests."""
