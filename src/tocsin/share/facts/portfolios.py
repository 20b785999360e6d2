"""Portfolios, what they change in the same futures, and how the model fits the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose

import polars as pl

from tocsin.schema.settings import Settings
from tocsin.schema.vocabulary.lever import LABELS
from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.facts.words import Facts, Tables

LITTLE = 0.01
"""A share below this is told as less than 1 %: at least 0 % would say nothing."""

YEAR = 12
HALF = 0.5
"""An order is shown where the bound of a share of futures lies above it."""
SAME = 1e-3
"""Futures that are played beside others differ in the last digits of their numbers only."""
ADDED_UP = ("deaths", "displaced")
"""Outcomes that are added up over territories."""
MOST = 0.5
"""A territory with so large a share of a difference carries it."""
ONE_WAY = 0.9
"""Differences that add up to a smaller part of their sum without signs go both ways."""
OUTCOME_LABELS = {
    "deaths": "Deaths",
    "displaced": "People displaced",
    "service_lost": "Essential services lost",
    "capability": "Technology in armed hands",
    "grievance": "Grievance",
    "legitimacy_lost": "Legitimacy lost",
    "escalation": "Escalation",
    "trade_lost": "Lawful trade lost",
}


def portfolios(tables: Tables) -> list[Facts]:
    """List what each portfolio consists of and costs, the cheapest first.

    Args:
        tables: all tables of the workspace, by name.

    Returns:
        A row for each portfolio: its name, its `cost` in cost units a year (full effort on one
        lever is one), and its `levers` with an effort above 0, the greatest effort first.
    """
    found = []
    for (name,), part in tables["portfolio_levers"].group_by("portfolio", maintain_order=True):
        levers = part.filter(pl.col("effort") > 0).sort("effort", "lever", descending=[True, False])
        found.append(
            {
                "portfolio": name,
                "cost": float(part["cost"].sum()),
                "levers": [
                    {"lever": lever, "label": LABELS[lever], "effort": effort}
                    for lever, effort in levers.select("lever", "effort").iter_rows()
                ],
            }
        )
    return sorted(found, key=lambda row: (row["cost"], row["portfolio"]))


def outcomes(tables: Tables) -> list[Facts]:
    """List each outcome of the region under each portfolio.

    Args:
        tables: all tables of the workspace, by name.

    Returns:
        Rows of `portfolio, outcome, label, unit, n_futures`, and `mean, low, median, high` over
        futures (low and high bound the 90 % interval), in the unit, and `p_1000`, the share of
        futures with 1,000 deaths or more (None of other outcomes), and `judgement`, the share of
        the variance that rests on it.
    """
    region = tables["outcomes"].filter(pl.col("territory") == "region")
    columns = (
        "portfolio", "outcome", "unit", "n_futures", "mean", "low", "median", "high", "p_1000",
        "judgement",
    )  # fmt: skip
    return [
        {**row, "label": OUTCOME_LABELS.get(row["outcome"], row["outcome"])}
        for row in region.sort("outcome", "portfolio").select(columns).to_dicts()
    ]


def comparisons(tables: Tables, risk: Sequence[Facts] = ()) -> list[Facts]:
    """List the differences between two portfolios in the same futures.

    Args:
        tables: all tables of the workspace, by name.
        risk: the territories with their risk, as `risks` lists them.

    Returns:
        Rows of `portfolio, against, outcome, label, unit, n_futures`, the difference as `mean,
        low, median, high` (low and high bound the 90 % interval), `p_better` (share of futures in
        which the first is better), `p_better_low` (its bound, since so few futures were played),
        `p_better_2` and `p_better_4` (the least that priors of that density ratio make of the
        bound), `flips_at`, `judgement` (share of the difference's variance that rests on it),
        `base`, the mean of the outcome under the second, and `driver`, as `driver` gives it.
    """
    base = {
        (row["portfolio"], row["outcome"]): row["mean"]
        for row in tables["outcomes"].filter(pl.col("territory") == "region").to_dicts()
    }
    columns = (
        "portfolio", "against", "outcome", "unit", "n_futures", "mean", "low", "median", "high",
        "p_better", "p_better_low", "p_better_2", "p_better_4", "flips_at", "judgement",
    )  # fmt: skip
    rows = tables["comparisons"].sort("against", "portfolio", "outcome").select(columns).to_dicts()
    return [
        {
            **row,
            "label": OUTCOME_LABELS.get(row["outcome"], row["outcome"]),
            "base": base.get((row["against"], row["outcome"]), 0.0),
            "driver": driver(tables, row["portfolio"], row["against"], row["outcome"], risk),
        }
        for row in rows
    ]


def driver(
    tables: Tables, portfolio: str, against: str, outcome: str, risk: Sequence[Facts] = ()
) -> Facts | None:
    """Find the territory in which most of a difference lies.

    Args:
        tables: at least `outcomes`.
        portfolio: the first portfolio.
        against: the second.
        outcome: one that is added up over territories; of others there is none.
        risk: the territories with their risk, as `risks` lists them.

    Returns:
        `territory`, the one with the largest difference; whether it `carries` the whole: its
        difference has the sign of the whole, and is at least `MOST` of all territories' taken
        without their signs; its `share` of the whole, at most 1 (if it carries nothing, of the sum
        without signs); its `change`; `rest`, the difference of all others together; whether it is
        the `only` one; whether territories go `both_ways`, so that a share of the sum without
        signs is none of the whole; and `risk`, its row there (None if it has none). None where
        there is no difference.
    """
    if outcome not in ADDED_UP:
        return None
    means = tables["outcomes"].filter(
        pl.col("outcome") == outcome, pl.col("territory") != "region"
    ).pivot(on="portfolio", index="territory", values="mean", sort_columns=False)  # fmt: skip
    if means.is_empty() or not {portfolio, against} <= set(means.columns):
        return None
    parts = means.select("territory", change=pl.col(portfolio) - pl.col(against))
    whole = float(parts["change"].abs().sum())
    if not whole > 0:
        return None
    largest = parts.sort(pl.col("change").abs(), "territory", descending=[True, False])
    name, change = largest.row(0)
    rest = float(largest["change"][1:].sum())
    carries = abs(change) >= MOST * whole and change * (change + rest) > 0
    return {
        "territory": name,
        "carries": carries,
        "share": min(1.0, change / (change + rest)) if carries else abs(change) / whole,
        "change": change,
        "rest": rest,
        "both_ways": abs(change + rest) < ONE_WAY * whole,
        "only": parts.height == 1,
        "risk": next((one for one in risk if one["territory"] == name), None),
    }


def parts(tables: Tables) -> list[Facts]:
    """List what each lever of portfolios adds to them, and what a late start costs.

    Args:
        tables: `portfolio_parts`, `comparisons` and `portfolio_levers`.

    Returns:
        A row for each portfolio whose parts were played in the futures of its comparison:
        `portfolio`, `n_futures`, `whole` (deaths that the status quo has more) and `summed` (those
        that the variants without one lever have more, added up), and `rows`. Each of these has
        `lever` (None: all begin later), `months` by which it begins later, `saved` (cost units a
        year), `crosses` (a limit), of deaths `mean, low, high, p_worse, p_worse_low`, and `order`:
        'more', 'fewer' or '' as it is shown to have more or fewer of them in most futures, or
        neither; and in `worse` and `better` those of the `others` (how many outcomes there are
        beside deaths) that are shown so in most futures. Levers
        come by their means, the greatest first. Parts of another plan than the one that is compared
        are left out.
    """
    found: list[Facts] = []
    table = tables.get("portfolio_parts")
    if table is None:
        return found
    for (name,), every in table.group_by("portfolio", maintain_order=True):
        rows = every.to_dicts()
        if not _is_of_plan(str(name), rows, tables):
            continue
        variants = [
            _part([row for row in rows if row["variant"] == variant])
            for variant in dict.fromkeys(row["variant"] for row in rows)
        ]
        whole, told = variants[0], variants[1:]
        alone = [row for row in told if row["lever"]]
        alone.sort(key=lambda row: -row["mean"])
        found.append(
            {
                "portfolio": name,
                "n_futures": rows[0]["n_futures"],
                "whole": whole["mean"],
                "summed": sum(row["mean"] for row in alone),
                "rows": [*alone, *(row for row in told if not row["lever"])],
            }
        )
    return found


def _is_of_plan(name: str, rows: Sequence[Facts], tables: Tables) -> bool:
    """Were parts played in the plan's futures? Then the status quo is as far from the whole."""
    plan = {
        row["outcome"]: row
        for row in tables["comparisons"].filter(
            pl.col("portfolio") == name, pl.col("against") == STATUS_QUO
        ).to_dicts()
    }  # fmt: skip
    costs = dict(tables["portfolio_levers"].group_by("portfolio").agg(pl.col("cost").sum()).rows())
    base = {row["outcome"]: row for row in rows if row["variant"] == STATUS_QUO}
    if not plan or set(plan) != set(base) or STATUS_QUO not in costs:
        return False

    def agrees(row: Facts, then: Facts) -> bool:
        near = SAME * (then["high"] - then["low"])
        return row["n_futures"] == then["n_futures"] and all(
            isclose(row[end], -then[other], rel_tol=SAME, abs_tol=near + 1e-9)
            for end, other in (("mean", "mean"), ("low", "high"), ("high", "low"))
        )

    saved = costs[STATUS_QUO] - costs.get(name, 0.0)
    paid = isclose(next(iter(base.values()))["extra_cost"], saved, abs_tol=1e-9)
    return paid and all(agrees(row, plan[outcome]) for outcome, row in base.items())


def _part(rows: Sequence[Facts]) -> Facts:
    """One variant: its deaths, and in which outcomes it is shown to be worse or better."""
    deaths = next(row for row in rows if row["outcome"] == "deaths")
    sides = {"worse": "p_worse_low", "better": "p_better_low"}
    shown = {
        side: [row["outcome"] for row in rows if row[low] > HALF and row["mean"] != 0]
        for side, low in sides.items()
    }
    order = "more" if "deaths" in shown["worse"] else ""
    order = "fewer" if "deaths" in shown["better"] else order
    kept = ("lever", "months", "crosses", "mean", "low", "high", "p_worse", "p_worse_low")
    return (
        {name: deaths[name] for name in kept}
        | {side: [one for one in names if one != "deaths"] for side, names in shown.items()}
        | {"saved": -deaths["extra_cost"], "order": order, "others": len(rows) - 1}
    )


def first_year(tables: Tables, settings: Settings) -> Facts | None:
    """Compare the deaths of the first year in the forecast and in the model's status quo.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region and the target are used.

    Returns:
        Both as means, in deaths of the whole region; None if no future was simulated.
    """
    path = tables["outcome_paths"].filter(
        pl.col("portfolio") == STATUS_QUO, pl.col("outcome") == "deaths", pl.col("step") < YEAR
    )
    if path.is_empty():
        return None
    forecast = tables["forecasts"].filter(
        pl.col("horizon") <= YEAR, pl.col("gwno").is_in(settings.region.gwnos)
    )
    return {"model": float(path["mean"].sum()), "forecast": float(forecast["mean"].sum())}
