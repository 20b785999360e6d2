"""The season of a forecast: how it was chosen, on windows before 2018, and from other months.

Example: python benchmarks/forecast_seasons.py windows FOLDER 1996 2017
         python benchmarks/forecast_seasons.py months 2009-11 2016-10 3

`windows` takes what the networks say from the FOLDER that `benchmarks/forecast_members.py keep`
filled, and prints the four scores of each candidate as `forecast_members.py try` does, and what
choosing on the other windows gives. `months` takes each so many-th month as an origin, fits the
networks of its October, and prints CRPS and CRPS of log1p as a share of the forecaster's without a
season: of months 1 and 2 and 3 to 14 ahead and of totals over 3 and 12 months, by course, for units
with a death in ten years. No month after December 2017 is read, whatever is asked.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import forecast_members as members
import numpy as np
import polars as pl

from tocsin.anticipate.data import seasons
from tocsin.anticipate.data.history import month
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.evaluation.breakdown import METRICS
from tocsin.anticipate.evaluation.courses import COURSES, courses
from tocsin.anticipate.evaluation.scores import crps
from tocsin.anticipate.issue.forecast import forecast
from tocsin.anticipate.models import pool
from tocsin.anticipate.models.mixture import multiply_counts
from tocsin.anticipate.models.record.quiet import quiet_units

if TYPE_CHECKING:
    from collections.abc import Iterator

HORIZON, AHEAD, OCTOBER, DRAWS = 14, slice(2, 14), 10, 400
WAYS: dict[str, dict[str, float]] = {
    "no season": {"SEASONAL": 0.0},
    "as it is": {},
    **{f"share {share}": {"SEASONAL": share} for share in (0.5, 1.0, 1.3)},
    **{f"drawn to all by {years} years": {"COMMON": years} for years in (10.0, 20.0, 80.0, 1e9)},
    "share 1.0, drawn by 20 years": {"SEASONAL": 1.0, "COMMON": 20.0},
    **{f"{years} years": {"YEARS": years} for years in (10, 30)},
    "from 3 deaths a month on": {"LEAST": 3.0},
    "no farther than 1": {"FARTHEST": 1.0},
    "memory of 8 months": {"LIFE": 8.0},
}
SPANS = {"months 1 and 2": slice(0, 2), "3 to 14": AHEAD}


@contextmanager
def put_in_force(way: dict[str, float]) -> Iterator[float]:
    """Set the constants of one candidate; gives the half-life of what the latest months hold."""
    places: list[Any] = [pool if hasattr(pool, name) else seasons for name in way]
    before = [getattr(place, name, None) for place, name in zip(places, way, strict=True)]
    for place, (name, value) in zip(places, way.items(), strict=True):
        setattr(place, name, value)
    yield way.get("LIFE", pool.HALF_LIVES[0])
    for place, name, value in zip(places, way, before, strict=True):
        if value is None:
            delattr(place, name)
        else:
            setattr(place, name, value)


def compare_windows(folder: Path, first: int, last: int) -> None:
    """Print one row a candidate, over the windows that are kept, and one of choosing among them."""
    members.nearest = lambda *_: np.zeros(0)  # Nothing here asks for courses like this one.
    history = members.history_before_2018()
    years = [year for year in range(first, last + 1) if (folder / f"{year}.npz").exists()]
    found: dict[str, list[Matrix]] = defaultdict(list)
    for year in years:
        window = members.window_of(folder, history, year)
        below = members.base(window)
        for name, way in WAYS.items():
            with put_in_force(way) as life:
                ahead = seasons.seasons_ahead(window.deaths, OCTOBER, HORIZON, life=life)[:, AHEAD]
                moved = multiply_counts(below, pool.SEASONAL * ahead)
            found[name].append(members.shares(window, np.maximum(moved, window.bound)))
    rows = {name: np.stack(each) for name, each in found.items()}
    print(f"{years}; candidate: {', '.join(METRICS)}: mean (difference), greatest, better in")
    for name, each in rows.items():
        members._print_row(name, each, rows["no season"])
    chosen = []
    for place in range(len(years)):
        name = min(rows, key=lambda name: np.delete(rows[name], place, 0)[:, :2].sum())
        chosen.append(rows[name][place])
        print(f"least CRPS and log1p on windows other than {years[place]}: {name}")
    members._print_row("chosen on the other windows", np.stack(chosen), rows["no season"])


def compare_months(first: str, last: str, step: int = 1) -> None:
    """Print one row for each span, and for each course in it."""
    history = members.history_before_2018()
    asked = [one for one in history.months[:-1] if month(first) <= one <= month(last)][::step]
    ways = ("no season", "as it is")
    sums: dict[tuple[str, str], list[Matrix]] = defaultdict(list)
    for origin in asked:
        known = history.upto(origin)
        loud = ~quiet_units(known.deaths)
        course = courses(known.deaths[loud])
        truth = read_truth(history, known)[loud]
        scores = []
        for name in ways:
            with put_in_force(WAYS[name]):
                scores.append(_scores(draw_months(known)[loud], truth))
        for span in scores[0]:
            each = np.stack([one[span] for one in scores])
            for kind in ("all", *COURSES):
                those = course == kind if kind != "all" else np.full(len(course), True)
                sums[span, kind].append(np.nansum(each[:, those], axis=1))
    print(f"{len(asked)} origins; share of what it is without a season: CRPS, in how many it is "
          "less, more; log1p, the same; truth at or below the median; in 80 % (both)")  # fmt: skip
    for (span, kind), rows in sums.items():
        _print_shares(f"{span}, {kind}", np.stack(rows))


def read_truth(history: Panel, known: Panel, *, horizon: int = HORIZON) -> Matrix:
    """The deaths of the months after what is known, shape (N, H); NaN where none are told."""
    place = {gwno: i for i, gwno in enumerate(history.gwnos)}
    units, start = [place[gwno] for gwno in known.gwnos], len(known.months)
    found = np.full((len(units), horizon), np.nan)
    came = history.deaths[units, start : start + horizon]
    found[:, : came.shape[1]] = came
    return found


def draw_months(known: Panel, model: Any = pool.pool, *, horizon: int = HORIZON) -> Matrix:
    """Draws whose months hang together as those of `tocsin forecast` do, shape (N, H, S)."""
    _, table = forecast(known, "pool", model, horizon=horizon, draws=DRAWS, seed=1)
    found = np.zeros((len(known.gwnos), horizon, DRAWS))
    place = {gwno: i for i, gwno in enumerate(known.gwnos)}
    months = {one: i for i, one in enumerate(table["month"].unique().sort().to_list())}
    for gwno, one, draws in table.select(pl.col("gwno", "month", "draws")).iter_rows():
        found[place[gwno], months[one]] = draws
    return found


def _scores(draws: Matrix, truth: Matrix) -> dict[str, Matrix]:
    """CRPS, that of log1p, truths at or below the median and in 80 %, and their number, (N, 5)."""
    spans = {name: (draws[:, span], truth[:, span]) for name, span in SPANS.items()}
    for width in (3, 12):
        spans[f"total of {width}"] = (
            draws[:, :width].sum(1, keepdims=True),
            truth[:, :width].sum(1, keepdims=True),
        )
    found = {}
    for name, (said, came) in spans.items():
        low, middle, high = np.quantile(said, (0.1, 0.5, 0.9), axis=-1)
        known = ~np.isnan(came)
        logs = crps(np.log1p(said), np.log1p(came))
        within = (low <= came) & (came <= high) & known
        each = [crps(said, came), logs, (came <= middle) & known, within, known]
        found[name] = np.stack([np.nansum(one, axis=1) for one in each], axis=-1)
    return found


def _print_shares(name: str, rows: Matrix) -> None:
    total = rows.sum(axis=0)
    told = []
    for k in (0, 1):
        less, more = ((rows[:, 1, k] - rows[:, 0, k]) * sign > 0 for sign in (-1, 1))
        told.append(f"{total[1, k] / total[0, k]:.4f} ({less.sum()}, {more.sum()})")
    rates = [", ".join(f"{one[k] / one[4]:.3f}" for one in total) for k in (2, 3)]
    print(f"{name}: {total[0, 4]:,.0f}; {'; '.join((*told, *rates))}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in {"windows", "months"}:
        raise SystemExit(__doc__)
    asked = sys.argv[2:]
    if sys.argv[1] == "windows":
        compare_windows(Path(asked[0]), int(asked[1]), int(asked[2]))
    else:
        compare_months(asked[0], asked[1], *(int(word) for word in asked[2:]))
