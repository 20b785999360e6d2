"""What the page on portfolios says, as plain values from tables."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import NormalDist

import polars as pl

from tocsin.base.display.bounds import round_bound
from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.facts.portfolios import OUTCOME_LABELS
from tocsin.share.facts.words import Facts, write_minus

Tables = Mapping[str, pl.DataFrame]
COST = "cost"
MOST_BARS = 10
"""Parameters that a tornado shows."""
DOUBTS = ("better", "better_low", "better_2", "better_4", "flips_at", "judgement")
"""What is said of how sure a difference is."""
BRIEF = {"capability": "Technology held", "service_lost": "Services lost"}
"""Labels that fit beside a heat map on a phone."""


def label_of(outcome: str) -> str:
    """Give what people read of an outcome.

    >>> label_of("deaths"), label_of("cost"), label_of("new_outcome")
    ('Deaths', 'Cost', 'New outcome')
    """
    plain = outcome.replace("_", " ").capitalize()
    return "Cost" if outcome == COST else OUTCOME_LABELS.get(outcome, plain)


def short(value: float) -> str:
    """Write a number that is not exceeded in few signs, for a cell of a chart.

    >>> short(33_349.0), short(1_530_000.0), short(6.84), short(0.0179), short(-51.2), short(0.0)
    ('34k', '1.6M', '6.9', '0.018', '−51', '0')
    """
    for size, sign in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{_two(value / size)}{sign}"
    return _two(value)


def _two(value: float) -> str:
    """Two digits, rounded up, without a power of ten."""
    return write_minus(f"{round_bound(value, most=True):g}")


def trade_offs(tables: Tables) -> list[Facts]:
    """List what each portfolio changes against the status quo, and what it costs.

    Args:
        tables: at least `comparisons` and `portfolio_levers`.

    Returns:
        Rows of `portfolio, outcome, label, unit, mean, low, high` (paired differences and their
        90 % interval over futures; the status quo's are 0) and `better`, the share of futures in
        which it does better, with its bound (`better_low`), the least that priors of density ratio
        2 and 4 make of that (`better_2`, `better_4`), the ratio at which the order turns
        (`flips_at`) and the share of the spread that rests on judgement (`judgement`). The cost
        has no interval and none of these.
    """
    paired = tables["comparisons"].filter(pl.col("against") == STATUS_QUO)
    rows: list[Facts] = []
    for outcome, unit in paired.select("outcome", "unit").unique(maintain_order=True).rows():
        rows.append(_row(STATUS_QUO, outcome, unit, (0.0, 0.0, 0.0)))
    for row in paired.to_dicts():
        told = _row(
            row["portfolio"], row["outcome"], row["unit"], (row["mean"], row["low"], row["high"])
        )
        rows.append(
            told | {"better": row["p_better"]}
            | {f"better_{end}": row.get(f"p_better_{end}") for end in ("low", "2", "4")}
            | {name: row.get(name) for name in ("flips_at", "judgement")}
        )  # fmt: skip
    costs = (
        tables["portfolio_levers"]
        .group_by("portfolio", maintain_order=True)
        .agg(pl.col("cost").sum())
    )
    for name, cost in costs.iter_rows():
        rows.append(_row(name, COST, "cost units a year", (cost, cost, cost)))
    return rows


def _row(portfolio: str, outcome: str, unit: str, values: tuple[float, float, float]) -> Facts:
    """One row of the trade-offs, without shares."""
    mean, low, high = values
    return {
        "portfolio": portfolio, "outcome": outcome, "label": label_of(outcome), "unit": unit,
        "mean": mean, "low": low, "high": high, **dict.fromkeys(DOUBTS),
    }  # fmt: skip


def levers(tables: Tables) -> list[Facts]:
    """List what each portfolio does, its greatest effort first, and what it costs.

    Args:
        tables: at least `portfolio_levers`.

    Returns:
        Rows of `portfolio, cost, levers` (pairs of a lever's name and its effort).
    """
    found = []
    for (name,), part in tables["portfolio_levers"].group_by("portfolio", maintain_order=True):
        some = part.filter(pl.col("effort") > 0).sort("effort", "lever", descending=[True, False])
        told = list(some.select("lever", "effort").iter_rows())
        found.append({"portfolio": name, "cost": float(part["cost"].sum()), "levers": told})
    return found


def regrets(tables: Tables) -> list[Facts]:
    """List regret by portfolio and outcome, for a heat map.

    Args:
        tables: at least `regrets`.

    Returns:
        Rows of `portfolio, label, unit, mean, p90, greatest, good_enough`, `text` (the 90th
        percentile in few signs), and `shade`: it as a share of the greatest one of any portfolio
        in that outcome.
    """
    table = tables["regrets"]
    worst = dict(table.group_by("outcome").agg(pl.col("p90").max()).iter_rows())
    return [
        {**row, "label": BRIEF.get(row["outcome"], label_of(row["outcome"])),
         "text": short(row["p90"]),
         "shade": row["p90"] / worst[row["outcome"]] if worst[row["outcome"]] else 0.0}
        for row in table.to_dicts()
    ]  # fmt: skip


def swings(tables: Tables, outcome: str = "deaths") -> dict[str, list[Facts]]:
    """List the parameters that move a portfolio's difference to the status quo the most.

    Args:
        tables: at least `parameter_swings`.
        outcome: the outcome whose difference is told.

    Returns:
        For each portfolio at most `MOST_BARS` rows of `parameter, basis, low, high, mean, unit`,
        the widest first, of those swings that are more than chance makes: as many parameters are
        looked at, the swing must be so many standard errors that one of them in twenty tables
        would reach it by chance (Bonferroni).
    """
    some = tables["parameter_swings"].filter(
        pl.col("outcome") == outcome, pl.col("against") == STATUS_QUO
    )
    found: dict[str, list[Facts]] = {}
    for (name,), part in some.group_by("portfolio", maintain_order=True):
        beyond = NormalDist().inv_cdf(1 - 0.05 / (2 * part.height))
        wide = part.with_columns(width=(pl.col("high") - pl.col("low")).abs())
        ordered = wide.filter(pl.col("width") > beyond * pl.col("error")).sort(
            "width", "parameter", descending=[True, False]
        )
        found[str(name)] = ordered.head(MOST_BARS).to_dicts()
    return found


def boxes(tables: Tables) -> list[Facts]:
    """List under which conditions portfolios fail.

    Args:
        tables: `failures`, a row a portfolio (`portfolio, against, outcome, share, looked_at,
            headline`), and
            `failure_boxes`, a row a limit of a box.

    Returns:
        For each portfolio its row of `failures` and its `boxes`: the share of its failures that
        lie in it (`coverage`), the share of its futures that fail (`density`), its share of all
        futures (`mass`), and `limits` with the place of each limit within the prior, in per cent.
    """
    found = []
    limits = tables["failure_boxes"]
    for row in tables["failures"].to_dicts():
        mine = limits.filter(pl.col("portfolio") == row["portfolio"])
        told = []
        for _, part in mine.group_by("box", maintain_order=True):
            first = part.row(0, named=True)
            told.append(
                {name: first[name] for name in ("coverage", "density", "mass")}
                | {"limits": [_limit(one) for one in part.to_dicts()]}
            )
        found.append({**row, "boxes": told})
    return found


def _limit(row: Facts) -> Facts:
    """One limit, and where it lies within the prior, in per cent."""
    first, last = row["prior_low"], row["prior_high"]
    low = first if row["low"] is None else row["low"]
    high = last if row["high"] is None else row["high"]
    span = (last - first) or 1.0
    return {
        **{name: row[name] for name in ("parameter", "low", "high", "unit")},
        "left": 100 * (low - first) / span,
        "width": 100 * (high - low) / span,
    }
