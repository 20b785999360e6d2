"""Refusals: what somebody may not do, said without telling what they may not see."""

from __future__ import annotations

from tocsin.errors import TocsinError


class NotSignedIn(TocsinError):
    """Whoever asks is not known, and would have to be."""


class NotAllowed(TocsinError):
    """Whoever asks may not do this."""


class Stale(TocsinError):
    """What somebody wants to change has changed since they last read it."""


class TooOften(TocsinError):
    """Somebody asked too often."""

    def __init__(self, seconds: float) -> None:
        self.seconds = int(seconds) + 1
        super().__init__("Too many requests.", remedy=f"Wait {self.seconds} seconds.")
