"""Several libraries into one bundle."""

from collections.abc import Sequence

from pybridge.codec import encode
from pybridge.generate.bundle import Bundle, bundle_library
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Progress


def make_bundle(requests: Sequence[AnalyzeRequest], places: Places, progress: Progress) -> tuple[Bundle, bytes]:
    """Describe every library and write the bundle's bytes; libraries are sorted by name, each is there once."""
    obtained = [obtain(request, places, progress) for request in requests]
    libraries = [bundle_library(one.descriptor, one.analysis.summary.digest) for one in obtained]
    by_name = {one.library: one for one in libraries}
    bundle = Bundle(libraries=tuple(by_name[name] for name in sorted(by_name)))
    return bundle, encode(bundle) + b"\n"
