"""Actors: names, aliases and relations as weighed, dated statements, never a hard merge.

>>> from tocsin.assess.actors import aliases, fold
>>> fold("Jaysh al-Islam") in aliases("Jaish al-Islam (Army of Islam)")
True
"""

from __future__ import annotations

from tocsin.assess.actors.directory import confidence, organisations, sources, view
from tocsin.assess.actors.names import (
    aliases,
    fold,
    is_placeholder,
    members,
    skeleton,
    state_number,
)
from tocsin.assess.actors.statements import current, decision, statements, withdrawal

__all__ = [
    "aliases",
    "confidence",
    "current",
    "decision",
    "fold",
    "is_placeholder",
    "members",
    "organisations",
    "skeleton",
    "sources",
    "state_number",
    "statements",
    "view",
    "withdrawal",
]
