"""Verbs of the watch: alerts, and how past forecasts turned out."""
