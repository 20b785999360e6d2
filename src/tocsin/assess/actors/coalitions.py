"""Coalitions: joint sides that a source writes as one name, and the organisations they stand for.

UCDP writes several groups that fight as one side as 'A, B' under an id of its own. What such a
side did was done by one or more of its members, and nothing says by which.
"""

from __future__ import annotations

from collections import defaultdict

import polars as pl

from tocsin.assess.actors.names import fold, members, name_in
from tocsin.schema.tables.observed.described import is_description


def by_member(sides: pl.DataFrame, incidents: pl.DataFrame, actors: pl.DataFrame) -> pl.DataFrame:
    """Give each side of several organisations as its members, where all of them are known.

    Args:
        sides: of `actors.sides.armed_sides`.
        incidents: the table `incidents`, for the territories.
        actors: the table `actors`; may be empty, then members are known by other sides only.

    Returns:
        The sides, divided by `divide`.
    """
    return divide(sides, joint_sides(sides, incidents, actors))


def joint_sides(sides: pl.DataFrame, incidents: pl.DataFrame, actors: pl.DataFrame) -> pl.DataFrame:
    """Find the sides that stand for several organisations, and their members.

    A member is known where exactly one organisation has its name: among the sides of incidents of
    the same territories, else among the actors that a source places there, else among all actors.

    Args:
        sides: of `actors.sides.armed_sides`.
        incidents: the table `incidents`, for the territories.
        actors: the table `actors`; may be empty.

    Returns:
        Columns `joint` (the name), `member_id`, `member`, `part` (one divided by the number of
        members) and `coalition`: a row a member, or one row with `coalition`, the members' names,
        where not all of them are known.
    """
    where = incidents.select("incident_id", "gwno").unique("incident_id")
    there = sides.join(where, on="incident_id", how="left")
    joint = [name for name in there["actor"].unique().sort() if len(members(name)) > 1]
    known = _Known(there.filter(~pl.col("actor").is_in(joint)), actors)
    of_name = there.filter(pl.col("actor").is_in(joint)).group_by("actor").agg("gwno")
    gwnos = {name: frozenset(found) - {None} for name, found in of_name.iter_rows()}
    rows: list[dict[str, object]] = []
    for name in joint:
        found = [known.find_member(one, gwnos[name]) for one in members(name)]
        ids = dict.fromkeys(one for one in found if one is not None)
        if None in found:
            rows.append({"joint": name, "coalition": ", ".join(members(name))})
            continue
        rows += [
            {"joint": name, "member_id": one, "member": known.name(one), "part": 1 / len(ids)}
            for one in ids
        ]
    schema = {
        "joint": pl.String, "member_id": pl.String, "member": pl.String, "part": pl.Float64,
        "coalition": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def divide(rows: pl.DataFrame, joint: pl.DataFrame) -> pl.DataFrame:
    """Put the members of joint sides in their place.

    Args:
        rows: columns `actor_id` and `actor`, and others that are kept.
        joint: of `joint_sides`.

    Returns:
        The rows, one a member, with two more columns: `share`, the probability that what one of the
        side did was done by this organisation, 1 but for members, who share it equally; and
        `coalition`, the members' names where not all of them are known, else empty.
    """
    return (
        rows.join(joint, left_on="actor", right_on="joint", how="left", maintain_order="left")
        .with_columns(
            pl.coalesce("member_id", "actor_id").alias("actor_id"),
            pl.coalesce("member", "actor").alias("actor"),
            pl.col("part").fill_null(1.0).alias("share"),
        )
        .select(*rows.columns, "share", "coalition")
    )


class _Known:
    """The organisations that have a name, by the sides of incidents and by a list of actors."""

    def __init__(self, sides: pl.DataFrame, actors: pl.DataFrame) -> None:
        self._here: dict[tuple[str, int | None], set[str]] = defaultdict(set)
        self._listed: dict[str, set[str]] = defaultdict(set)
        self._places: dict[str, frozenset[int]] = {}
        self._names: dict[str, str] = {}
        for actor_id, name, gwnos in actors.select("actor_id", "name", "gwnos").iter_rows():
            self._listed[fold(name)].add(actor_id)
            self._places[actor_id] = frozenset(
                int(one) for one in (gwnos or "").split() if one.isdecimal()
            )
            self._names[actor_id] = name
        columns = ("actor_id", "actor", "gwno")
        for actor_id, name, gwno in sides.select(columns).unique().sort(columns).iter_rows():
            self._here[fold(name), gwno].add(actor_id)
            self._names[actor_id] = name

    def find_member(self, member: str, gwnos: frozenset[int]) -> str | None:
        """As `find`; a description ('JNIM, bandits') is known by itself within one territory."""
        if not is_description(member) or len(gwnos) != 1:
            return self.find(member, gwnos)
        held = name_in(member, next(iter(gwnos)))
        found = self.find(held, gwnos) or held
        self._names.setdefault(found, held)
        return found

    def find(self, member: str, gwnos: frozenset[int]) -> str | None:
        """The id of the one organisation of that name; none where no one, or several, have it."""
        key = fold(member)
        listed = self._listed.get(key, set())
        for some in (
            {one for gwno in gwnos for one in self._here.get((key, gwno), ())},
            {one for one in listed if self._places.get(one, frozenset()) & gwnos},
            listed,
        ):
            if some:
                return next(iter(some)) if len(some) == 1 else None
        return None

    def name(self, actor_id: str) -> str:
        """The name by which sides of incidents, else the list, call it."""
        return self._names[actor_id]
