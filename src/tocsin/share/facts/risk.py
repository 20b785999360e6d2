"""Where to look first: each territory of the region, and its forecast beside its history.

One number has one meaning: where an alert rule speaks of the very same event, with a record, the
list shows the rule's probability, which is corrected by how earlier ones turned out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tocsin.schema.settings import Settings
from tocsin.schema.tables.anticipated.forecast import SERIOUS
from tocsin.share.facts.reported import all_violence, last_known
from tocsin.share.facts.words import Facts, Tables, likelihood

MONTHS_AHEAD = 3
EVENT = f"at least {SERIOUS} deaths within {MONTHS_AHEAD} months"
"""How a rule's sentence begins that speaks of the same event."""
FAR = 3
"""So many times what is recorded now is far above it."""
MANY = 300
"""Deaths in a year from which a fall is the fall of a war, and no quiet month of a quiet year."""
FALLEN = "fallen"
"""What is said of a territory whose war may just have ended."""
HISTORY = 36
"""Months of the past that a fan chart shows."""


def risks(tables: Tables, settings: Settings) -> list[Facts]:
    """List the territories of the region with their risk, the one most at risk first.

    Args:
        tables: all tables of the workspace, by name.
        settings: the settings, of which the region and the target are used.

    Returns:
        A row for each territory with a forecast: `gwno, territory`; the `probability` of serious
        violence in the next three months, whether it is `corrected` by a rule's record, the share
        `drawn` of the forecast's draws, and its `word`; the deaths in these months as `mean,
        median, low, high` (90 % interval); and deaths of the past: `last_1`, `last_3`, `last_12`
        (months) and `year_before_3` (the same three months a year before); `all_3`, the deaths of
        all organised violence in the last three months, of which these are a part (None where they
        are not known); and `far`, what `far_from_now` says of it. Without a forecast the list is
        empty.
    """
    if tables["forecasts"].is_empty():
        return []
    origin: Any = tables["forecasts"]["origin"].max()
    soon = tables["forecast_draws"].filter(
        pl.col("gwno").is_in(settings.region.gwnos)
        & (pl.col("month").rank("dense").over("gwno") <= MONTHS_AHEAD)
    )
    recent = _recent(tables["series"], settings.target, origin)
    every = all_violence(tables, settings.target, origin)
    corrected = _recorded_probability(tables)
    rows = []
    for (gwno, territory), part in soon.group_by("gwno", "territory"):
        total = np.array(part.sort("month")["draws"].to_list()).sum(axis=0)
        low, median, high = np.quantile(total, [0.05, 0.5, 0.95])
        drawn = float((total >= SERIOUS).mean())
        probability = corrected.get(int(gwno), drawn)
        rows.append(
            {
                "gwno": gwno,
                "territory": territory,
                "probability": probability,
                "corrected": gwno in corrected,
                "drawn": drawn,
                "word": likelihood(probability),
                "mean": float(total.mean()),
                "median": float(median),
                "low": float(low),
                "high": float(high),
                **recent.get(
                    gwno, dict.fromkeys(("last_1", "last_3", "last_12", "year_before_3"), 0)
                ),
            }
        )
        rows[-1]["all_3"] = every.get(int(gwno))
        rows[-1]["far"] = far_from_now(rows[-1])
    return sorted(rows, key=lambda row: (-row["probability"], -row["mean"], row["gwno"]))


def far_from_now(row: Facts) -> str:
    """Tell whether the middle of a forecast is far above what is recorded now.

    A reader who sees no fighting, and a median of thousands, must be told why.

    Args:
        row: a territory, with `median`, `last_1`, `last_3` and `last_12`.

    Returns:
        'fallen' where many deaths (`MANY` a year) have fallen to a tenth in the last month, and the
        median of three months is `FAR` times three such months; 'far_above' where it is else more
        than `FAR` times the last three months; '' elsewhere, and where the median is not serious.

    >>> far_from_now({"median": 16_070, "last_1": 4, "last_3": 140_202, "last_12": 163_208})
    'fallen'
    >>> far_from_now({"median": 90, "last_1": 30, "last_3": 80, "last_12": 300})
    ''
    """
    if row["median"] < SERIOUS:
        return ""
    fallen = row["last_12"] >= MANY and row["last_1"] <= row["last_12"] / 12 / 10
    if fallen and row["median"] > FAR * 3 * row["last_1"]:
        return FALLEN
    return "far_above" if row["median"] > FAR * row["last_3"] else ""


