"""Ties between organisations, over which a technology class may spread, and ledgers compared."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table
from tocsin.schema.vocabulary.channel import TIES
from tocsin.schema.vocabulary.technology import TECHNOLOGIES


class ActorSpell(Table):
    """From when to when an organisation was active in a territory, as far as incidents tell."""

    actor_id: str
    actor: str
    territory: str
    gwno: int = pa.Field(ge=1)
    first_day: pl.Date
    last_day: pl.Date
    known_until: pl.Date = pa.Field(description="last incident of the territory, of anybody")
    still_active: bool = pa.Field(description="active in the last year that is known")
    n_incidents: int = pa.Field(ge=1, description="that name it, those that only suspect it too")
    probability: float = pa.Field(
        gt=0,
        le=1,
        description="that it was there at all; 1 unless all of them only suspect it",
        # Workspaces from before this column took a suspected side for the side.
        metadata={"older": 1.0},
    )
    government: bool
    coalition: str = pa.Field(
        nullable=True,
        description="its members, where it is a joint side of which not all are known by "
        "themselves; empty: one organisation",
    )


class Tie(Table):
    """One reason of one source for which an organisation is exposed to another. Never a merge."""

    actor_id: str = pa.Field(description="the organisation that is exposed")
    actor: str
    related_id: str = pa.Field(description="the organisation to which it is exposed")
    related: str
    channel: str = pa.Field(isin=TIES)
    from_date: pl.Date = pa.Field(nullable=True, description="empty: since ever")
    to_date: pl.Date = pa.Field(nullable=True, description="empty: still")
    dates: str = pa.Field(
        isin=("said", "activity", "unknown"),
        description="said by the source, taken from both organisations' activity, or not known",
    )
    source_ends: bool = pa.Field(
        description="the source tells of nothing after to_date, so the tie may go on"
    )
    weight: float = pa.Field(gt=0)
    because: str = pa.Field(description="what is said, for reading")


class LedgerConflict(Table):
    """Where a user's ledger and the inferred one disagree, side by side; neither is changed."""

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    told_from: pl.Date = pa.Field(nullable=True)
    told_to: pl.Date = pa.Field(nullable=True)
    told_confidence: float = pa.Field(ge=0, le=1)
    inferred_low: pl.Date = pa.Field(
        nullable=True, description="empty: the ledger has no entry that it believes"
    )
    inferred_median: pl.Date = pa.Field(nullable=True)
    inferred_high: pl.Date = pa.Field(nullable=True)
    inferred_confidence: float = pa.Field(ge=0, le=1)
    conflict: str = pa.Field(description="what they disagree about, in words")
