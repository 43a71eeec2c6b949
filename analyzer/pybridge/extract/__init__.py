"""One source file becomes `ModuleFacts`.

In: `SourceFile` and its bytes. Out: `ModuleFacts`. May import: codec, errors, model.
"""

from pybridge.extract.file import Parser, extract_file

__all__ = ["Parser", "extract_file"]
