"""What was said, kept as it was said; its scores when the truth arrives; the watch for drift."""

from __future__ import annotations

import polars as pl

from tocsin.base.moved import old_names
from tocsin.schema.step import Given, Step, Tables

__all__ = ["STEP"]


def _track(tables: Tables, given: Given) -> Tables:
    """Score what is in the ledger and has come since, and look whether it still holds."""
    from tocsin.anticipate.ledger.drift import calibration
    from tocsin.anticipate.ledger.issued import score

    before = tables["forecast_scores"]
    new = score(tables["forecast_ledger"], before, tables["series"], scored_at=given.started_at)
    return {"forecast_scores": new, "calibration": calibration(pl.concat([before, new]))}


STEP = Step(
    name="track",
    room="anticipate",
    function=_track,
    reads=("forecast_ledger", "forecast_scores", "series"),
    needs=("forecast_ledger", "series"),
    writes=("forecast_scores", "calibration"),
)

__getattr__ = old_names(__name__, "tocsin.anticipate.ledger.issued")
