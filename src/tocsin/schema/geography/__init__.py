"""Territories: their names, numbers, shapes, neighbours, regions and cells."""

from __future__ import annotations

from tocsin.base.moved import old_names

__getattr__ = old_names(__name__, "tocsin.schema.geography.shapes")
