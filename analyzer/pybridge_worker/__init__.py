"""Runs libraries for clients; never reads their source."""
