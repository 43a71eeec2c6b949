"""What changed between two sides, whom it hits, and what the user's settings make of it.

compare.py    two sides -> `DriftReport`
settings.py   ``[drift]`` of pybridge.toml or pyproject.toml
levels.py     a finding -> what it does to the run
accepted.py   breaks that somebody let through, with a reason
places.py     a symbol -> file and line
"""
