"""Rows of any event file as records that can be compared."""
