"""Mentions: what each part of a text says of a technology class, by whom and against whom."""

from __future__ import annotations

from tocsin.assess.technology.mentions.reading import Setting, Statement, read
from tocsin.assess.technology.mentions.table import statements

__all__ = ["Setting", "Statement", "read", "statements"]