def _recent(series: pl.DataFrame, target: str, origin: Any) -> dict[Any, dict[str, int]]:
    """Deaths of the latest 3 and 12 months, and of the same 3 months a year before."""
    past = series.filter(pl.col("target") == target, pl.col("month") <= origin)
    found = {}
    for (gwno,), part in past.group_by("gwno"):
        deaths = part.sort("month")["deaths"].to_list()
        found[gwno] = {
            "last_1": sum(deaths[-1:]),
            "last_3": sum(deaths[-3:]),
            "last_12": sum(deaths[-12:]),
            "year_before_3": sum(deaths[-15:-12]),
        }
    return found


def _recorded_probability(tables: Tables) -> dict[int, float]:
    """Probability by territory of the first rule with a record that speaks of `EVENT`."""
    origin = tables["forecasts"]["origin"].max()
    same = tables["alert_rules"].filter(
        pl.col("kind") == "deaths", "proven", pl.col("sentence").str.starts_with(EVENT)
    )
    if same.is_empty():
        return {}
    stand = tables["alerts"].filter(pl.col("rule") == same["rule"][0], pl.col("origin") == origin)
    return dict(stand.select("gwno", "probability").iter_rows())


def ahead(tables: Tables) -> Facts:
    """Say which months the first page is about.

    Args:
        tables: all tables of the workspace, by name.

    Returns:
        `origin`, the last month that is known; `first` and `last` of the three months after it,
        None without a forecast. All are first days of months.
    """
    if tables["forecasts"].is_empty():
        return {"origin": last_known(tables), "first": None, "last": None}
    months = tables["forecasts"]["month"].unique().sort()
    origin: Any = tables["forecasts"]["origin"].max()
    return {"origin": origin, "first": months[0], "last": months[:MONTHS_AHEAD][-1]}


def groups(settings: Settings, risk: list[Facts]) -> list[Facts]:
    """List the sub-regions, with those of their territories that have a forecast.

    Args:
        settings: the settings, of which the region is used.
        risk: the territories, from `risks`.

    Returns:
        A row for each sub-region: its `name`, and the `gwnos` of these territories.
    """
    known = {row["gwno"] for row in risk}
    return [
        {"name": name, "gwnos": [number for number in gwnos if number in known]}
        for name, gwnos in settings.region.territories.items()
    ]


def with_other_violence(risk: list[Facts]) -> list[Facts]:
    """List the territories where much more violence is recorded than what is forecast.

    Args:
        risk: the territories, from `risks`.

    Returns:
        Those of `risk` where the last three months had `SERIOUS` deaths or more in organised
        violence of other kinds, the most first.
    """
    found = [row for row in risk if (row.get("all_3") or 0) - row["last_3"] >= SERIOUS]
    return sorted(found, key=lambda row: (row["last_3"] - row["all_3"], row["gwno"]))


HALF = 0.5
"""Deaths a month under which a forecast is drawn as nought."""


def fan(tables: Tables, row: Facts) -> Facts:
    """Give the history of one territory and its forecast, month by month.

    Args:
        tables: all tables of the workspace, by name.
        row: the territory, one of `risks`.

    Returns:
        `gwno, territory`, the `history` (rows of `month, deaths`, the latest `HISTORY` months) and
        the `forecast` (rows of `month, mean, p05, p25, p50, p75, p95`), in deaths a month.
    """
    here = tables["forecasts"].filter(pl.col("gwno") == row["gwno"]).sort("month")
    target, origin = here["target"][0], here["origin"][0]
    past = tables["series"].filter(
        pl.col("gwno") == row["gwno"], pl.col("target") == target, pl.col("month") <= origin
    )
    return {
        "gwno": row["gwno"],
        "territory": row["territory"],
        "history": past.sort("month").tail(HISTORY).select("month", "deaths").to_dicts(),
        "forecast": here.select("month", "mean", "p05", "p25", "p50", "p75", "p95").to_dicts(),
    }


def is_still(drawn: Facts) -> bool:
    """Tell whether nothing would be seen in a fan chart: no death before, and none in the interval.

    Args:
        drawn: what `fan` gives.
    """
    ahead = all(row["p95"] < HALF for row in drawn["forecast"])
    return ahead and not any(row["deaths"] for row in drawn["history"])
