"""Looking after a store: is all of it intact, what does it hold, and what of it is used no longer."""
