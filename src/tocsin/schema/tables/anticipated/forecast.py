"""Forecasts as draws and their summary, with the track record that must stand beside them."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit

SERIOUS = 25
"""Deaths from which violence is called serious, as in the column `p_25`: the number that UCDP asks
of a year of armed conflict, used here for a month or a quarter."""

OWN_REGION = "this region"
"""The rows of a track record that are of the territories which the workspace looks after."""


class Forecast(Table):
    """The predictive distribution of deaths in one territory and month, summarised."""

    territory: str
    gwno: int = pa.Field(ge=1)
    target: str
    origin: pl.Date = pa.Field(description="last month that the forecast knew")
    month: pl.Date = pa.Field(description="the month forecast")
    horizon: int = pa.Field(ge=1, le=36, metadata=unit("months"))
    model: str
    mean: float = pa.Field(ge=0, metadata=unit("deaths"))
    p05: float = pa.Field(ge=0, metadata=unit("deaths"))
    p25: float = pa.Field(ge=0, metadata=unit("deaths"))
    p50: float = pa.Field(ge=0, metadata=unit("deaths"))
    p75: float = pa.Field(ge=0, metadata=unit("deaths"))
    p95: float = pa.Field(ge=0, metadata=unit("deaths"))
    p_any: float = pa.Field(ge=0, le=1, description="probability of at least 1 death")
    p_25: float = pa.Field(ge=0, le=1, description="probability of at least 25 deaths")


class ForecastDraws(Table):
    """The draws of the predictive distribution, one row for each territory and month."""

    territory: str
    gwno: int = pa.Field(ge=1)
    target: str
    origin: pl.Date
    month: pl.Date
    model: str
    draws: pl.List(pl.Float64) = pa.Field(metadata=unit("deaths"))  # type: ignore[valid-type]


class TrackRecord(Table):
    """How one model did, out of sample, on one window, horizon and region."""

    model: str
    target: str
    window: str = pa.Field(description="the test year, or 'all'")
    horizon: int = pa.Field(ge=0, description="0: all horizons", metadata=unit("months"))
    region: str = pa.Field(description="'all', 'recently in conflict', or 'this region'")
    n: int = pa.Field(ge=1, description="country-months scored")
    crps: float = pa.Field(ge=0, metadata=unit("deaths"))
    crps_log: float = pa.Field(ge=0, description="CRPS of log(1 + deaths)")
    coverage: float = pa.Field(ge=0, le=1, description="share within the 90 % interval")
    chosen: bool = pa.Field(description="the model that the forecast uses")
