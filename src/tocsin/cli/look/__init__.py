"""Verbs that look something up."""
