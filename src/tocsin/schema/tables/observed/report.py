"""Reports: every row that came in; corrections: what was doubtful in those; quarantine: every row

that was refused; files: what was read.
"""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit

TARGETS = (
    "security forces",
    "armed group",
    "civilians",
    "government",
    "infrastructure",
    "business",
    "media",
    "education",
    "health",
    "religious site",
    "other",
)
"""What an incident harmed, as a class: never a person, never a named place."""

EVENT_TYPES = ("state-based", "non-state", "one-sided", "other")
"""UCDP's three types of organised violence, and a fourth for sources that know others."""


class Report(Table):
    """One row of one source about one event. Several reports may tell of one incident.

    Deaths are empty where the source does not count them; then all three are.
    """

    report_id: str = pa.Field(unique=True, description="source and the source's own id")
    native_id: str = pa.Field(description="the source's own id")
    source_file: str = pa.Field(description="name of the file that the row came from")
    source_row: int = pa.Field(ge=1, description="record number in that file, the header being 0")
    date_start: pl.Date = pa.Field(description="first day on which the event may have happened")
    date_end: pl.Date = pa.Field(description="last such day")
    date_prec: int = pa.Field(ge=1, le=5, description="UCDP date precision, 1 exact to 5 a year")
    latitude: float = pa.Field(ge=-90, le=90, nullable=True, metadata=unit("degrees north"))
    longitude: float = pa.Field(ge=-180, le=180, nullable=True, metadata=unit("degrees east"))
    place_prec: int = pa.Field(ge=1, le=7, description="UCDP place precision, 1 exact to 7 sea")
    place: str = pa.Field(nullable=True)
    adm1: str = pa.Field(nullable=True)
    adm2: str = pa.Field(nullable=True)
    territory: str = pa.Field(description="canonical name in geography/data/territories.csv")
    gwno: int = pa.Field(ge=1, description="Gleditsch-Ward number of the territory's unit")
    event_type: str = pa.Field(isin=EVENT_TYPES)
    category: str = pa.Field(
        nullable=True, description="the source's own code of the kind of event"
    )
    target: str = pa.Field(isin=TARGETS, nullable=True, description="class of what was harmed")
    actor_a_id: str = pa.Field(nullable=True, description="the source's id of the first actor")
    actor_a: str = pa.Field(nullable=True)
    actor_b_id: str = pa.Field(nullable=True)
    actor_b: str = pa.Field(nullable=True)
    dyad_id: str = pa.Field(nullable=True)
    headline: str = pa.Field(nullable=True)
    notes: str = pa.Field(nullable=True)
    publisher: str = pa.Field(nullable=True, description="office or outlet that published it")
    n_sources: int = pa.Field(ge=1, nullable=True)
    deaths_low: int = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    deaths_best: int = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    deaths_high: int = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    deaths_a: int = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    deaths_b: int = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    deaths_civilians: int = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    deaths_unknown: int = pa.Field(ge=0, nullable=True, metadata=unit("deaths"))
    clarity: int = pa.Field(ge=1, le=2, nullable=True, description="UCDP event clarity")
    updated: str = pa.Field(
        nullable=True, description="when the producer last changed the record: ISO 8601 in UTC"
    )

    @pa.dataframe_check
    @classmethod
    def dates_in_order(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Check that the first day is not after the last day."""
        return data.lazyframe.select(pl.col("date_start") <= pl.col("date_end"))

    @pa.dataframe_check
    @classmethod
    def deaths_in_order(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Check that the low, best and high counts of deaths do not fall."""
        low, best, high = (pl.col(f"deaths_{name}") for name in ("low", "best", "high"))
        return data.lazyframe.select(((low <= best) & (best <= high)).fill_null(True))


class Quarantine(Table):
    """One row of one source that was refused, with the reason and the original bytes."""

    source_file: str
    source_row: int = pa.Field(ge=0, description="record number in that file, the header being 0")
    line: int = pa.Field(ge=1, nullable=True, description="its row as a spreadsheet counts them")
    native_id: str = pa.Field(nullable=True)
    column: str = pa.Field(nullable=True, description="the file's column that broke the rule")
    value: str = pa.Field(nullable=True, description="what stood there")
    rule: str = pa.Field(description="short name of the rule, for counting")
    reason: str = pa.Field(description="why, in words")
    original: pl.Binary = pa.Field(description="as JSON, what its reader reads of the record")


class Correction(Table):
    """One value of a kept report that was doubtful: what stood there, what is kept, and why.

    A value that was only marked is kept as it stands. The table holds numbers, days and points of
    reports, under the masks of their readers, and never what tells of persons.
    """

    report_id: str
    source_file: str
    source_row: int = pa.Field(ge=1, description="record number in that file, the header being 0")
    line: int = pa.Field(ge=1, nullable=True, description="its row as a spreadsheet counts them")
    column: str = pa.Field(description="the column of the table `reports`")
    heading: str = pa.Field(description="the file's own name of the column")
    original: str = pa.Field(description="what stood in the file")
    value: str = pa.Field(nullable=True, description="what is kept; empty where nothing is")
    rule: str = pa.Field(description="short name of the rule, for counting")
    reason: str = pa.Field(description="why, in words")


class Withdrawal(Table):
    """The word of a producer that it has taken a record back: no event, or one told elsewhere.

    A report of that record that was last changed later stands: the producer told it again.
    """

    native_id: str = pa.Field(description="the source's own id of the record")
    withdrawn: str = pa.Field(description="when, in UTC by ISO 8601; empty where it is not said")


class File(Table):
    """One file that `observe` read, and the fate of its rows: rows = accepted + quarantined.

    Accepted rows may lie `outside`: sound, but telling of nothing that the tables hold.
    """

    file: str
    sha256: str = pa.Field(str_length={"min_value": 64, "max_value": 64})
    kind: str = pa.Field(description="the reader that recognised the file")
    rows: int = pa.Field(ge=0)
    accepted: int = pa.Field(ge=0)
    quarantined: int = pa.Field(ge=0)
    outside: int = pa.Field(ge=0, description="of the accepted: sound, but not of the tables' kind")

    @pa.dataframe_check
    @classmethod
    def outside_is_of_the_accepted(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Check that no more records lie outside of the tables' scope than were accepted."""
        return data.lazyframe.select(pl.col("outside") <= pl.col("accepted"))

    @pa.dataframe_check
    @classmethod
    def rows_add_up(cls, data: pa.PolarsData) -> pl.LazyFrame:
        """Check that every record was either accepted or quarantined."""
        return data.lazyframe.select(pl.col("rows") == pl.col("accepted") + pl.col("quarantined"))
