"""A bundle: what a worker may call of a library, and how it describes it. ADR 0009 tells why it is a file."""

from pybridge.generate.bundle.bundle import Bundle, BundledLibrary, bundle_library

__all__ = ["Bundle", "BundledLibrary", "bundle_library"]
