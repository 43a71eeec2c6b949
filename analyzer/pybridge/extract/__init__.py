"""One source file becomes `ModuleFacts`.

In: `SourceFile` and its bytes. Out: `ModuleFacts`. May import: codec, errors, model.
"""

from pybridge.extract.file import Parser, extract_file
from pybridge.extract.pool import extract_all
from pybridge.extract.process import Boot
from pybridge.extract.spare import Spare

__all__ = ["Boot", "Parser", "Spare", "extract_all", "extract_file"]
