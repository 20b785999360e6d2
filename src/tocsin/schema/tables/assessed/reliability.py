"""Reliability: how far each source is right, what a report deserves, what each attribute rests on.

Letters and numbers are those of the Admiralty scale; docs/methods/source-reliability.md has
the cut points.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit
from tocsin.schema.tables.observed.report import EVENT_TYPES

RATED = ("date", "place", "actor", "deaths", "overall", "coverage")
"""What a source is rated on: four attributes, all four together, and how much it tells of."""
ATTRIBUTES = RATED[:4]
LETTERS = ("A", "B", "C", "D", "E", "F")


class SourceReliability(Table):
    """How reliable one source is on one attribute: as a whole, or for one type of event in
    one country.
    """

    rated_source: str = pa.Field(description="the producer, without the release")
    attribute: str = pa.Field(isin=RATED)
    event_type: str = pa.Field(isin=EVENT_TYPES, nullable=True, description="empty: all types")
    gwno: int = pa.Field(ge=1, nullable=True, description="empty: all countries")
    n: float = pa.Field(ge=0, metadata=unit("statements of known truth it is worth"))
    p: float = pa.Field(ge=0, le=1, nullable=True, description="share that is right")
    low: float = pa.Field(ge=0, le=1, description="5 % quantile of that share")
    high: float = pa.Field(ge=0, le=1, description="95 % quantile")
    peers: int = pa.Field(ge=0, description="independent sources that tell of the same incidents")
    grade: str = pa.Field(
        isin=LETTERS, nullable=True, description="Admiralty letter; F: cannot be judged"
    )
    copies_of: str = pa.Field(nullable=True, description="the source that it surely copies")
    copied_share: float = pa.Field(ge=0, le=1, nullable=True)


class ReportCredibility(Table):
    """How credible one report of one incident is, on the Admiralty scale."""

    incident_id: str
    report_id: str = pa.Field(unique=True)
    corroboration: float = pa.Field(ge=0, metadata=unit("other independent sources"))
    probability: float = pa.Field(
        ge=0, le=1, nullable=True, description="that what it says is right, over its attributes"
    )
    grade: str = pa.Field(isin=LETTERS, description="letter of its source for such events")
    credibility: int = pa.Field(ge=1, le=6, description="Admiralty number; 6: cannot be judged")


class AttributeConfidence(Table):
    """What an incident's date, place, actors or deaths rest on, where sources could differ."""

    incident_id: str
    attribute: str = pa.Field(isin=ATTRIBUTES)
    report_id: str = pa.Field(description="the report whose value is the most probable")
    confidence: float = pa.Field(ge=0, le=1, description="that this value is right")
    n_sources: int = pa.Field(ge=2, description="sources that state the attribute")
    n_independent: float = pa.Field(ge=0, description="of them, copies not counted")
    n_values: int = pa.Field(ge=1, description="different values stated; above 1 it is contested")
    credibility: int = pa.Field(ge=1, le=6, description="Admiralty number")


class Casualties(Table):
    """Deaths of an incident that several sources counted, as quantiles of what is believed."""

    incident_id: str
    n_sources: int = pa.Field(ge=1)
    n_independent: float = pa.Field(ge=0)
    agree: bool = pa.Field(description="whether all ranges of independent sources meet")
    q05: float = pa.Field(ge=0, metadata=unit("deaths"))
    q25: float = pa.Field(ge=0, metadata=unit("deaths"))
    q50: float = pa.Field(ge=0, metadata=unit("deaths"))
    q75: float = pa.Field(ge=0, metadata=unit("deaths"))
    q95: float = pa.Field(ge=0, metadata=unit("deaths"))

    @pa.dataframe_check
    @classmethod
    def quantiles_in_order(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Check that the quantiles of a row do not fall from the lowest to the highest."""
        pairs = (("q05", "q25"), ("q25", "q50"), ("q50", "q75"), ("q75", "q95"))
        return data.lazyframe.select(
            pl.all_horizontal(pl.col(one) <= pl.col(two) for one, two in pairs)
        )
