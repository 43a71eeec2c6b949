"""Names of other packages, of two readings of one library."""

from pybridge.resolve.describe.externals import Mentions


def joined_mentions(one: Mentions, other: Mentions) -> Mentions:
    """What two readings of a library say together, as of its sources and of its stubs."""
    return Mentions(
        externals=tuple(sorted({*one.externals, *other.externals})),
        bases=tuple(sorted({*one.bases, *other.bases})),
        follow=tuple(sorted({*one.follow, *other.follow})),
    )
