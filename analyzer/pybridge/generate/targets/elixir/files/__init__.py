"""What each kind of file holds."""
