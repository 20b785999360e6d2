"""Verbs of exchange: the audit log that others can check, and what is pulled from them."""
