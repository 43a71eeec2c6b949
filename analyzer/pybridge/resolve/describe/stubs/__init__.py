"""Stubs beside sources: types from the stub, everything else from the source, disagreements told."""
