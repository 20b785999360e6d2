"""The command line: thin over the functions, one file a verb."""

from __future__ import annotations


def main() -> None:
    """Entry point of the `tocsin` command."""
