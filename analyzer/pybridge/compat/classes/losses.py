"""What a class no longer has because a base of it is gone."""

from pybridge.compat.classes.bases import Base, key_of
from pybridge.compat.pairs import ClassPair
from pybridge.model.classes import Class
from pybridge.model.types import Named

_SHOWN = 5


def lost_members(pair: ClassPair, base: Base) -> tuple[str, ...]:
    """Name the members that a class had from a base and what is above it, and has no more, sorted."""
    owner: Class | None = pair.libraries.old.class_at(base.expr.path) if isinstance(base.expr, Named) else None
    if owner is None:
        return ()
    before, now = pair.members
    keys = {key_of(path, pair.libraries, 0) for path in (owner.path, *owner.mro)}
    return tuple(
        name
        for name, member in sorted(before.items())
        if name not in now and key_of(member.owner.path, pair.libraries, 0) in keys
    )


def loss_text(names: tuple[str, ...]) -> str | None:
    """Say what is lost; None for nothing."""
    if not names:
        return None
    shown = ", ".join(names[:_SHOWN])
    return f"it no longer has {shown}" if len(names) <= _SHOWN else f"it no longer has {shown} and others"
