"""JSON Schemas of the nouns that leave the program."""

import msgspec

from pybridge.model.change import Change
from pybridge.model.diagnostic import Diagnostic
from pybridge.model.library import LibraryDescriptor, Module
from pybridge.model.plan import GeneratedFile
from pybridge.model.snapshot import Snapshot

SCHEMAS: dict[str, type] = {
    "descriptor": LibraryDescriptor,
    "module": Module,
    "snapshot": Snapshot,
    "change": Change,
    "diagnostic": Diagnostic,
    "generated-file": GeneratedFile,
}


def json_schema(noun: str) -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a noun by its name in `SCHEMAS`."""
    schema = msgspec.json.schema(SCHEMAS[noun])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"pybridge {noun}", **schema}
