"""What the ledger of the example region may and may not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tocsin.assess.incidents import incidents
from tocsin.assess.technology.adoption import ledger
from tocsin.assess.technology.mentions import statements

AIRCRAFT = "uncrewed-aircraft"


def entries(seen: Mapping[str, pl.DataFrame]) -> list[dict[str, Any]]:
    """Count what the ledger of the region believes, and look at what it is known for.

    Args:
        seen: the tables of `observe` for the example region.

    Returns:
        Rows `measure, value, low, high, n`: entries by confidence; the confidence of SDF's and of
        IS's uncrewed aircraft, with the first and last year of the 90 % interval of the onset where
        it is believed; and entries of 0.5 and more of which no mention, or nothing but a title,
        speaks.
    """
    events, links = incidents(seen["reports"])
    told = statements(seen["reports"], links)
    found = ledger(events, told, seen["actors"])
    held = found["adoption"]
    rows = [
        _row(
            f"entries of {least} and more", held.filter(pl.col("confidence") >= least).height, held
        )
        for least in (0.5, 0.8)
    ]
    for actor in ("SDF", "IS"):
        mine = held.filter((pl.col("actor") == actor) & (pl.col("technology") == AIRCRAFT))
        for one in mine.to_dicts():
            ends = one["first_low"], one["first_high"]
            years = [None if day is None else day.year for day in ends]
            rows.append(_row(f"{actor} has {AIRCRAFT}", one["confidence"], mine, *years))
    believed = held.filter(pl.col("confidence") >= 0.5)
    key = ["actor_id", "technology"]
    why = found["adoption_reasons"].filter(pl.col("direction") == "for")
    titled = why.group_by(key).agg((pl.col("says") == "title").all().alias("title"))
    alone = believed.join(titled.filter(~pl.col("title")), on=key, how="anti")
    rows.append(_row("entries of 0.5 and more without a mention for them", alone.height, believed))
    return rows


def _row(
    measure: str,
    value: float,
    of: pl.DataFrame,
    low: float | None = None,
    high: float | None = None,
) -> dict[str, Any]:
    return {"measure": measure, "value": value, "low": low, "high": high, "n": of.height}
