"""Where the simulation starts: what the tables say of each territory now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.errors import StageNotReady
from tocsin.schema.geography.shapes import neighbours
from tocsin.schema.geography.territory import by_gwno
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

UNSEEN = 0.1
"""Capability taken for a class of which no report tells: not seen is not absent."""
HALFWAY = 20.0
"""Expected incidents in the latest year at which capability stands at about 0.6."""


@dataclass(frozen=True)
class Start:
    """This is the region at month 0, with N territories and K technology classes."""

    gwnos: tuple[int, ...]
    territories: tuple[str, ...]
    level: npt.NDArray[np.float32]
    """Deaths a month, shape (N,): the mean of the forecasts for the first year."""
    capability: npt.NDArray[np.float32]
    """Between 0 and 1, shape (N, K)."""
    border: npt.NDArray[np.float32]
    """Share of each neighbour in what reaches a territory, shape (N, N), rows sum to 0 or 1."""


def read_start(tables: Mapping[str, pl.DataFrame], gwnos: list[int]) -> Start:
    """Read from tables where the simulation starts.

    Territories without a forecast are left out.

    Args:
        tables: at least `forecasts` and `adoption` (which may be empty).
        gwnos: the Gleditsch-Ward numbers of the region's territories.

    Returns:
        Level, capability and borders of the territories that have a forecast.

    Raises:
        StageNotReady: none of the region's territories has a forecast.
    """
    first_year = tables["forecasts"].filter(pl.col("horizon") <= 12, pl.col("gwno").is_in(gwnos))
    means = dict(first_year.group_by("gwno").agg(pl.col("mean").mean()).iter_rows())
    kept = [number for number in gwnos if number in means]
    if not kept:
        raise StageNotReady(
            "No territory of the region has a forecast.",
            remedy="Check [region.territories] in tocsin.toml against the series observed.",
        )
    border = np.zeros((len(kept), len(kept)), np.float32)
    for i, number in enumerate(kept):
        beside = [kept.index(other) for other in neighbours(number) if other in kept]
        border[i, beside] = 1 / max(len(beside), 1)
    return Start(
        tuple(kept),
        tuple(by_gwno(number).name for number in kept),
        np.array([means[number] for number in kept], np.float32),
        _capability(tables["adoption"], kept),
        border,
    )


YEAR = 12
"""Months of the forecast that the status quo reproduces."""


def first_year(
    tables: Mapping[str, pl.DataFrame], start: Start
) -> tuple[npt.NDArray[np.float64], int] | None:
    """Add up the forecast's draws over the first year, or over as many months as it has.

    Args:
        tables: `forecast_draws` among them, or not.
        start: the territories, in whose order the sums stand.

    Returns:
        Draws of the sums in deaths, shape (N, S), and the number of months; None without draws of
        every territory.
    """
    draws = tables.get("forecast_draws")
    if draws is None or draws.is_empty():
        return None
    soon = draws.with_columns(pl.col("month").rank("dense").over("gwno").alias("ahead")).filter(
        pl.col("ahead") <= YEAR, pl.col("gwno").is_in(start.gwnos)
    )
    each = {
        gwno: np.array(part["draws"].to_list()).sum(axis=0)
        for (gwno,), part in soon.group_by("gwno")
    }
    if set(each) != set(start.gwnos) or len({len(one) for one in each.values()}) != 1:
        return None
    return np.stack([each[gwno] for gwno in start.gwnos]), int(soon["ahead"].max())  # type: ignore[arg-type]


def _capability(adoption: pl.DataFrame, gwnos: list[int]) -> npt.NDArray[np.float32]:
    """Saturating in the expected incidents a year over the time that a class was seen."""
    found = np.full((len(gwnos), len(TECHNOLOGIES)), UNSEEN, np.float32)
    years = (pl.col("last_seen") - pl.col("first_seen")).dt.total_days() / 365.25
    yearly = adoption.group_by("gwno", "technology").agg(
        (pl.col("expected") / pl.max_horizontal(years, pl.lit(1.0))).sum().alias("rate")
    )
    for gwno, technology, rate in yearly.select("gwno", "technology", "rate").iter_rows():
        if gwno in gwnos:
            level = 1 - np.exp(-rate / HALFWAY)
            found[gwnos.index(gwno), TECHNOLOGIES.index(technology)] = max(level, UNSEEN)
    return found
