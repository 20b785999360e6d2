"""Why a forecast is what it is: what moved it, and what followed when the world looked alike.

Two answers that hold for any model of the registry, because neither looks inside it.
*What moved it*: a part of the history is replaced and the forecast made again; the change is
what that part did (leaving groups out, as in Covert, Lundberg and Lee 2021, Explaining by
removing, JMLR 22). The parts are not independent and need not add up.
*Analogues*: the months in all countries whose last year and whose neighbours' last year were
most like these, and what followed (after Chadefaux 2022, A shape-based approach to conflict
forecasting, International Interactions 48).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from tocsin.anticipate.data.features import borders
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.models.baselines import DEFAULT_SEED, Model, predict
from tocsin.base.display.quantity import quantity
from tocsin.base.moved import old_parameters
from tocsin.errors import UsageError
from tocsin.schema.tables.anticipated.forecast import SERIOUS

YEAR = 12
NEAREST = 10
NEIGHBOURS_WEIGHT = 0.5
"""Weight of the neighbours' year in the distance, the country's own being 1."""


@old_parameters(ahead="horizon")
def explain(
    history: Panel,
    country: str,
    model: Model,
    *,
    horizon: int = 3,
    draws: int = 1000,
    seed: int = DEFAULT_SEED,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Forecast one country for one month, say what moved the forecast, and find its analogues.

    Args:
        history: the counts that are known at the origin.
        country: the country's name in the history.
        model: the model that forecasts.
        horizon: how many months after the origin the month lies that is explained.
        draws: how many draws each forecast has.
        seed: start of the model's random numbers.
        progress: this function is called with a sentence that says what is being done.

    Returns:
        A dict. `country, origin, ahead` say what is explained; `forecast` summarises the forecast
        and `past` the last year in numbers (deaths). `moved_by` is a list, the largest first, with
        a `part` of what is known, what it was `replaced_by`, the `forecast` then, and what the part
        adds: `difference` in the mean and `difference_any` in the chance of a death. `analogues` is
        a list of country, last month, deaths in its year, and deaths that followed in the same
        number of months; `followed` summarises these. `words` says all of it in sentences.

    Raises:
        UsageError: there is no such country in the history.
    """
    if country not in history.territories:
        raise UsageError(
            f"'{country}' is not in the history.", remedy="Write it as it stands in the file."
        )
    unit = history.territories.index(country)
    say = progress or (lambda _words: None)
    say(f"forecasting {country}")
    now = _summary(predict(model, history, horizon, draws, seed=seed)[unit, horizon - 1])
    moved: list[dict[str, Any]] = []
    for part, replaced_by, changed in _without(history, unit):
        say(f"forecasting {country} without {part}")
        then = _summary(predict(model, changed, horizon, draws, seed=seed)[unit, horizon - 1])
        moved.append(
            {
                "part": part,
                "replaced_by": replaced_by,
                "forecast": then,
                "difference": now["mean"] - then["mean"],
                "difference_any": now["p_any"] - then["p_any"],
            }
        )
    moved.sort(key=lambda row: -abs(row["difference"]))
    alike = analogues(history, unit, horizon=horizon)
    found: dict[str, Any] = {
        "country": country,
        "origin": f"{history.months[-1]:%Y-%m}",
        "ahead": horizon,
        "forecast": now,
        "past": _past(history.deaths[unit]),
        "moved_by": moved,
        "analogues": alike,
        "followed": _what_followed(alike),
    }
    return found | {"words": sentences(found)}


@old_parameters(ahead="horizon")
def analogues(
    history: Panel, unit: int, *, horizon: int, nearest: int = NEAREST
) -> list[dict[str, Any]]:
    """Find the country-months most like the latest one of a unit, whose following months are known.

    The distance is the root mean square difference of log(1 + deaths) over the last twelve months,
    plus half of that of the mean of the neighbours' log(1 + deaths). Months of one country that are
    taken lie at least a year apart; of equally near ones the later is taken first.

    Args:
        history: counts of N units in T months.
        unit: the row of the unit in the history.
        horizon: how many following months must be known.
        nearest: how many country-months are found at most.

    Returns:
        A dict for each, the nearest first: `country`, `month` (its last, as 2021-10), `distance`,
        `year` (deaths in its twelve months), `followed` (deaths in the `horizon` months after) and
        `month_ahead` (deaths in the last of these). The list is empty if the history is too short.
    """
    logs = np.log1p(history.deaths)
    border = borders(history)
    around = border @ np.nan_to_num(logs) / np.maximum(border.sum(1), 1)[:, None]
    width = logs.shape[1]
    if width < YEAR + horizon:
        return []
    own, near = _years(logs), _years(around)
    apart = np.sqrt(((own - own[unit, -1]) ** 2).mean(-1))
    apart += NEIGHBOURS_WEIGHT * np.sqrt(((near - near[unit, -1]) ** 2).mean(-1))
    apart = apart[:, : width - YEAR + 1 - horizon]
    after = np.stack(
        [history.deaths[:, YEAR + h : width - horizon + 1 + h] for h in range(horizon)]
    )
    apart = np.where(np.isnan(after).any(axis=0), np.nan, apart)
    apart[unit, max(apart.shape[1] - YEAR + horizon, 0) :] = np.nan
    rows: list[dict[str, Any]] = []
    taken: set[tuple[int, int]] = set()
    later = -np.broadcast_to(np.arange(apart.shape[1]), apart.shape)
    for place in np.lexsort((later.ravel(), apart.ravel())):
        i, t = divmod(int(place), apart.shape[1])
        if np.isnan(apart[i, t]) or len(rows) == nearest:
            break
        if any((i, t + step) in taken for step in range(-YEAR + 1, YEAR)):
            continue
        taken.add((i, t))
        end = t + YEAR
        rows.append(
            {
                "country": history.territories[i],
                "month": f"{history.months[end - 1]:%Y-%m}",
                "distance": float(apart[i, t]),
                "year": float(history.deaths[i, t:end].sum()),
                "followed": float(history.deaths[i, end : end + horizon].sum()),
                "month_ahead": float(history.deaths[i, end + horizon - 1]),
            }
        )
    return rows


