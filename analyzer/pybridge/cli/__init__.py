"""The command line.

In: arguments. Out: text or JSON on stdout, progress on stderr, an exit code. May import: everything below; click, rich.
"""

from pybridge.cli.main import main

__all__ = ["main"]
