"""Snapshots fetched from other stores and pushed to them, by git's own protocols; nothing that a ref reached is lost."""
