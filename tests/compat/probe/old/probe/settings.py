"""What can be set."""

from typing import Final

C03_RETRIES: Final = 3

C54_TIMEOUT = 10

C55_LIMIT: int = 100

C56Key = str | int
