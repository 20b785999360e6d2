"""How long work shows itself to a Python user: not at all, on standard error, or as they like."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeAlias

from tocsin.errors import UsageError

Progress: TypeAlias = bool | Callable[[str], object] | None
"""None or False: silent. True: a line on standard error. A function: called with the words."""


def teller(progress: Progress) -> Callable[[str], None]:
    """Make the function that is told in words what is being done now.

    Args:
        progress: None or False for silence, True for lines on standard error, or a function of the
            words.

    Returns:
        A function of the words; it does nothing where there is to be silence.

    Raises:
        UsageError: it is none of these.

    >>> said: list[str] = []
    >>> teller(said.append)("Reading")
    >>> said
    ['Reading']
    """
    if not progress:
        return lambda _words: None
    if progress is True:
        return _print
    if not callable(progress):
        raise UsageError(
            f"Progress is not told to {progress!r}.",
            where="progress",
            remedy="Give True for lines on standard error, or a function of one text.",
        )
    return lambda words: (progress(words), None)[1]


def _print(words: str) -> None:
    sys.stderr.write(f"{words} …\n")
    sys.stderr.flush()
