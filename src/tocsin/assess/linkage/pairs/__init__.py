"""Pairs of reports: which ones are candidates, and what is compared between the two."""
