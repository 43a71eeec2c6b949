"""The worker and its peers, timed in the same interleaved rounds. `bench.py` is the command."""
