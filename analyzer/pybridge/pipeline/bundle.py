"""Several libraries into one bundle."""

from collections.abc import Sequence

from pybridge.codec import encode
from pybridge.generate.bundle import Bundle, bundle_library
from pybridge.pipeline.analyze import obtain
from pybridge.pipeline.request import AnalyzeRequest, Places
from pybridge.protocols import Progress


def make_bundle(requests: Sequence[AnalyzeRequest], places: Places, progress: Progress) -> tuple[Bundle, bytes]:
    """Describe every library and write the bundle's bytes; libraries are sorted by name."""
    obtained = [obtain(request, places, progress) for request in requests]
    libraries = [bundle_library(one.descriptor, one.analysis.summary.digest) for one in obtained]
    bundle = Bundle(libraries=tuple(sorted(libraries, key=lambda one: one.library)))
    return bundle, encode(bundle) + b"\n"
