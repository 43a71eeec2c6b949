"""Stubs against the source that they describe, by text alone: what stubtest does by importing.

sides.py      a tree with both -> one side of its sources, one of its stubs
check.py      both sides -> `DriftReport`
overlays.py   what the overlays of pybridge name -> what of it the library has not
"""
