"""The ledgers of forecasts and alerts: what was said, kept as it was said, and how it turned out.

`forecast_ledger`, `forecast_scores` and `alert_ledger` only ever grow. A row is not replaced and
not deleted; its hash is chained to the row before, so that a change behind tocsin's back shows.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS, UNPROVEN


class IssuedForecast(Table):
    """One forecast as it was issued: for one territory and month, before that month."""

    issue: str = pa.Field(description="the run that made it")
    issued_at: str = pa.Field(description="UTC, ISO 8601")
    territory: str
    gwno: int = pa.Field(ge=1)
    target: str
    origin: pl.Date = pa.Field(description="last month that the forecast knew")
    month: pl.Date = pa.Field(description="the month forecast")
    horizon: int = pa.Field(ge=1, le=36, metadata=unit("months"))
    model: str
    quantiles: pl.List(pl.Float64) = pa.Field(  # type: ignore[valid-type]
        description="at levels (i + 0.5) / n", metadata=unit("deaths")
    )
    last_12: pl.List(pl.Float64) = pa.Field(  # type: ignore[valid-type]
        description="the twelve months to the origin as then known: the benchmark",
        metadata=unit("deaths"),
    )


class ForecastScore(Table):
    """How one issued forecast turned out. A later revision of the truth is a new row."""

    issue: str
    territory: str
    gwno: int = pa.Field(ge=1)
    target: str
    origin: pl.Date
    month: pl.Date
    horizon: int = pa.Field(ge=1, le=36, metadata=unit("months"))
    model: str
    revision: int = pa.Field(ge=0, description="0: the truth as it first came")
    truth: float = pa.Field(ge=0, metadata=unit("deaths"))
    truth_source: str
    scored_at: str = pa.Field(description="UTC, ISO 8601")
    p_any: float = pa.Field(ge=0, le=1, description="said: probability of at least 1 death")
    crps: float = pa.Field(ge=0, metadata=unit("deaths"))
    crps_log: float = pa.Field(ge=0, description="CRPS of log(1 + deaths)")
    crps_last_12: float = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    pit: float = pa.Field(ge=0, le=1, description="rank of the truth, ties broken at random")
    covered: bool = pa.Field(description="within the 90 % interval")


class IssuedAlert(Table):
    """Where one rule stood in one territory when the alerts were worked out, quiet ones included.

    So that a later run can tell which warnings have ended since.
    """

    issue: str = pa.Field(description="the run that worked it out")
    issued_at: str = pa.Field(description="UTC, ISO 8601")
    rule: str
    territory: str
    gwno: int = pa.Field(ge=1)
    origin: pl.Date = pa.Field(description="last month known")
    within: int = pa.Field(ge=1, metadata=unit("months"))
    probability: float = pa.Field(ge=0, le=1)
    level: str = pa.Field(isin=(*ALERT_LEVELS, UNPROVEN))
    since: pl.Date = pa.Field(description="origin at which the level was reached")


class Calibration(Table):
    """The watch over calibration, a row a horizon and origin that was scored."""

    target: str
    horizon: int = pa.Field(ge=1, metadata=unit("months"))
    origin: pl.Date
    n: int = pa.Field(ge=1, description="territories scored")
    crps: float = pa.Field(ge=0, description="mean", metadata=unit("deaths"))
    crps_last_12: float = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    skill: float = pa.Field(nullable=True, le=1, description="over the last 12 origins")
    coverage: float = pa.Field(ge=0, le=1, description="over the last 12 origins")
    evidence: float = pa.Field(ge=0, description="against calibration: 1 at the start")
    limit: float = pa.Field(gt=0, description="evidence at which calibration counts as lost")
    lost: bool = pa.Field(description="the limit was reached at or before this origin")
    fault: str = pa.Field(description="what the evidence says is wrong, or ''")
