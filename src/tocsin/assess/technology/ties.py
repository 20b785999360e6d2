"""Ties: which organisations inform each other of what they may have.

Those that the table `ties` relates by alliance, splinter or umbrella or by weapons and training,
and the members of a joint side such as 'Ahrar al-Sham, HTS, Southern Front'. A shared territory,
sponsor or adversary is no such tie: nothing need pass between the two.
"""

from __future__ import annotations

import itertools
from collections import defaultdict

import polars as pl

from tocsin.assess.actors.names import members

PASSING = ("ties", "training")
"""Channels by which one organisation's means reach the other."""


def ties_of(sides: pl.DataFrame, ties: pl.DataFrame | None = None) -> dict[str, set[str]]:
    """Find the organisations that each organisation is tied to.

    Args:
        sides: of `actors.coalitions.by_member`.
        ties: the table `ties`; default: only joint sides tie.

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
    joint = sides.filter(pl.col("share") < 1).select("incident_id", "side", "actor_id")
    beside = joint.join(joint, on=["incident_id", "side"], suffix="_of")
    pairs += list(beside.select("actor_id", "actor_id_of").unique().sort(pl.all()).iter_rows())
    if ties is not None:
        passing = ties.filter(pl.col("channel").is_in(PASSING))
        pairs += list(passing.select("actor_id", "related_id").iter_rows())
    for one, other in itertools.chain(pairs, ((b, a) for a, b in pairs)):
        if one != other:
            found[one].add(other)
    return dict(found)
