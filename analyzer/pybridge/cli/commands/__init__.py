"""One command, one file; each is imported when it is asked for."""
