"""Armed actors and what is said of who came from whom. Organisations only, never persons."""

from __future__ import annotations

import pandera.polars as pa

from tocsin.schema.table import Table

ACTOR_KINDS = ("state", "non-state formal", "non-state informal", "civilians")
RELATIONS = ("alias", "renamed", "splinter", "temporary splinter", "alliance", "joined", "umbrella")


class Actor(Table):
    """One organisation as one source knows it."""

    actor_id: str = pa.Field(unique=True, description="the source's id")
    name: str
    full_name: str = pa.Field(nullable=True)
    kind: str = pa.Field(isin=ACTOR_KINDS)
    gwnos: str = pa.Field(description="Gleditsch-Ward numbers where it was active, space between")


class ActorRelation(Table):
    """One statement by one source that two names are related. Never a merge."""

    actor_id: str
    relation: str = pa.Field(isin=RELATIONS)
    related_id: str = pa.Field(nullable=True, description="empty where only a name is given")
    related_name: str
