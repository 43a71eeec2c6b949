"""One source file becomes `ModuleFacts`.

In: `SourceFile` and its bytes. Out: `ModuleFacts`. May import: codec, errors, model.
"""
