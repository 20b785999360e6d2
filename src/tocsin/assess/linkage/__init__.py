"""Which reports of several sources tell of one event.

Splink on DuckDB, trained without labels; candidates by space and time; then a second look at
rivals and at parts of one event. docs/methods/linkage.md says how and how well.
"""

from __future__ import annotations

from tocsin.assess.linkage.link import (
    Linked,
    known_names,
    link_records,
    link_tables,
)
from tocsin.assess.linkage.live.stream import Picture, level_weights

__all__ = [
    "Linked",
    "Picture",
    "known_names",
    "level_weights",
    "link_records",
    "link_tables",
]
