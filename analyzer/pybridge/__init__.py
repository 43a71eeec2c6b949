"""PyBridge reads Python libraries as text, never as programs, and turns them into typed descriptors.

The names of ``__all__`` are the public API; everything else may change. ``import pybridge`` loads no engine.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # at run time `__getattr__` loads them: `pybridge --version` must not pay for msgspec
    from pathlib import Path

    from pybridge.codec import decode, digest, encode
    from pybridge.errors import PyBridgeError
    from pybridge.model.diagnostic import Diagnostic
    from pybridge.model.library import LibraryDescriptor, Target

__version__ = "0.1.0"

__all__ = [
    "Diagnostic",
    "LibraryDescriptor",
    "PyBridgeError",
    "Target",
    "__version__",
    "decode",
    "describe",
    "digest",
    "encode",
]


def describe(
    library: "str | None" = None,
    *,
    site_packages: "Path | None" = None,
    path: "Path | None" = None,
    target: "Target | None" = None,
    store: "Path | None" = None,
    cache: "Path | None" = None,
) -> "LibraryDescriptor":
    """Describe a library, as ``pybridge discover`` does, and return the descriptor.

    ``library`` is an import or distribution name, looked up in ``site_packages`` (None: this interpreter's); ``path``
    is a source tree, a wheel or an sdist to read instead, and then ``library`` may be None. The descriptor is kept in ``store``; what
    speeds up the next run in ``cache`` (None: the folders that the command uses).

    Raises:
        PyBridgeError: no such library, or a folder that cannot be used.
    """
    from pybridge.pipeline.analyze import obtain  # noqa: PLC0415 - the engine loads when it is used
    from pybridge.pipeline.request import AnalyzeRequest  # noqa: PLC0415 - as above
    from pybridge.pipeline.workspace import locate  # noqa: PLC0415 - as above
    from pybridge.protocols import Silent  # noqa: PLC0415 - as above

    request = AnalyzeRequest(name=library, site_packages=site_packages, path=path, target=target)
    return obtain(request, locate(store=store, cache=cache), Silent()).descriptor


def __getattr__(name: str) -> object:
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    from pybridge.codec import decode, digest, encode  # noqa: PLC0415 - as above
    from pybridge.errors import PyBridgeError  # noqa: PLC0415 - as above
    from pybridge.model.diagnostic import Diagnostic  # noqa: PLC0415 - as above
    from pybridge.model.library import LibraryDescriptor, Target  # noqa: PLC0415 - as above

    offered = (Diagnostic, LibraryDescriptor, PyBridgeError, Target, decode, digest, encode)
    return next(one for one in offered if one.__name__ == name)
