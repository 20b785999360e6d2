"""Statements of ties as ties: what several say of one tie, and what goes on after a source ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.hazard.design import Links
from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.ties import Ties
from tocsin.anticipate.diffusion.tables.times import DAY_ZERO

HALF_LIFE = 2.0
"""Years after which a sponsor of whom the source tells no more carries half as much. A prior."""
FADES = 10
"""Years after the source's end from which such a tie carries nothing."""
ADD_UP = ("territory", "adversary")
"""Channels of which each shared territory or adversary adds its own weight. Of the others several
statements are of one tie."""
BOTH = ["related_id", "actor_id", "channel"]
ROW = [*BOTH, "from_date", "to_date", "weight", "fades"]


def join_statements(table: pl.DataFrame) -> pl.DataFrame:
    """Make ties of statements: at each time the strongest statement of a channel counts.

    Support in the last year of which its source tells goes on, and fades by half in `HALF_LIFE`
    years. What anybody states of that time itself stands in place of that.

    Args:
        table: rows of the table `ties`.

    Returns:
        The columns `related_id, actor_id, channel, from_date, to_date, weight, fades`; `fades` is
        true where a tie only goes on after its source has ended. Times between the same two over
        one channel do not overlap, but over those of `ADD_UP`.
    """
    adds = pl.col("channel").is_in(ADD_UP)
    once = table.group_by([*BOTH, "from_date", "to_date"], maintain_order=True).agg(
        pl.when(adds.first()).then(pl.col("weight").sum()).otherwise(pl.col("weight").max()),
        pl.col("source_ends").any(),
    )
    ended = once.filter("source_ends")
    rows = [one.select(ROW) for one in (once.with_columns(fades=pl.lit(False)), *_fading(ended))]
    told = pl.concat(rows)
    several = (pl.len().over(BOTH) > 1) & ~adds
    out = [told.filter(~several)]
    for _, statements in told.filter(several).group_by(BOTH, maintain_order=True):
        out.append(_strongest(statements))
    return pl.concat(out)


def _fading(ended: pl.DataFrame) -> list[pl.DataFrame]:
    """What support carries in each year after its source has ended."""
    return [
        ended.with_columns(
            (pl.col("to_date") + pl.duration(days=365 * (year - 1))).alias("from_date"),
            (pl.col("to_date") + pl.duration(days=365 * year)).alias("to_date"),
            pl.col("weight") * 0.5 ** (year / HALF_LIFE),
            fades=pl.lit(True),
        )
        for year in range(1, FADES + 1)
    ]


def _strongest(statements: pl.DataFrame) -> pl.DataFrame:
    """The strongest of the statements of one tie at each time; those that fade come last."""
    told = [
        (begin or date.min, end or date.max, weight, fades)
        for begin, end, weight, fades in statements.select(ROW[3:]).iter_rows()
    ]
    moments = sorted({moment for one in told for moment in one[:2]})
    found: list[tuple[date, date, float, bool]] = []
    for begin, end in pairwise(moments):
        held = [(not one[3], one[2]) for one in told if one[0] <= begin and end <= one[1]]
        if not held:
            continue
        stated, weight = max(held)
        if found and found[-1][1:] == (begin, weight, not stated):
            found[-1] = (found[-1][0], end, weight, not stated)
        else:
            found.append((begin, end, weight, not stated))
    if not found:
        return statements.head(1)
    rows = [
        (
            *statements.select(BOTH).row(0),
            None if begin == date.min else begin,
            None if end == date.max else end,
            weight,
            fades,
        )
        for begin, end, weight, fades in found
    ]
    return pl.DataFrame(rows, schema=statements.schema, orient="row")


def find_fading(
    told: pl.DataFrame, ties: Ties, links: Links, cases: Cases
) -> npt.NDArray[np.bool_]:
    """Tell which ties between cases only go on after their source has ended.

    Args:
        told: what `join_statements` gives.
        ties: the ties that were read of it.
        links: the same ties between cases.
        cases: the organisations and classes.

    Returns:
        True for those that fade, shape (p,).
    """
    # Channels that are copies of each other carry the rows of the first of them.
    channels = {name.split(" = ")[0]: k for k, name in enumerate(ties.channels)}
    number = {name: place for place, name in enumerate(cases.actors)}
    fading = {
        (channels[channel], number[user], number[exposed], (begin - DAY_ZERO) / timedelta(days=1))
        for user, exposed, channel, begin in told.filter("fades")
        .select(*BOTH, "from_date")
        .iter_rows()
        if channel in channels
    }
    if not fading:
        return np.zeros(len(links.channel), dtype=bool)
    columns: Sequence[npt.NDArray[np.generic]] = (
        links.channel, cases.actor[links.source], cases.actor[links.target], links.start,
    )  # fmt: skip
    return np.array([one in fading for one in zip(*columns, strict=True)], dtype=bool)
