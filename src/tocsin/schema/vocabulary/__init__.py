"""Closed lists of words: technology classes, channels, levers, and headings of files."""
