"""Rows of any event file as records that can be compared."""

from __future__ import annotations

from tocsin.base.moved import old_names

__getattr__ = old_names(__name__, "tocsin.assess.linkage.records.records")
