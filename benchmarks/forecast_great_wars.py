"""Less memory in great wars, the candidate of decision 168: near months, totals and courses.

Example: python benchmarks/forecast_great_wars.py FOLDER 14 2009-10 2016-10
         python benchmarks/forecast_great_wars.py FOLDER 36 1995-10 2014-10 12

FOLDER keeps the sums of each origin, so that a run that was stopped goes on. The numbers are how
many months are forecast, and every which month is an origin (1). No month after December 2017 is
read, whatever is asked. Compared are the forecaster without a season and the same with the
candidate, with the same networks and the same random numbers, over units whose war is not small:
for all others the two are the same. Printed is for each span of months and for totals, for each
course and each class of level: CRPS and CRPS of log1p as a share of what it was, in how many
origins and of which countries it is less or more; how often the truth was at or below the median,
and within intervals of 80 and 90 %; the sum of medians and of what came.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np
from forecast_members import greatness, history_before_2018

from tocsin.anticipate.data.history import month
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.evaluation.courses import COURSES, courses
from tocsin.anticipate.evaluation.scores import crps
from tocsin.anticipate.issue.forecast import forecast
from tocsin.anticipate.models import pool
from tocsin.anticipate.models.fading import latest_past, measure_towering
from tocsin.anticipate.models.mixture import GRID, quantiles
from tocsin.anticipate.models.network import distributions, fit
from tocsin.anticipate.models.record.quiet import quiet_units

DRAWS, SEED, MANY = 400, 1, 300
Way = tuple[tuple[float, float], float, float]
WAYS: tuple[Way, ...] = (((0.6, 0.6), 0.6, 0.0), ((0.5, 0.7), 0.4, 0.2))
"""Before and now. Of great wars: shares of own history 3 and 14 months ahead, its share where
they fade, and how much of it halves in a month."""
MONTHS = {"months 1 and 2": slice(0, 2), "3 to 14": slice(2, 14), "15 to 36": slice(14, 36)}
TOTALS = {"total of 3": 3, "total of 12": 12}
SPANS = (*MONTHS, *TOTALS)
STATS = 8
"""CRPS, CRPS of log1p, truths at or below the median, in the interval of 80 %, in that of 90 %;
their number; the sums of medians and of truths."""


def main(folder: Path, horizon: int, first: date, last: date, step: int = 1) -> None:
    """Print one row for each span and group."""
    history = history_before_2018()
    folder.mkdir(parents=True, exist_ok=True)
    asked = [one for one in history.months[:-1] if first <= one <= last][::step]
    found = []
    for origin in asked:
        kept = folder / f"{origin:%Y-%m}-{horizon}.npz"
        if not kept.exists():
            np.savez_compressed(kept, **_sums(history, *_not_small(history.upto(origin), horizon)))
        with np.load(kept) as held:
            found.append(dict(held))
    _print_rows(found, horizon)


def _not_small(known: Panel, horizon: int) -> tuple[Panel, Matrix, Matrix]:
    """The units whose level is above that of small wars, or that once had a great month.

    With them come what the networks, fitted to all, and the record say of them, (n, H, V), (n, V).
    """
    below, fitted = distributions(known, horizon), fit(known, horizon)
    if below is None or fitted is None:
        raise SystemExit("Too little is known.")
    those = pool.war_level(known.deaths) > pool.LEVELS[0]
    those |= np.nan_to_num(known.deaths).max(axis=1) > 1000
    rows = np.flatnonzero(those & ~quiet_units(known.deaths))
    names = tuple(known.territories[i] for i in rows)
    numbers = tuple(known.gwnos[i] for i in rows)
    part = Panel(numbers, names, known.months, known.target, known.deaths[rows])
    return part, below[rows], fitted.record.above(part.deaths)


def _sums(history: Panel, known: Panel, said: Matrix, above: Matrix) -> dict[str, Matrix]:
    """Sums by span, way, unit and statistic, and which groups each unit is in."""
    horizon = said.shape[1]
    place = {gwno: i for i, gwno in enumerate(history.gwnos)}
    units, start = [place[gwno] for gwno in known.gwnos], len(known.months)
    truth = np.full((len(units), horizon), np.nan)
    came = history.deaths[units, start : start + horizon]
    truth[:, : came.shape[1]] = came
    sums = np.zeros((len(SPANS), len(WAYS), len(units), STATS))
    for at, way in enumerate(WAYS):
        below = np.maximum(_mix(known.deaths, said, way), 1 - above[:, None])
        draws = _draws(known, below)
        for name, span in MONTHS.items():
            if span.start < horizon:
                sums[SPANS.index(name), at] = _statistics(draws[:, span], truth[:, span])
        for name, width in TOTALS.items():
            both = draws[:, :width].sum(1, keepdims=True), truth[:, :width].sum(1, keepdims=True)
            sums[SPANS.index(name), at] = _statistics(*both)
    past = known.deaths[:, -12:]
    peak = np.stack([past[:, at : at + 3].sum(axis=1) for at in range(8)]).max(axis=0)
    fallen = (peak >= MANY) & (past[:, -2:].sum(axis=1) / 2 <= peak / 30)
    level = pool.war_level(known.deaths)
    return {
        "sums": sums,
        "course": courses(known.deaths),
        "level": level,
        "fallen": fallen,
        "name": np.array(known.territories),
    }


def _mix(deaths: Matrix, said: Matrix, way: Way) -> Matrix:
    """P(Y ≤ v) by the pool, put together in this way, without a season, shape (n, H, V)."""
    ends, fades, fast = way
    level = pool.war_level(deaths)
    great = greatness(level)
    ahead = np.interp(np.arange(1, said.shape[1] + 1), (3, 14), ends)
    shares = np.where((courses(deaths) == "fading")[:, None], fades, ahead)
    mine = pool.OWN + (shares - pool.OWN) * great[:, None]
    (small, blur), (far, narrow) = zip(pool.HALF_LIVES, pool.BLURS, strict=True)
    both = latest_past(deaths, GRID, lives=np.array([small, 1.0]), blur=blur, lowered=True)
    own = latest_past(deaths, GRID, lives=np.array([far]), blur=narrow, lowered=True)
    own = own + (both[:, 1:] - own) * fast
    own = both[:, :1] + (own - both[:, :1]) * great[:, None, None]
    over, _ = measure_towering(deaths)
    learnt = (1 - mine) / np.minimum(over[:, -pool.SEASON :].max(axis=1), pool.HALVED)[:, None]
    pooled = learnt[:, :, None] * said + (1 - learnt[:, :, None]) * own
    return pool.raise_rare(pool.recalibrate(pooled, level))


def _draws(known: Panel, below: Matrix) -> Matrix:
    """Draws whose months hang together as those of `tocsin forecast` do, shape (N, H, S)."""
    horizon = below.shape[1]

    def model(*_: object, **__: object) -> Matrix:
        return quantiles(below.reshape(-1, len(GRID)), DRAWS).reshape(*below.shape[:2], DRAWS)

    _, table = forecast(known, "pool", model, horizon=horizon, draws=DRAWS, seed=SEED)
    found = np.full((len(known.gwnos), horizon, DRAWS), np.nan)
    place = {gwno: i for i, gwno in enumerate(known.gwnos)}
    months = {month: i for i, month in enumerate(table["month"].unique().sort().to_list())}
    for gwno, when, draws in table.select("gwno", "month", "draws").iter_rows():
        found[place[gwno], months[when]] = draws
    return np.where(np.isnan(found), 0.0, found)


def _statistics(draws: Matrix, truth: Matrix) -> Matrix:
    low, lower, middle, upper, high = np.quantile(draws, (0.05, 0.1, 0.5, 0.9, 0.95), axis=-1)
    known = ~np.isnan(truth)
    each = [
        crps(draws, truth),
        crps(np.log1p(draws), np.log1p(truth)),
        (truth <= middle) & known,
        (lower <= truth) & (truth <= upper) & known,
        (low <= truth) & (truth <= high) & known,
        known,
        np.where(known, middle, 0.0),
        truth,
    ]
    return np.stack([np.nansum(one, axis=1) for one in each], axis=-1)


def _print_rows(found: list[dict[str, Matrix]], horizon: int) -> None:
    groups = {
        "all": lambda one: one["level"] > pool.LEVELS[0],
        "10 to 100": lambda one: (one["level"] > pool.LEVELS[0]) & (one["level"] < pool.LEVELS[1]),
        "100 and more": lambda one: one["level"] >= pool.LEVELS[1],
        **{
            name: lambda one, name=name: (one["course"] == name) & (one["level"] > pool.LEVELS[0])
            for name in COURSES
        },
        "after a fall": lambda one: one["fallen"],
    }
    print(f"{len(found)} origins, {horizon} months; share of what it was (origins, countries: "
          "less:more); at or below the median, in 80 %, 90 % (both); medians; came")  # fmt: skip
    for place, span in enumerate(SPANS):
        for group, within in groups.items():
            each = [one["sums"][place][:, within(one)] for one in found]
            names = np.concatenate([one["name"][within(one)] for one in found])
            _print_row(f"{span}, {group}", each, names)


def _print_row(name: str, each: list[Matrix], names: Matrix) -> None:
    origins, units = np.stack([one.sum(1) for one in each]), np.concatenate(each, axis=1)
    total = origins.sum(0)
    if not total[0, 5]:
        return
    countries = np.stack([units[:, names == one].sum(1) for one in np.unique(names)])
    told = []
    for k in (0, 1):
        share = total[1, k] / total[0, k]
        votes = [
            f"{(one[:, 1, k] < one[:, 0, k]).sum()}:{(one[:, 1, k] > one[:, 0, k]).sum()}"
            for one in (origins, countries)
        ]
        told.append(f"{share:.4f} ({', '.join(votes)})")
    rates = [", ".join(f"{one[k] / one[5]:.3f}" for one in total) for k in (2, 3, 4)]
    sums = f"{total[0, 6]:,.0f}, {total[1, 6]:,.0f}; {total[0, 7]:,.0f}"
    print(f"{name}: {total[0, 5]:,.0f} cases; {'; '.join((*told, *rates, sums))}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 5:
        raise SystemExit(__doc__)
    where, ahead, first, last, *step = sys.argv[1:]
    main(Path(where), int(ahead), month(first), month(last), *(int(word) for word in step))
