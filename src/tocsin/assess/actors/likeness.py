"""Organisations that a name may be meant for though no source calls them exactly so.

A desk asks for 'JNIM' or 'Boko Haram', and a producer writes 'JNIM: Group for Support of Islam
and Muslims' or the name in Arabic. What is found here is shown to people. It is no statement, and
nothing is linked, merged or counted by it.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import polars as pl

from tocsin.assess.actors.names import fold, plain
from tocsin.assess.actors.published import Listed, by_key
from tocsin.assess.actors.statements import current
from tocsin.schema.vocabulary.folding import acronym

LEAST = 2
"""A shorter name would be a part of too many."""
LISTED = 12

COLON, PUBLISHED, PART, INITIALS = (
    "it stands before the rest of the name",
    "published as another name",
    "part of the name",
    "its initials",
)
_ORDER = (COLON, PUBLISHED, PART, INITIALS)


def find_alike(names: pl.DataFrame, name: str) -> list[dict[str, Any]]:
    """Find the organisations of whose names this one is a part, an abbreviation or another form.

    Args:
        names: the table `actor_names`.
        name: as somebody asks for it.

    Returns:
        At most `LISTED` dicts with `actor_id`, `actor` (the name that is meant), `because` and
        `source`; those that are most surely meant first.
    """
    wanted = fold(name)
    if len(wanted) < LEAST:
        return []
    published = _find_published(wanted) - {wanted}
    found: dict[str, dict[str, Any]] = {}
    for row in current(names).sort("actor_id", "name").iter_rows(named=True):
        because = _why(row["name"], name, wanted, published)
        kept = found.get(row["actor_id"])
        if because and (kept is None or _ORDER.index(because) < _ORDER.index(kept["because"])):
            found[row["actor_id"]] = {
                "actor_id": row["actor_id"],
                "actor": row["name"],
                "because": because,
                "source": row["source"],
            }
    rows = list(found.values())
    rows.sort(key=lambda row: (_ORDER.index(row["because"]), len(row["actor"]), row["actor_id"]))
    return rows[:LISTED]


def _find_published(wanted: str) -> set[str]:
    """All names that a list gives to the organisations of which one name is this."""
    by = _index()
    meant = {one.organisation for one in by.get(wanted, ())}
    return {form for form, ones in by.items() if any(one.organisation in meant for one in ones)}


@cache
def _index() -> dict[str, list[Listed]]:
    return by_key(fold)


def _why(called: str, asked: str, wanted: str, published: set[str]) -> str | None:
    """Why a name in the table may be meant by the one that is asked for; None: it is not."""
    folded = fold(called)
    if folded == wanted:
        return None
    head = re.split(r"\s*:\s*|\s+-\s+", called, maxsplit=1)[0]
    if head != called and fold(head) == wanted:
        return COLON
    if folded in published or fold(head) in published:
        return PUBLISHED
    if f" {wanted} " in f" {folded} ":
        return PART
    return INITIALS if acronym(called) == plain(asked) else None
