"""Ties between organisations, by channel: stated by sources and users, or shown by incidents.

Ties are dated, never merged, and reversible: a statement that is withdrawn (`tocsin actors
--withdraw`) makes no tie at the next run, and every row names its source and its reason.
"""

from __future__ import annotations

import polars as pl

from tocsin.assess.actors.coalitions import by_member
from tocsin.assess.actors.sides import armed_sides
from tocsin.assess.actors.statements import current
from tocsin.assess.actors.suspects import with_doubt
from tocsin.assess.ties.activity import lives, spells
from tocsin.assess.ties.conflicts import ledger_conflicts
from tocsin.assess.ties.known import known_here, supported
from tocsin.assess.ties.shared import allies, neighbours
from tocsin.assess.ties.stated import identify_ties, relation_ties, support_ties
from tocsin.schema import TABLES, columns, conform

__all__ = ["find_ties", "ledger_conflicts"]


def find_ties(
    incidents: pl.DataFrame,
    actors: pl.DataFrame,
    names: pl.DataFrame,
    links: pl.DataFrame,
    *,
    supports: pl.DataFrame,
    told_ties: pl.DataFrame,
    doubtful: pl.DataFrame | None = None,
) -> dict[str, pl.DataFrame]:
    """Gather all ties between organisations, each with its channel, its time and its reason.

    Args:
        incidents: the table `incidents`.
        actors: the table `actors`.
        names: the table `actor_names`.
        links: the table `actor_links`.
        supports: the table `supports`; may be empty.
        told_ties: the table `told_ties`; may be empty.
        doubtful: the sides that are only suspected, of `actors.suspects.Suspects.weigh`; default:
            none is. Ties that rest on them alone weigh as much less as they may not be.

    Returns:
        The tables `ties`, a row for each source, reason and direction, and `actor_spells`, when and
        where organisations were active.
    """
    named = with_doubt(armed_sides(incidents, actors), doubtful)
    sides = by_member(named, incidents, actors).filter(pl.col("sure") > 0)
    active = spells(sides, incidents)
    parts = [
        relation_ties(current(links), lives(active, supports)),
        support_ties(supports),
        neighbours(active),
        allies(sides, incidents),
        *_given(told_ties, names, supports),
    ]
    wanted = columns(TABLES["ties"])
    found = pl.concat([part.select(wanted) for part in parts], how="vertical_relaxed")
    order = ("channel", "actor_id", "related_id", "from_date", "because", "source")
    ties = conform(TABLES["ties"], found.unique(maintain_order=True).sort(order))
    return {"ties": ties, "actor_spells": active}


def _given(told: pl.DataFrame, names: pl.DataFrame, supports: pl.DataFrame) -> list[pl.DataFrame]:
    """The ties that a user gives; whom names mean is looked up only where there are any."""
    if told.is_empty():
        return []
    return [identify_ties(told, known_here(current(names), *supported(supports)))]
