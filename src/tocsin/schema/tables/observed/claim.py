"""Claims: who said that an organisation did it, or did not. Never evidence by themselves."""

from __future__ import annotations

import pandera.polars as pa

from tocsin.schema.table import Table

STANCES = ("claimed", "denied", "accused")


class Claim(Table):
    """One statement, in one report, about who was behind the event."""

    report_id: str
    actor_id: str = pa.Field(nullable=True, description="the source's id of the organisation")
    actor: str = pa.Field(description="the organisation that the statement is about")
    stance: str = pa.Field(isin=STANCES, description="claimed and denied are its own words")
    said_by: str = pa.Field(nullable=True, description="the organisation that says so, if another")
    confidence: float = pa.Field(
        ge=0, le=1, nullable=True, description="how sure who says so is; empty where not said"
    )
