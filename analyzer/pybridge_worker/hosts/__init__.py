"""Where sessions live: child processes, the calls given to them, and what becomes of both. Knows no RPC."""
