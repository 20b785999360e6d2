"""Verbs of the exchange server."""
