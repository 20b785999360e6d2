"""Of which mentions a careful reader can tell the user at all.

The labels say 'unknown' where neither words nor facts decide. How often they do is the share of
mentions of that kind of which what is held of users holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.assess.technology.cases import UNARMED
from tocsin.assess.technology.mentions.parties import Party
from tocsin.assess.technology.mentions.reading import read
from tocsin.assess.technology.mentions.users import (
    KINDS,
    Facts,
    kind_of,
    moves,
    probabilities,
    role_odds,
)
from tocsin.assess.technology.tags import BELIEVED, SHOWS
from tocsin.bench.mentions.predictions import facts_of, region_number
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

WORTH = 5.0
"""What is held of all regions, or of all classes, counts as so many mentions of one."""


@dataclass(frozen=True)
class Mention:
    """One labelled mention that tells of a use or a possession.

    Attributes:
        region: of the labels.
        technology: the class.
        kind: on what its user rests, one of `KINDS`.
        told: whether the reader could tell the user.
    """

    region: str
    technology: str
    kind: str
    told: bool


def mentions_of(rows: pl.DataFrame) -> list[Mention]:
    """Take the mentions that name the class and tell of a use or a possession.

    Args:
        rows: of `labels.with_texts`.

    Returns:
        Those that the house's reading finds.
    """
    found = []
    for row in rows.filter((pl.col("is_class") == "1") & (pl.col("user") != "")).iter_rows(
        named=True
    ):
        number = region_number(row["region"])
        said = [
            one
            for one in read(row["text"], facts_of(row, number).setting)
            if (one.technology, one.part) == (row["technology"], row["part"])
            and (one.use >= BELIEVED or one.said in SHOWS)
        ]
        if said:
            facts = facts_of(row, number, said[0].said)
            kind = kind_of_mention(row["technology"], said[0].by, said[0].against, facts)
            found.append(Mention(row["region"], row["technology"], kind, row["user"] != "unknown"))
    return found


def kind_of_mention(technology: str, by: Party | None, against: Party | None, facts: Facts) -> str:
    """Tell on what the user of a mention rests.

    Args:
        technology: the class.
        by: the party that used it by the words, or None.
        against: the party that it was used against by the words, or None.
        facts: what is known of the event.

    Returns:
        One of `KINDS`: what `technology.candidates.users` holds of the side that is told most of.
    """
    sides = pl.DataFrame(
        {
            "user": probabilities(technology, by, against, facts)[:2],
            "role": role_odds(technology, facts),
            "coded": [facts.one_sided, False],
        }
    )
    struck = against is not None and against.kind not in UNARMED
    moved = (moves(pl.col("user"), pl.col("role")) & (pl.col("role") > 0)) | pl.col("coded")
    rests = sides.select(kind_of(pl.lit(by is not None), pl.lit(struck), moved.any()))
    return str(rests.item(0, 0))


def fit_tellable(mentions: Sequence[Mention]) -> dict[str, float]:
    """Estimate the share of mentions of each kind whose user a reader could tell.

    Regions differ: where three fight, nobody can tell who laid a mine. So what is given is the mean
    of the regions, each drawn towards all of them as if these were `WORTH` mentions of it; and of
    mentions with nothing but a role, of which classes differ most, each class towards all classes.

    Args:
        mentions: of `mentions_of`.

    Returns:
        Names as `users.weights` has them to shares.
    """
    found = {}
    for kind in KINDS:
        mine = [one for one in mentions if one.kind == kind]
        whole = _share(mine, 0.5, 1.0)
        if kind != KINDS[-1]:
            found[f"tellable {kind}"] = _of_regions(mine, whole)
            continue
        for technology in TECHNOLOGIES:
            its = [one for one in mine if one.technology == technology]
            found[f"tellable {kind} {technology}"] = _of_regions(its, _share(its, whole, WORTH))
    return found


def _of_regions(mentions: Sequence[Mention], whole: float) -> float:
    regions = sorted({one.region for one in mentions})
    by_region = [
        _share([one for one in mentions if one.region == region], whole, WORTH)
        for region in regions
    ]
    return float(np.mean(by_region)) if by_region else whole


def _share(mentions: Sequence[Mention], held: float, worth: float) -> float:
    """The share that was told, where `held` counts as `worth` mentions."""
    return (sum(one.told for one in mentions) + worth * held) / (len(mentions) + worth)
