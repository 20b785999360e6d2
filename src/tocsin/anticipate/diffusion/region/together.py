"""Classes that are used together: by the same organisations, and in the same quarters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.shares import LEVELS
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.schema.step import Tables
from tocsin.schema.vocabulary.technology import DOMAINS, TECHNOLOGIES

SHIFTED = 199
"""Worlds in which the years of one series were moved, to set beside the data."""
QUARTERS = 4
FEWEST_YEARS = 3
"""Years of a territory from which its seasons can be moved against each other."""
FEWEST_USES = 3.0
"""Expected uses of a class in a territory below which their seasons say nothing."""


def technology_couse(tables: Tables) -> pl.DataFrame:
    """Count organisations that have two classes, and how many would if classes were independent.

    Independent means: within a territory each organisation is as likely to have a class as any
    other. Large organisations have more classes and are reported more, so that more common users
    than that are no proof that one class leads to another.

    Args:
        tables: `actor_spells` and `adoption_draws`.

    Returns:
        The table `technology_couse`, without `source`: a row for each two classes.
    """
    draws = tables["adoption_draws"]
    spells = tables["actor_spells"].filter(~pl.col("government"))
    places = spells.select("actor_id", "gwno").unique().sort("actor_id", "gwno")
    if draws.is_empty() or places.is_empty():
        return pl.DataFrame()
    keys = {key: n for n, key in enumerate(places.iter_rows())}
    held = draws.filter(pl.col("onset").is_not_null())
    count = int(draws["draw"].max()) + 1  # type: ignore[arg-type]
    has = np.zeros((len(TECHNOLOGIES), count, len(keys)))
    for draw, actor, gwno, name in held.select(
        "draw", "actor_id", "gwno", "technology"
    ).iter_rows():
        if (actor, gwno) in keys:
            has[TECHNOLOGIES.index(name), draw, keys[actor, gwno]] = 1.0
    _, territory = np.unique(places["gwno"].to_numpy(), return_inverse=True)
    of = np.eye(int(territory.max()) + 1)[territory]
    size = of.sum(0)
    rows = []
    for one, other in combinations(range(len(TECHNOLOGIES)), 2):
        both = (has[one] * has[other]).sum(1)
        chance = ((has[one] @ of) * (has[other] @ of) / size).sum(1)
        low, high = np.quantile(both, LEVELS)
        rows.append(
            {
                "one": TECHNOLOGIES[one],
                "other": TECHNOLOGIES[other],
                "users_one": float(has[one].sum(1).mean()),
                "users_other": float(has[other].sum(1).mean()),
                "both": float(both.mean()),
                "low": float(low),
                "high": float(high),
                "independent": float(chance.mean()),
            }
        )
    return pl.DataFrame(rows)


def technology_synchrony(tables: Tables, *, seed: int) -> pl.DataFrame:
    """Tell whether two classes, or two domains, are used in the same quarters.

    It is the correlation of log(1 + uses) by quarter, within territories. Beside it stand worlds
    with independent seasons: in each territory the years of one of the two are moved round by a
    chance number, so that each keeps its own season and its own course, and no year matches.

    Args:
        tables: `adoption_quarters`.
        seed: start of all random numbers; the same seed gives the same bits.

    Returns:
        The table `technology_synchrony`, without `source`: a row for each two classes, and each two
        domains, that are both used `FEWEST_USES` times or more in a territory with at least
        `FEWEST_YEARS` years. As there are
        several rows, what counts is `p_holm`.
    """
    quarters = tables["adoption_quarters"]
    if quarters.is_empty():
        return pl.DataFrame()
    random = np.random.default_rng(seed)
    of_domain = quarters.with_columns(pl.col("technology").replace_strict(DOMAINS))
    rows: list[dict[str, Any]] = []
    for kind, frame in (("class", quarters), ("domain", of_domain)):
        names = frame["technology"].unique().sort().to_list()
        series = _series(frame, names)
        for one, other in combinations(range(len(names)), 2):
            pairs = [
                (rows_[one], rows_[other])
                for rows_ in series
                if _is_used(rows_[one]) and _is_used(rows_[other])
            ]
            if pairs:
                pair = {"kind": kind, "one": names[one], "other": names[other]}
                rows.append(pair | _beside_independent(pairs, random))
    if not rows:
        return pl.DataFrame()
    adjusted = adjust_p([row["p"] for row in rows])
    return pl.DataFrame(rows).with_columns(pl.Series("p_holm", adjusted))


def adjust_p(values: Sequence[float]) -> list[float]:
    """Adjust p-values for there being several, whichever way they hang together.

    Args:
        values: p-values of m tests.

    Returns:
        The adjusted p-values, in the same order: to call those up to 0.05 shown is wrong about any
        of them in 5 % of the cases at most.

    Source: Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian
    Journal of Statistics 6.

    >>> adjust_p([0.01, 0.5, 0.02])
    [0.03, 0.5, 0.04]
    """
    order = np.argsort(values, kind="stable")
    factor = len(order) - np.arange(len(order))
    raised = np.maximum.accumulate(np.asarray(values, dtype=np.float64)[order] * factor)
    out = np.empty(len(order))
    out[order] = np.minimum(raised, 1.0)
    return [float(one) for one in out]


def _is_used(series: Floats) -> bool:
    """Whether there are uses enough, and not the same in every quarter, to have a season."""
    return bool(np.expm1(series).sum() >= FEWEST_USES and series.std() > 0)


def _series(frame: pl.DataFrame, names: list[str]) -> list[Floats]:
    """By territory log(1 + uses) of whole years, each of shape (names, quarters)."""
    found = []
    for _, mine in frame.sort("gwno").group_by("gwno", maintain_order=True):
        used = mine.filter(pl.col("expected") > 0)
        if used.is_empty():
            continue
        years = used["quarter"].dt.year()
        first, last = int(years.min()), int(years.max())  # type: ignore[arg-type]
        if last - first + 1 < FEWEST_YEARS:
            continue
        out = np.zeros((len(names), (last - first + 1) * QUARTERS))
        place = used.select(
            pl.col("technology"),
            ((pl.col("quarter").dt.year() - first) * QUARTERS + pl.col("quarter").dt.quarter() - 1)
            .alias("at"),
            "expected",
        )  # fmt: skip
        for name, at, expected in place.iter_rows():
            out[names.index(name), at] += expected
        found.append(np.log1p(out))
    return found


def _beside_independent(
    pairs: list[tuple[Floats, Floats]], random: np.random.Generator
) -> dict[str, Any]:
    correlation = _correlate_within(pairs)
    made = []
    for _ in range(SHIFTED):
        moved = []
        for one, other in pairs:
            years = len(one) // QUARTERS
            moved.append((one, np.roll(other, QUARTERS * int(random.integers(years)))))
        made.append(_correlate_within(moved))
    low, high = np.quantile(made, LEVELS)
    beaten = sum(value >= correlation - 1e-12 for value in made)
    return {
        "territories": len(pairs),
        "quarters": sum(len(one) for one, _ in pairs),
        "correlation": correlation,
        "independent": float(np.mean(made)),
        "independent_low": float(low),
        "independent_high": float(high),
        "p": (1 + beaten) / (1 + SHIFTED),
    }


def _correlate_within(pairs: list[tuple[Floats, Floats]]) -> float:
    """Correlation within territories: of what is left after each territory's mean."""
    one, other = (
        np.concatenate([pair[side] - pair[side].mean() for pair in pairs]) for side in (0, 1)
    )
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return float(np.clip(one @ other / size, -1.0, 1.0)) if size > 0 else 0.0
