"""One file at a time: which statements run for the target, and what they bind; nothing is followed yet."""
