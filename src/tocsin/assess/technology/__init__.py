"""Technology: which classes a text names, who used them, and the adoption ledger."""

from __future__ import annotations

from tocsin.assess.technology.tags import by_incident, tag
from tocsin.base.moved import old_names

__all__ = ["by_incident", "tag"]

__getattr__ = old_names(__name__, "tocsin.assess.technology.tags")
