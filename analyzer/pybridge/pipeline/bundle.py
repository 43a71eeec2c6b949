"""Several libraries into one bundle."""

from collections.abc import Sequence

import msgspec

from pybridge.codec import encode
from pybridge.generate.bundle import Bundle, bundle_library
from pybridge.model.diagnostic import Diagnostic
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Progress


class Bundled(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle, ready to be written."""

    bundle: Bundle
    data: bytes
    diagnostics: tuple[Diagnostic, ...]
    """Of all libraries."""
    is_incomplete: bool
    """True when a part of a library could not be read."""


def make_bundle(requests: Sequence[AnalyzeRequest], places: Places, progress: Progress) -> Bundled:
    """Describe every library and write the bundle's bytes; libraries are sorted by name, each is there once."""
    obtained = [obtain(request, places, progress) for request in requests]
    libraries = [bundle_library(one.descriptor, one.analysis.summary.digest) for one in obtained]
    by_name = {one.library: one for one in libraries}
    bundle = Bundle(libraries=tuple(by_name[name] for name in sorted(by_name)))
    return Bundled(
        bundle=bundle,
        data=encode(bundle) + b"\n",
        diagnostics=tuple(told for one in obtained for told in one.analysis.diagnostics),
        is_incomplete=any(one.analysis.is_incomplete for one in obtained),
    )
