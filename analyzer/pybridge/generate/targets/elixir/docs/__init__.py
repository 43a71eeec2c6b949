"""The words of generated modules."""
