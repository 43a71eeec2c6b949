"""PyBridge reads Python libraries as text, never as programs, and turns them into typed descriptors."""

__version__ = "0.1.0"

__all__ = ["__version__"]
