"""PyBridge and a peer on the same files, measured as whole processes; `benchmarks/bench.py` is the command."""
