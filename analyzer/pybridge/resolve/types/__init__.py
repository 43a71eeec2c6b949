"""The type engine: mypy in a child process behind one adapter."""
