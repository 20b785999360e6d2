"""The adoption ledger: which actor was seen with which technology, when, and how sure."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit
from tocsin.schema.vocabulary.technology import TECHNOLOGIES


class Adoption(Table):
    """One actor and one technology class in one territory."""

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    first_seen: pl.Date = pa.Field(description="start of the first incident that supports it")
    first_incident: str = pa.Field(description="incident_id")
    first_low: pl.Date = pa.Field(description="the first real use was by then with 5 %")
    first_median: pl.Date = pa.Field(description="with 50 %, given that there was one")
    first_high: pl.Date = pa.Field(description="with 95 %")
    last_seen: pl.Date
    n_incidents: int = pa.Field(ge=1, metadata=unit("incidents tagged"))
    n_named: int = pa.Field(ge=0, description="in which words name it as the user")
    expected: float = pa.Field(ge=0, description="sum of probabilities", metadata=unit("incidents"))
    low: float = pa.Field(ge=0, description="5 % quantile", metadata=unit("incidents"))
    high: float = pa.Field(ge=0, description="95 % quantile", metadata=unit("incidents"))
    confidence: float = pa.Field(ge=0, le=1, description="that at least one use was real")


class AdoptionOnset(Table):
    """By when an actor had first used a technology class: the probability that it had."""

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    date: pl.Date
    probability: float = pa.Field(ge=0, le=1, description="that the first use was by this day")


class AdoptionQuarter(Table):
    """Intensity of use by quarter, with the uncertainty of tags and users carried through."""

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    quarter: pl.Date = pa.Field(description="first day of the quarter")
    expected: float = pa.Field(ge=0, metadata=unit("incidents"))
    low: float = pa.Field(ge=0, description="5 % quantile", metadata=unit("incidents"))
    high: float = pa.Field(ge=0, description="95 % quantile", metadata=unit("incidents"))
