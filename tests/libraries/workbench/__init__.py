"""A library that the worker's tests run: it behaves, and it misbehaves."""

from workbench.things import Colour, Counter, Shelf

__all__ = ["Colour", "Counter", "Shelf"]