def sentences(found: dict[str, Any]) -> list[str]:
    """Write an explanation in whole sentences.

    Args:
        found: an explanation, as `explain` gives it.

    Returns:
        The sentences, in the order in which they should be read.
    """
    now, past = found["forecast"], found["past"]
    said = [
        f"{found['country']}, {quantity(found['ahead'], 'month')} after {found['origin']}: "
        f"{now['mean']:.1f} deaths expected, 90% interval {now['p05']:.0f} to {now['p95']:.0f}; "
        f"chance of any {now['p_any']:.0%}, of {SERIOUS} or more {now['p_25']:.0%}.",
        f"In the last year {past['year']:.0f} deaths were recorded, {past['quarter']:.0f} of them "
        f"in the last three months.",
    ]
    for row in found["moved_by"]:
        if abs(row["difference"]) < 0.05 and abs(row["difference_any"]) < 0.005:
            continue
        way = "up" if row["difference"] > 0 else "down"
        part = row["part"][0].upper() + row["part"][1:]
        said.append(
            f"{part}: the mean goes {way} by {abs(row['difference']):.1f}, "
            f"the chance of any death by {round(100 * row['difference_any']) + 0:+d} points "
            f"(against {row['replaced_by']})."
        )
    if len(said) == 2:
        said.append("No part of the history that was tried moves it.")
    after = found["followed"]
    if after:
        said.append(
            f"In the {after['n']} past cases most alike, a median of {after['median']:.0f} deaths "
            f"({after['low']:.0f} to {after['high']:.0f}) followed in "
            f"{quantity(found['ahead'], 'month')}; "
            f"deaths followed in {after['any']} of them."
        )
    return said


def _without(history: Panel, unit: int) -> Iterator[tuple[str, str, Panel]]:
    """Each part of the history in words, what stands in its place, and the history so changed."""
    deaths = history.deaths
    border = borders(history)[unit] > 0
    quarter = deaths.copy()
    before = deaths[unit, -YEAR:-3]
    if before.size and not np.isnan(before).all():
        quarter[unit, -3:] = np.round(np.nanmedian(before))
        yield "its last three months", "the median of the nine before", _with(history, quarter)
    older = deaths.copy()
    older[unit, :-YEAR] = np.nan
    if older.shape[1] > YEAR and not np.isnan(deaths[unit, :-YEAR]).all():
        yield "its history before the last year", "nothing known", _with(history, older)
    others = np.ones(len(deaths), bool)
    others[unit] = False
    groups = {
        "its neighbours' last year": border,
        "the rest of the world's last year": others & ~border,
    }
    for i in np.flatnonzero(border):
        groups[f"{history.territories[i]}'s last year"] = np.arange(len(deaths)) == i
    for part, units in groups.items():
        recent = deaths[units, -YEAR:]
        if np.nansum(recent) > 0:
            quiet = deaths.copy()
            quiet[units, -YEAR:] = np.where(np.isnan(recent), np.nan, 0.0)
            yield part, "a year without deaths there", _with(history, quiet)


def _with(history: Panel, deaths: Matrix) -> Panel:
    return replace(history, deaths=deaths, taught_by=history)


def _years(values: Matrix) -> Matrix:
    return np.lib.stride_tricks.sliding_window_view(values, YEAR, axis=1)


def _summary(draws: Matrix) -> dict[str, float]:
    p05, p50, p95 = np.quantile(draws, [0.05, 0.5, 0.95])
    return {
        "mean": float(draws.mean()),
        "p05": float(p05),
        "p50": float(p50),
        "p95": float(p95),
        "p_any": float((draws >= 1).mean()),
        "p_25": float((draws >= SERIOUS).mean()),
    }


def _past(row: Matrix) -> dict[str, float]:
    some = np.flatnonzero(np.nan_to_num(row) > 0)
    return {
        "year": float(np.nansum(row[-YEAR:])),
        "quarter": float(np.nansum(row[-3:])),
        "months_since_death": float(len(row) - 1 - some[-1]) if some.size else float(len(row)),
    }


def _what_followed(alike: list[dict[str, Any]]) -> dict[str, float]:
    if not alike:
        return {}
    after = np.array([row["followed"] for row in alike])
    return {
        "n": len(alike),
        "any": int((after > 0).sum()),
        "median": float(np.median(after)),
        "low": float(after.min()),
        "high": float(after.max()),
    }
