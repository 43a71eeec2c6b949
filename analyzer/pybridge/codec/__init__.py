"""Nouns to canonical bytes and back, digests, JSON Schemas.

In: nouns. Out: bytes, `Digest`, schemas. May import: errors, model.
"""

from pybridge.codec.canonical import decode, digest, digest_bytes, encode, encode_pretty, format_pretty
from pybridge.codec.library import EncodedLibrary, encode_library, put_together

__all__ = [
    "EncodedLibrary",
    "decode",
    "digest",
    "digest_bytes",
    "encode",
    "encode_library",
    "encode_pretty",
    "format_pretty",
    "put_together",
]
