"""Runs libraries for clients; never reads their source.

Two kinds of process: the *front* speaks gRPC (`front`), keeps sessions and processes (`hosts`), and never imports a
library; each *child* (`child`) imports libraries, reads and writes values (`values`), and never imports gRPC.
`frames` is what they say to each other, `bundle` and `tools` are what may be called.
"""

__version__ = "0.1.0"

__all__ = ["__version__"]
