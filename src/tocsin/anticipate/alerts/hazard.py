"""First use by the hazard of diffusion: what stands now, and the hazard's own record.

A first use in a territory is too rare for a record of its own: a region has a handful. The hazard
(`anticipate.diffusion`) tells the chance of each organisation and class, and was told again at past
half-years by fits to what lay before. So the record of a rule about technology is of all classes.
Like what stands now it is of territories: the chance that any organisation of a territory takes up
a class, and whether one did. An organisation's own chance is far smaller, and a threshold that is
met by territories would hardly ever have been met by organisations. Where there are too few
territories in which the class had not been seen by then, those in which others had it already
count, too. Where the rule asks for use next door, the class was in use next door by then. Chances
are those of the model that the data support, with ties or without, now as in the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate.alerts.records.evidence import Evidence
from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.alerts.spread import seen_since
from tocsin.schema.geography.shapes import neighbours

FIRST_THERE = "first uses of any class in territories where it had not been seen"
ANY_FIRST = (
    "first uses of any class by any organisation of a territory, also where others there had it"
)
"""What a record is of: the very event of a rule for all classes, and a wider one."""


@dataclass(frozen=True)
class Standing:
    """This holds the chance of a first use in one territory, from its last known month on."""

    gwno: int
    territory: str
    origin: date
    probability: float


def hazard_evidence(
    rule: Rule, hindcasts: pl.DataFrame, quarters: pl.DataFrame, *, unseen: bool = False
) -> Evidence | None:
    """Gather what the hazard told at past origins within the rule's months, and what came.

    Args:
        rule: a rule of the kind 'first-use' or 'neighbour'.
        hindcasts: the table `diffusion_hindcasts`.
        quarters: the table `adoption_quarters`, which says since when a class was seen where.
        unseen: whether only territories count in which the class had not been seen by then.

    Returns:
        Matrices of shape (T origins, N territories × classes); the reference is one rate a
        class. None where the hazard was not told within this number of months of any case of which
        the rule speaks.
    """
    mine = hindcasts.filter(pl.col("months") == rule.within)
    if rule.kind == "neighbour":
        mine = _with_use_beside(mine, quarters)
    if unseen:
        mine = _without_use_there(mine, quarters)
    if mine.is_empty():
        return None
    mine = mine.group_by("origin", "gwno", "technology").agg(
        pl.col("territory").first(), pl.col("came").any(),
        *(_any_of(pl.col(name)).alias(name) for name in ("probability", "reference")),
    ).sort("origin", "gwno", "technology")  # fmt: skip
    when = mine["origin"].unique().sort().to_list()
    units = mine.select("gwno", "technology", "territory").unique(["gwno", "technology"]).sort(
        "gwno", "technology"
    )  # fmt: skip
    place = {key: i for i, key in enumerate(units.select("gwno", "technology").iter_rows())}
    row = np.array([when.index(one) for one in mine["origin"]])
    column = np.array([place[key] for key in mine.select("gwno", "technology").iter_rows()])
    filled = {}
    for name in ("probability", "came", "reference"):
        filled[name] = np.full((len(when), len(place)), np.nan)
        filled[name][row, column] = mine[name].cast(pl.Float64).to_numpy()
    return Evidence(
        rule,
        tuple(when),
        tuple(units["gwno"].to_list()),
        tuple(units["territory"].to_list()),
        filled["probability"],
        filled["came"],
        filled["reference"],
    )


def hazard_standing(
    rule: Rule, next_adopters: pl.DataFrame, quarters: pl.DataFrame
) -> list[Standing]:
    """Compute the chance that any organisation of a territory is the first to use the class there.

    Args:
        rule: a rule of the kind 'first-use' or 'neighbour'.
        next_adopters: the table `next_adopters`.
        quarters: the table `adoption_quarters`, which says where the class was seen already.

    Returns:
        A row for each territory where the class was not seen, and for 'neighbour' where it was seen
        next door.
    """
    seen = set(seen_since(rule.technology, quarters))
    mine = next_adopters.filter(
        (pl.col("technology") == rule.technology) & (pl.col("months") == rule.within)
    )
    by = mine.group_by("gwno").agg(
        pl.col("territory").first(), pl.col("origin").max(),
        _any_of(pl.col("probability")).alias("chance"),
    )  # fmt: skip
    rows = by.select("gwno", "territory", "origin", "chance").sort("gwno").iter_rows()
    return [
        Standing(gwno, territory, origin.replace(day=1), chance)
        for gwno, territory, origin, chance in rows
        if gwno not in seen and _is_asked_about(rule, gwno, seen)
    ]


def _with_use_beside(hindcasts: pl.DataFrame, quarters: pl.DataFrame) -> pl.DataFrame:
    """Only cases whose class had been seen in a neighbouring territory before the origin."""
    found = hindcasts.select("technology", "gwno").unique()
    since = {name: seen_since(name, quarters) for name in found["technology"].unique()}
    rows = [
        {"technology": name, "gwno": gwno, "beside": min(days)}
        for name, gwno in found.iter_rows()
        if (days := [since[name][one] for one in neighbours(gwno) if one in since[name]])
    ]
    schema = {"technology": pl.String, "gwno": pl.Int64, "beside": pl.Date}
    joined = hindcasts.join(
        pl.DataFrame(rows, schema=schema), on=["technology", "gwno"], maintain_order="left"
    )
    return joined.filter(pl.col("beside") < pl.col("origin")).drop("beside")


def _any_of(chances: pl.Expr) -> pl.Expr:
    """The chance that any of some organisations does, each by itself."""
    return 1.0 - (1.0 - chances).product()


def _without_use_there(hindcasts: pl.DataFrame, quarters: pl.DataFrame) -> pl.DataFrame:
    """Only cases whose class had not been seen in the territory before the origin."""
    rows = [
        {"technology": name, "gwno": gwno, "there": day}
        for name in hindcasts["technology"].unique().sort()
        for gwno, day in seen_since(name, quarters).items()
    ]
    schema = {"technology": pl.String, "gwno": pl.Int64, "there": pl.Date}
    joined = hindcasts.join(
        pl.DataFrame(rows, schema=schema), on=["technology", "gwno"], how="left",
        maintain_order="left",
    )  # fmt: skip
    return joined.filter((pl.col("there") >= pl.col("origin")).fill_null(True)).drop("there")


def _is_asked_about(rule: Rule, gwno: int, seen: set[int] | Sequence[int]) -> bool:
    here = not rule.gwnos or gwno in rule.gwnos
    beside = rule.kind != "neighbour" or any(other in seen for other in neighbours(gwno))
    return here and beside
