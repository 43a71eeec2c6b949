"""What can be set."""

from typing import Final

C54_TIMEOUT = 20

C55_LIMIT: float = 100

C56Key = str | bytes
