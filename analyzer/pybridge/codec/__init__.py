"""Nouns to canonical bytes and back, digests, JSON Schemas.

In: nouns. Out: bytes, `Digest`, schemas. May import: errors, model.
"""

from pybridge.codec.canonical import decode, digest, digest_bytes, encode, encode_pretty

__all__ = ["decode", "digest", "digest_bytes", "encode", "encode_pretty"]
