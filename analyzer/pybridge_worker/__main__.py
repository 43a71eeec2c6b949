"""``python -m pybridge_worker`` is the command ``pybridge-worker``."""

import sys

from pybridge_worker.cli import main

sys.exit(main())
