"""The adoption ledger: which actor was seen with which technology, when, and how sure."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit
from tocsin.schema.technology import TECHNOLOGIES


class Adoption(Table):
    """One actor and one technology class in one territory."""

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    first_seen: pl.Date = pa.Field(description="start of the first incident that supports it")
    first_incident: str = pa.Field(description="incident_id")
    last_seen: pl.Date
    n_incidents: int = pa.Field(ge=1, metadata=unit("incidents tagged"))
    expected: float = pa.Field(ge=0, description="sum of probabilities", metadata=unit("incidents"))
    confidence: float = pa.Field(ge=0, le=1, description="that at least one use was real")


class AdoptionQuarter(Table):
    """Intensity of use by quarter, with the uncertainty of the tags carried through."""

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    quarter: pl.Date = pa.Field(description="first day of the quarter")
    expected: float = pa.Field(ge=0, metadata=unit("incidents"))
    low: float = pa.Field(ge=0, description="5 % quantile", metadata=unit("incidents"))
    high: float = pa.Field(ge=0, description="95 % quantile", metadata=unit("incidents"))
