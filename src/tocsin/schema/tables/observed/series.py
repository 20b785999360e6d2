"""Country-month counts and country-year covariates."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit


class Series(Table):
    """Deaths per territory and month. A month before a state existed is absent, not zero."""

    territory: str
    gwno: int = pa.Field(ge=1)
    month: pl.Date = pa.Field(description="first day of the month")
    target: str = pa.Field(description="what is counted: ged_sb (state-based) or ged_total")
    deaths: int = pa.Field(ge=0, metadata=unit("deaths"))


class Covariate(Table):
    """One indicator of one territory in one year."""

    territory: str
    gwno: int = pa.Field(ge=1)
    year: int = pa.Field(ge=1789, le=2200)
    indicator: str = pa.Field(description="the producer's own code, e.g. v2x_libdem")
    value: float
