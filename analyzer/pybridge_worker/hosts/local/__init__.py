"""Worker processes on this machine, as children of the front."""

from pybridge_worker.hosts.local.nursery import LocalProcesses

__all__ = ["LocalProcesses"]
