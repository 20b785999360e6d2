"""Verbs of the road, in a workspace."""
