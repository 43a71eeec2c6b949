"""Which host a session goes to, and whether there is room for it.

Sessions of one affinity key share a host, so that what their integration has loaded is loaded once. How many a key may
have, how many have a process of their own, and how many there are at all, is bounded.
"""

from collections.abc import Callable

from pybridge_worker.errors import LimitReached
from pybridge_worker.hosts.contract import SessionHost
from pybridge_worker.settings import Settings

_RETRY_SECONDS = 5.0


class Pool:
    """The shared hosts, and the counts of what was placed."""

    def __init__(self, settings: Settings, new_host: Callable[[str, int], SessionHost]) -> None:
        self.shared = [new_host(f"shared:{one}", 0) for one in range(settings.workers)]
        self._settings = settings
        self._new_host = new_host
        self._by_key: dict[str, SessionHost] = {}
        self._counts: dict[str, int] = {}
        self._sessions = 0
        self._own = 0

    def idlest(self) -> SessionHost:
        """The shared host with the fewest calls that takes calls, for a call without a session."""
        return min(self.shared, key=lambda host: (host.held_seconds > 0, host.load))

    def place(self, affinity_key: str, *, has_own_process: bool, memory_bytes: int = 0) -> SessionHost:
        """Choose a host for a new session, and count it; `memory_bytes` is a limit of a process of its own, 0 none.

        Raises:
            LimitReached: there is no room until a session is closed.
        """
        given = self._settings
        if self._sessions >= given.max_sessions:
            raise LimitReached("too many sessions are open", given.max_sessions, retry_seconds=_RETRY_SECONDS)
        if has_own_process and self._own >= given.max_process_sessions:
            what = "too many sessions have a process of their own"
            raise LimitReached(what, given.max_process_sessions, retry_seconds=_RETRY_SECONDS)
        if affinity_key and self._counts.get(affinity_key, 0) >= given.max_key_sessions:
            what = "too many sessions have this affinity_key"
            raise LimitReached(what, given.max_key_sessions, retry_seconds=_RETRY_SECONDS)
        host = self._own_host(affinity_key, memory_bytes) if has_own_process else self._shared_host(affinity_key)
        host.sessions += 1
        self._sessions += 1
        self._own += has_own_process
        if affinity_key:
            self._counts[affinity_key] = self._counts.get(affinity_key, 0) + 1
        return host

    def leave(self, host: SessionHost, affinity_key: str, *, has_own_process: bool) -> None:
        """Count a session as gone."""
        host.sessions -= 1
        self._sessions -= 1
        self._own -= has_own_process
        if affinity_key:
            left = self._counts[affinity_key] = self._counts[affinity_key] - 1
            if not left:
                del self._counts[affinity_key]
                self._by_key.pop(affinity_key, None)

    def _shared_host(self, affinity_key: str) -> SessionHost:
        host = self._by_key.get(affinity_key)
        if host is None:
            host = min(self.shared, key=lambda one: (one.held_seconds > 0, one.sessions, one.load))
            if affinity_key:
                self._by_key[affinity_key] = host
        return host

    def _own_host(self, affinity_key: str, memory_bytes: int) -> SessionHost:
        return self._new_host(f"key:{affinity_key}" if affinity_key else "", memory_bytes)
