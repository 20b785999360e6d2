"""What `tocsin bench assess` measures: a function a section, each on data held out from fitting.

A section takes the tables of `observe` for the example region and returns a `Measured`. To add
one, write it beside what it measures and name it in `SECTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Measured:
    """One table of measurements."""

    title: str
    rows: list[dict[str, Any]]
    notes: list[str] = field(default_factory=list)


def linkage(seen: Tables) -> Measured:
    """Linkage of re-reported events, with its peer."""
    from tocsin.assess.linkage.measure import NOTES, measure

    return Measured("Linkage: reports of one event", measure(seen["reports"]), NOTES)


SECTIONS: dict[str, Callable[[Tables], Measured]] = {"linkage": linkage}
"""Name of a section to the function that measures it."""
