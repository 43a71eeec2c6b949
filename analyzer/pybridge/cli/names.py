"""The names of the commands and what each does, in the order of a first session."""

from typing import Literal

CommandName = Literal[
    "discover",
    "info",
    "modules",
    "methods",
    "doc",
    "coverage",
    "diff",
    "check",
    "drift",
    "explain",
    "stubs",
    "export",
    "generate",
    "annotate",
    "bundle",
    "schema",
    "doctor",
    "clean",
]

SUMMARIES: dict[CommandName, str] = {
    "discover": "Describe a library and keep the descriptor in the store.",
    "info": "Show what a library holds, module by module.",
    "modules": "List the modules of a library.",
    "methods": "List what can be called on a class or module.",
    "doc": "Show the signature, types and documentation of a symbol.",
    "coverage": "Show how much of a library's types is known, and why the rest is not.",
    "diff": "Tell what changed between two versions, and whom it breaks.",
    "check": "Tell whether the sources still are what the lock has pinned.",
    "drift": "Let single breaks through, with a reason.",
    "explain": "Say what a rule of drift means.",
    "stubs": "Compare stubs with the sources that they describe.",
    "export": "Write a descriptor as JSON, or the whole API as one reviewable text.",
    "generate": "Write a typed client.",
    "annotate": "Write the resolved types into source files or stubs.",
    "bundle": "Write the file that tells a worker what may be called.",
    "schema": "Print the JSON Schema of what pybridge writes.",
    "doctor": "Check the installation and say what is missing.",
    "clean": "Delete the cache, or the stored descriptors of a library.",
}
