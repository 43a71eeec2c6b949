"""The nouns: frozen data that every other room reads and returns.

In: nothing. Out: Structs. May import: the standard library and msgspec.
"""
