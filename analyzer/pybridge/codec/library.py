"""A descriptor as the canonical bytes of its parts, so that an edit of one module is not paid for with all of them."""

from collections.abc import Mapping

import msgspec

from pybridge.codec.canonical import digest_bytes, encode
from pybridge.model.library import LibraryDescriptor
from pybridge.model.names import Digest, ModuleName


class EncodedLibrary(msgspec.Struct, frozen=True, kw_only=True):
    """A descriptor, its modules written already."""

    header: LibraryDescriptor
    """All but the modules."""
    modules: Mapping[ModuleName, bytes]
    """Canonical bytes, sorted by name."""
    digest: Digest
    """Of the descriptor as a whole."""


def encode_library(descriptor: LibraryDescriptor) -> EncodedLibrary:
    """Write the modules of a descriptor."""
    header = msgspec.structs.replace(descriptor, modules=())
    return put_together(header, {one.name: encode(one) for one in descriptor.modules})


def put_together(header: LibraryDescriptor, modules: Mapping[ModuleName, bytes]) -> EncodedLibrary:
    """Make a library of its header and the canonical bytes of its modules, in their order."""
    whole = msgspec.json.decode(encode(header))
    if modules:
        whole["modules"] = [msgspec.Raw(one) for one in modules.values()]
    return EncodedLibrary(
        header=header, modules=modules, digest=digest_bytes(msgspec.json.encode(whole, order="sorted"))
    )
