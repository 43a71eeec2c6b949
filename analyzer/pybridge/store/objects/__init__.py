"""Git objects: read with care, gathered in memory, written as packs."""
