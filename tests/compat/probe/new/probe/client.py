"""Calls, and what they take."""


class Session:
    """A connection, which later calls go through."""

    def __init__(self, url: str, *, timeout: float = 10.0) -> None:
        self.url = url
        self.timeout = timeout


def connect(url: str) -> Session:
    """Open a session."""
    return Session(url)


def c04_fetch(session: Session, key: str) -> bytes:
    """Read a document."""
    return key.encode()


def c05_search(session: Session, query: str) -> list[str]:
    """Find documents by their words."""
    return [query]


def c12_store(session: Session, key: str, body: bytes) -> None:
    """Write a document."""


def c13_delete(session: Session, key: str, *, reason: str) -> None:
    """Remove a document."""


def c14_copy(session: Session, target: str, source: str) -> None:
    """Copy a document."""


def c15_rename(session: Session, old: str, force: bool = False, new: str = "") -> None:
    """Give a document another name."""


def c16_touch(session: Session, key: str, *, create: bool = True) -> None:
    """Set the time of a document."""


def c17_exists(session: Session, /, key: str) -> bool:
    """Whether a document is there."""
    return bool(key)


def c18_page(session: Session, size: int = 20) -> list[str]:
    """List documents, a part at a time."""
    return ["a"] * size


def c19_lock(session: Session, key: str, seconds: float) -> None:
    """Keep others from writing."""


class c23_cursor:
    """Walk over documents."""

    def __init__(self, session: Session) -> None:
        self.session = session


class C06Channel:
    """A part of a session."""

    def send(self, body: bytes) -> None:
        """Write to the channel."""

    def receive(self) -> bytes:
        """Read from the channel."""
        return b""


class C07Limits:
    """What a session may use."""

    size: int = 1024


class C08Status:
    """What a session is doing."""

    def __init__(self) -> None:
        self.started = 0.0

    @property
    def name(self) -> str:
        """For people."""
        return "status"


class C11Guard:
    """Holds a lock."""

    def release(self) -> None:
        """Give the lock back."""


class C24Reply:
    """An answer."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class C25Pool:
    """Sessions that are kept."""

    def acquire(self, url: str) -> Session:
        """Take a session."""
        return Session(url)


class C26Codec:
    """Text and bytes."""

    def encode(self, text: str) -> bytes:
        """Make bytes of text."""
        return text.encode()


class C39Clock:
    """What time it is."""

    @staticmethod
    def offset(zone: str) -> float:
        """Seconds that a zone is ahead."""
        return float(len(zone))
