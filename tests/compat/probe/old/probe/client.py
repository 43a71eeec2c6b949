"""Calls, and what they take."""


class Session:
    """A connection, which later calls go through."""

    def __init__(self, url: str, *, timeout: float = 10.0) -> None:
        self.url = url
        self.timeout = timeout


def connect(url: str) -> Session:
    """Open a session."""
    return Session(url)


def c01_ping(session: Session) -> bool:
    """Whether the other side answers."""
    return bool(session.url)


def c04_fetch(session: Session, key: str, retries: int = 3) -> bytes:
    """Read a document."""
    return key.encode()


def c05_search(session: Session, query: str, *, limit: int = 10) -> list[str]:
    """Find documents by their words."""
    return [query]


def c12_store(session: Session, key: str) -> None:
    """Write a document."""


def c13_delete(session: Session, key: str) -> None:
    """Remove a document."""


def c14_copy(session: Session, source: str, target: str) -> None:
    """Copy a document."""


def c15_rename(session: Session, old: str, new: str = "") -> None:
    """Give a document another name."""


def c16_touch(session: Session, key: str, create: bool = True) -> None:
    """Set the time of a document."""


def c17_exists(session: Session, key: str) -> bool:
    """Whether a document is there."""
    return bool(key)


def c18_page(session: Session, size: int = 50) -> list[str]:
    """List documents, a part at a time."""
    return ["a"] * size


def c19_lock(session: Session, key: str, seconds: float = 5.0) -> None:
    """Keep others from writing."""


def c23_cursor(session: Session) -> "Session":
    """Walk over documents."""
    return session


class C06Channel:
    """A part of a session."""

    def send(self, body: bytes) -> None:
        """Write to the channel."""

    def flush(self) -> None:
        """Wait until everything is written."""

    def receive(self) -> bytes:
        """Read from the channel."""
        return b""


class C07Limits:
    """What a session may use."""

    retries: int = 3
    size: int = 1024


class C08Status:
    """What a session is doing."""

    def __init__(self) -> None:
        self.started = 0.0

    @property
    def age(self) -> float:
        """Seconds since the start."""
        return self.started

    @property
    def name(self) -> str:
        """For people."""
        return "status"


class C11Guard:
    """Holds a lock."""

    def release(self) -> None:
        """Give the lock back."""

    def __enter__(self) -> "C11Guard":
        return self

    def __exit__(self, *details: object) -> None:
        self.release()


class C24Reply:
    """An answer."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class C25Pool:
    """Sessions that are kept."""

    @classmethod
    def acquire(cls, url: str) -> Session:
        """Take a session."""
        return Session(url)


class C26Codec:
    """Text and bytes."""

    @staticmethod
    def encode(text: str) -> bytes:
        """Make bytes of text."""
        return text.encode()


class C39Clock:
    """What time it is."""

    def offset(self, zone: str) -> float:
        """Seconds that a zone is ahead."""
        return float(len(zone))


class C02Mirror:
    """Another place of the same documents."""

    def __init__(self, url: str) -> None:
        self.url = url
