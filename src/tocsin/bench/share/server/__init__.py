"""Measures of the exchange server: what it bears, and what is left when it is killed.

Each starts servers of its own, as a user does, and ends them.
"""
