"""Checks and conversions of single values, which all readers share."""
