"""A `DriftReport` in every form that people and machines read.

In: `DriftReport`. Out: text. May import: codec, errors, model; nothing else. One format, one file of `formats/`.
"""
