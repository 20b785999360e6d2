"""EuRepoC, the European Repository of Cyber Incidents."""

from __future__ import annotations

from tocsin.observe.sources.eurepoc.cells import flatten, parts
from tocsin.observe.sources.eurepoc.reader import REQUIRED, EuRepoC, rows

__all__ = ["REQUIRED", "EuRepoC", "flatten", "parts", "rows"]
