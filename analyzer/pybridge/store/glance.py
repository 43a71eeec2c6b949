"""What a store shows at a glance: read off its files, as loading git's library takes longer than an unchanged run."""

from pathlib import Path

import msgspec

from pybridge.model.library import Target
from pybridge.store.layout import library_ref

_ID_DIGITS = 40
_DIGITS = frozenset("0123456789abcdef")


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """A ref and where it stands."""

    ref: str
    commit: str


def newest_commit(store: Path, library: str, target: Target) -> Standing | None:
    """Return where the ref of a library stands, if the store has the object.

    None where there is none, and where it takes git's library to tell; what the commit holds is not looked at.
    """
    ref = library_ref(library, target)
    try:
        commit = _loose(store, ref) or _packed(store, ref)
        return Standing(ref=ref, commit=commit) if commit is not None and _has_object(store, commit) else None
    except (OSError, ValueError):
        return None


def _loose(store: Path, ref: str) -> str | None:
    try:
        return _id(store.joinpath(*ref.split("/")).read_text(encoding="ascii").removesuffix("\n"))
    except FileNotFoundError:
        return None


def _packed(store: Path, ref: str) -> str | None:
    for line in (store / "packed-refs").read_text(encoding="utf-8", errors="surrogateescape").splitlines():
        commit, _, name = line.partition(" ")
        if name == ref:
            return _id(commit)
    return None


def _id(text: str) -> str | None:
    """A full object id; None for what else git writes there, such as the name of another ref."""
    return text if len(text) == _ID_DIGITS and _DIGITS.issuperset(text) else None


def _has_object(store: Path, commit: str) -> bool:
    objects = store / "objects"
    if (objects / commit[:2] / commit[2:]).is_file():
        return True
    wanted = bytes.fromhex(commit)
    return any(
        wanted in index.read_bytes() and index.with_suffix(".pack").is_file()
        for index in (objects / "pack").glob("*.idx")
    )
