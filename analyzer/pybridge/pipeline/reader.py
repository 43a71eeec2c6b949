"""The child process of a small run: it reads the files, and then answers for their types when it is sent on to that."""

import gc

from pybridge.resolve.types.contexts import lean_contexts


def main() -> None:
    """Read files as `pybridge.extract.child` does, and go on as `pybridge.resolve.types.child` does."""
    gc.disable()  # what is loaded stays
    with lean_contexts():
        from pybridge.extract.child import serve  # noqa: PLC0415 - what is loaded here gets the lean contexts
        from pybridge.extract.with_mypy import module, parsing  # noqa: F401, PLC0415 - as above

    folder = serve()
    if folder is not None:
        from pybridge.resolve.types.child import go_on  # noqa: PLC0415 - not every run gets here

        go_on(folder)
