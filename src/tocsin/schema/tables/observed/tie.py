"""What sources and users say of support, of ties between organisations and of first uses."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table
from tocsin.schema.vocabulary.channel import TIES
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

SUPPORT_KINDS = (
    "troops", "presence", "territory", "weapons", "materiel", "training", "funding",
    "intelligence", "installations", "other", "unknown",
)  # fmt: skip
"""What support may consist of, as the External Support data set tells it apart."""


class Support(Table):
    """One supporter of one armed organisation, against one opponent, in one year."""

    actor_id: str
    actor: str
    opponent_id: str
    opponent: str
    year: int = pa.Field(ge=1900, le=2200)
    supporter_id: str = pa.Field(nullable=True, description="empty where ids cannot be told apart")
    supporter: str
    by_state: bool = pa.Field(description="the supporter is a government")
    kinds: str = pa.Field(
        description="of SUPPORT_KINDS, space between; of all supporters of the row together"
    )


class ToldTie(Table):
    """One tie between two organisations, as a user's own table has it.

    Names and ids are kept as seals (`vocabulary.folding.seal`): one that nobody else here has may
    be a person's.
    """

    actor: str = pa.Field(description="seal of the organisation that is exposed")
    related: str = pa.Field(description="seal of the one to which it is exposed")
    row: str = pa.Field(nullable=True, description="where it stands: 'row 7 of FILE'")
    both_ways: bool = pa.Field(description="each is exposed to the other")
    channel: str = pa.Field(isin=TIES)
    from_date: pl.Date = pa.Field(nullable=True, description="empty: not said")
    to_date: pl.Date = pa.Field(nullable=True, description="empty: not said")
    weight: float = pa.Field(gt=0, le=1000)


class ToldAdoption(Table):
    """One entry of a user's own ledger: who first used what, between which days.

    The name or id is kept as a seal (`vocabulary.folding.seal`): one that nobody else here has may
    be a person's.
    """

    actor: str = pa.Field(description="seal of the organisation's name or id")
    initials: str = pa.Field(
        nullable=True, description="seal of the name's initials, where they are three or more"
    )
    row: str = pa.Field(nullable=True, description="where it stands: 'row 7 of FILE'")
    technology: str = pa.Field(isin=TECHNOLOGIES)
    from_date: pl.Date = pa.Field(nullable=True, description="not before; empty: not said")
    to_date: pl.Date = pa.Field(
        nullable=True, description="at the latest; both days empty: never so far"
    )
    confidence: float = pa.Field(ge=0, le=1)
