"""A stored descriptor as a file that needs no store."""

from pybridge.codec import encode_pretty
from pybridge.model.library import Target
from pybridge.pipeline.api_text import api_text
from pybridge.pipeline.request import Places
from pybridge.pipeline.sides.places_file import encode_places
from pybridge.pipeline.store.reference import Reference
from pybridge.store.snapshots import SnapshotStore


def export_snapshot(
    places: Places, reference: Reference, form: str, *, target: Target | None = None
) -> tuple[bytes, bytes | None]:
    """Return the bytes of a snapshot's descriptor, as ``json`` or ``api`` text, and those of its places, as JSON.

    The second is None where the snapshot was stored without places.

    Raises:
        SnapshotNotFound: there is no such snapshot.
        StoreError: the store cannot be read, or the snapshot is damaged.
    """
    store = SnapshotStore.open(places.store, create=False)
    opened = store.open_snapshot(reference.library, reference.revision, target=target)
    descriptor, source_map = opened.descriptor(), opened.places()
    data = encode_pretty(descriptor) if form == "json" else api_text(descriptor).encode(errors="backslashreplace")
    return data, None if source_map is None else encode_places(opened.snapshot.digest, source_map)
