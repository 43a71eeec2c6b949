"""The commands of ``pybridge-worker``: each adds its options, and runs with what was chosen."""
