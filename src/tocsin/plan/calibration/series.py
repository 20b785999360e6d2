"""Weekly incidents and their sizes from the table of incidents, up to a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import polars as pl

from tocsin.errors import StageNotReady
from tocsin.plan.calibration.summaries import Watched
from tocsin.plan.region.outcomes import QUARTER
from tocsin.schema.geography.shapes import neighbour_shares

SURE_WEEK = 3
"""Incidents are counted by week up to this precision of the day (UCDP: 3 is 'within a week'); the
sizes of all are used."""
SHORTEST, LONGEST = 8 * QUARTER, 20 * QUARTER
"""Weeks that a window needs at least, two years, and has at most, five: over longer times the level
of a conflict changes for reasons that the model does not know."""
FEWEST = 50
"""Deadly incidents that a window needs, so that there is something to learn from."""


def watch(
    incidents: pl.DataFrame, gwnos: Sequence[int], until: date, *, weeks: int | None = None
) -> tuple[tuple[int, ...], Watched]:
    """Count deadly incidents by week and territory in the years before a day.

    Args:
        incidents: the table `incidents`, or its columns `gwno, date_start, date_prec` and
            `deaths_best`. Incidents without deaths are left out: the model's kill.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        until: the day after the last one; nothing from it on is read.
        weeks: how many are counted, in whole quarters; None: as many as the region's incidents
            reach back, at most five years.

    Returns:
        The N territories that have a deadly incident in that time, and counts, sizes and borders.

    Raises:
        StageNotReady: there are fewer than two years, or fewer than 50 deadly incidents.
    """
    deadly = incidents.filter(
        pl.col("deaths_best") > 0, pl.col("gwno").is_in(list(gwnos)), pl.col("date_start") < until
    )
    if weeks is None:
        first = deadly["date_start"].min()
        reach = (until - first).days // 7 if isinstance(first, date) else 0
        weeks = min(LONGEST, reach // QUARTER * QUARTER)
    since = until - timedelta(weeks=weeks)
    inside = deadly.filter(pl.col("date_start") >= since)
    if weeks < SHORTEST or inside.height < FEWEST:
        raise StageNotReady(
            f"There are {inside.height} deadly incidents in the {weeks} weeks before {until}.",
            remedy=f"A calibration needs {FEWEST} in {SHORTEST} weeks at least.",
        )
    told = set(inside["gwno"])
    kept = tuple(gwno for gwno in gwnos if gwno in told)
    counts = np.zeros((weeks, len(kept)))
    sure = inside.filter(pl.col("date_prec") <= SURE_WEEK)
    week = ((sure["date_start"] - since).dt.total_days() // 7).to_numpy()
    place = sure["gwno"].replace_strict(list(kept), list(range(len(kept)))).to_numpy()
    np.add.at(counts, (week, place), 1.0)
    sizes = inside["deaths_best"].to_numpy().astype(np.float64)
    return kept, Watched(counts, sizes, neighbour_shares(kept))
