"""The process that imports libraries and runs them. Imports msgspec and the standard library, never gRPC."""
