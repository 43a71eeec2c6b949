"""What changed between two sides, whom it hits, and what the user's settings make of it.

check.py        the sources as they are against the lock, or another baseline
compare.py      two sides -> `DriftReport`
differences.py  what differs, judged: the part that loads every rule
terms.py        how to judge: settings.py ([drift] of the project), levels.py (a finding -> what it does to the run)
accept.py       letting breaks through; accepted.py: the file of those that were
places.py       a symbol -> file and line
"""
