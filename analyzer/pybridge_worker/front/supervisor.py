"""What a service manager is told: systemd's notifications, where NOTIFY_SOCKET asks for them."""

import asyncio
import contextlib
import os
import socket


def notify(state: str) -> None:
    """Send a state (``READY=1``, ``STOPPING=1``, ``WATCHDOG=1``) to the service manager, if there is one."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    path = f"\0{address[1:]}" if address.startswith("@") else address
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sender:
        sender.setblocking(False)  # noqa: FBT003 - a socket takes it by position
        sender.sendto(state.encode(), path)


async def feed_watchdog() -> None:
    """Say that the server's loop runs, twice in the time that systemd's WatchdogSec gives; returns where it gives none."""
    microseconds = os.environ.get("WATCHDOG_USEC", "")
    if not microseconds.isascii() or not microseconds.isdecimal() or int(microseconds) <= 0:
        return
    while True:
        notify("WATCHDOG=1")
        await asyncio.sleep(int(microseconds) / 2e6)
