"""The forecast ledger: forecasts as they were issued, their scores, and the watch for drift.

`tocsin track` runs this step: it scores the issued forecasts whose truth has arrived. The track
record of a model is another thing, made of hindcasts before a forecast is issued
(`tocsin.anticipate.evaluation.track_record`). The adoption ledger, of who uses which technology
class, is a table of `assess`.
"""

from __future__ import annotations

import polars as pl

from tocsin.schema.step import Given, Step, Tables
from tocsin.schema.tables.assessed.incident import with_counts

__all__ = ["STEP"]


def _track(tables: Tables, given: Given) -> Tables:
    """Score the entries whose truth has arrived, and test whether the forecasts are calibrated."""
    from tocsin.anticipate.forecast_ledger.drift import calibration
    from tocsin.anticipate.forecast_ledger.entries import score_entries

    before = tables["forecast_scores"]
    held = with_counts(tables["series"], tables["incident_series"])
    new = score_entries(tables["forecast_ledger"], before, held, scored_at=given.started_at)
    return {"forecast_scores": new, "calibration": calibration(pl.concat([before, new]))}


STEP = Step(
    name="track",
    room="anticipate",
    function=_track,
    reads=("forecast_ledger", "forecast_scores", "series", "incident_series"),
    needs=("forecast_ledger",),
    writes=("forecast_scores", "calibration"),
)
