"""GDELT 2.0 events."""

from __future__ import annotations

from tocsin.observe.sources.gdelt.reader import GdeltEvents

__all__ = ["GdeltEvents"]
