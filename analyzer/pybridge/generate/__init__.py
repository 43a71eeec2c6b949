"""A descriptor becomes the files of a client.

In: `LibraryDescriptor`. Out: `GenerationPlan`, `GeneratedFile`s. May import: codec, errors, model; jinja2.
"""
