"""anticipate: forecast deaths by country and month as draws, each with its track record."""

from __future__ import annotations

import polars as pl

from tocsin.errors import StageNotReady, require

__all__ = ["anticipate"]


def anticipate(
    series: pl.DataFrame, *, horizons: int, draws: int, seed: int
) -> dict[str, pl.DataFrame]:
    """Forecast with the best of three baselines, scored on the latest ten years.

    Args:
        series: the table `series`, of one target.
        horizons: months ahead.
        draws: draws a forecast.
        seed: start of all random numbers; the same seed gives the same bits.

    Returns:
        The tables `forecasts`, `forecast_draws` and `track_record`.

    Raises:
        StageNotReady: no row, several targets, or a history too short to be scored: a
            forecast without a track record is not given.
        MissingExtra: the extra `anticipate` is not installed.
    """
    require("scipy", extra="anticipate")
    from tocsin.anticipate.baselines import MODELS
    from tocsin.anticipate.forecast import forecast
    from tocsin.anticipate.panel import panel
    from tocsin.anticipate.track import record

    history = panel(series)
    scored = record(history, MODELS, horizons)
    if scored.is_empty():
        raise StageNotReady(
            f"The series has {len(history.months)} months; no year of it can be scored.",
            remedy="Observe at least four complete years: no forecast without a track record.",
        )
    best = scored.filter("chosen")["model"][0]
    forecasts, table = forecast(
        history, best, MODELS[best], horizons=horizons, draws=draws, seed=seed
    )
    return {"forecasts": forecasts, "forecast_draws": table, "track_record": scored}
