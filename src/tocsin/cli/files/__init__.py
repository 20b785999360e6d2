"""Verbs that work on files, without a workspace."""
