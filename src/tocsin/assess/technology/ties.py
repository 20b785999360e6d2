"""Ties: which organisations inform each other of what they may have.

Allies, parts of an umbrella, those who joined, splinters and their origin, and the members of a
joint name such as 'Ahrar al-Sham, HTS, Southern Front'.
"""

from __future__ import annotations

import itertools
from collections import defaultdict

import polars as pl

from tocsin.assess.actors.names import members
from tocsin.schema.tables.observed.actor import RELATIONS

LEAST_WEIGHT = 0.5
"""A relation of which its source is less sure than this is no tie."""


def ties_of(sides: pl.DataFrame, links: pl.DataFrame | None = None) -> dict[str, set[str]]:
    """Find the organisations that each organisation is tied to.

    Args:
        sides: of `attribution.sides.armed_sides`.
        links: the table `actor_links`; default: only joint names tie.

    Returns:
        Organisation to the ids of those tied to it. Nobody is tied to itself.
    """
    found: dict[str, set[str]] = defaultdict(set)
    named = sides.filter(~pl.col("government")).select("actor_id", "actor").unique()
    called = dict(named.select("actor", "actor_id").sort("actor", "actor_id").iter_rows())
    pairs = [
        (called[name], called[one])
        for name in called
        for one in members(name)
        if one != name and one in called
    ]
    if links is not None:
        stands = ~pl.col("withdrawn") & (pl.col("weight") >= LEAST_WEIGHT)
        related = links.filter(stands & pl.col("relation").is_in(RELATIONS))
        pairs += list(related.select("actor_id", "related_id").drop_nulls().iter_rows())
    for one, other in itertools.chain(pairs, ((b, a) for a, b in pairs)):
        if one != other:
            found[one].add(other)
    return dict(found)
