"""Runs libraries for clients; never reads their source.

Two kinds of process: the *front* (`pybridge_worker.front`) speaks gRPC and never imports a library; each *child*
(`pybridge_worker.child`) imports libraries and never imports gRPC. `frames` is what they say to each other.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
