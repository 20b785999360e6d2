"""Untidy files of kinds that nobody had tried, each with its right answer: see `truth`."""
