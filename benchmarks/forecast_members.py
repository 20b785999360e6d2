"""Further members and recalibrations of the forecaster, tried on windows before 2018.

Example: python benchmarks/forecast_members.py keep FOLDER 2010 2017
         python benchmarks/forecast_members.py try FOLDER 2010 2017

The two years are the first and the last window. No month after December 2017 is read, whatever is
asked. `keep` fits the networks of each window and writes what they and the record say into the
folder; files that are there stay, so a run that was stopped goes on. `try` puts each candidate
together from these files. Printed are, for each candidate and score, the mean over windows of the
share of each window's best benchmark, the greatest share, and in how many of the windows it is
better than the forecaster as it is (by chance, in 7 of 8 or more nine times in 256). A candidate
that learns from what came (`by_ranks`) learns from the other windows only.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from tocsin.anticipate.data.features import recent
from tocsin.anticipate.data.history import history_of
from tocsin.anticipate.data.panel import Matrix, Panel, months_between
from tocsin.anticipate.evaluation.backtest import FIRST_AHEAD, LAST_AHEAD
from tocsin.anticipate.evaluation.breakdown import METRICS
from tocsin.anticipate.evaluation.courses import COURSES, courses
from tocsin.anticipate.evaluation.hindcast import origin_before
from tocsin.anticipate.evaluation.scores import crps, ignorance, interval_score
from tocsin.anticipate.models import pool
from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.anticipate.models.empirical import quantile_levels
from tocsin.anticipate.models.fading import latest_past, measure_towering
from tocsin.anticipate.models.mixture import GRID
from tocsin.anticipate.models.network import distributions, fit
from tocsin.anticipate.models.record.quiet import quiet_units
from tocsin.observe import example_files, read_table

LAST = date(2017, 12, 1)
DRAWS = 200
NEAREST, FIRST = 200, 36
"""So many past months of all countries are analogues, from this month of the series on."""
SCALES = (3, 12, 36)
"""Half-lives in months of the levels by which two courses are near each other."""
BINS, SHRINK = 10, 400.0
"""Bins of ranks, and how many even ones are laid to those that came."""


@dataclass(frozen=True)
class Window:
    """This holds what is needed of one window: n units that had a death in ten years.

    `known` and `deaths` are what is known at the origin, all of it and of the n units; `network`
    and `bound` are P(Y ≤ v) by the networks and the least that the record allows, (n, H, V) and
    (n, 1, V); `rest` are the sums of the scores of all other units, and `best` the least means
    of any benchmark, both in the order of `METRICS`; `size` counts units and months of both.
    """

    known: Matrix
    deaths: Matrix
    truth: Matrix
    network: Matrix
    bound: Matrix
    analogues: Matrix
    best: Matrix
    rest: Matrix
    size: int


def history_before_2018() -> Panel:
    """Read the counts by country and month up to the end of 2017, and none after it."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    return history_of(read_table(path).rows, "ged_sb").upto(LAST)


def keep(folder: Path, years: range) -> None:
    """Write the networks' distributions of each window, unless they are there."""
    history = history_before_2018()
    folder.mkdir(parents=True, exist_ok=True)
    for year in years:
        path = folder / f"{year}.npz"
        if path.exists():
            continue
        known = history.upto(origin_before(year))
        below, fitted = distributions(known, LAST_AHEAD), fit(known, LAST_AHEAD)
        if below is None or fitted is None:
            raise SystemExit(f"Too little is known before {year}.")
        np.savez_compressed(path, below=below, bound=1 - fitted.record.above(known.deaths))
        print(f"{year} kept", flush=True)


Candidate = Callable[[Window], Matrix]


def window_of(folder: Path, history: Panel, year: int) -> Window:
    """Read what was kept of one window, and score what all candidates share."""
    with np.load(folder / f"{year}.npz") as held:
        below, bound = held["below"][:, FIRST_AHEAD - 1 :], held["bound"][:, None]
    known = history.upto(origin_before(year))
    start = months_between(history.months[0], known.months[-1]) + FIRST_AHEAD
    place = {gwno: i for i, gwno in enumerate(history.gwnos)}
    units = [place[gwno] for gwno in known.gwnos]
    truth = history.deaths[units, start : start + below.shape[1]]
    loud = ~quiet_units(known.deaths)
    best = np.full(len(METRICS), np.inf)
    for model in BENCHMARKS.values():
        said = model(known, LAST_AHEAD, 1000)[:, FIRST_AHEAD - 1 :]
        best = np.minimum(best, np.nanmean(score(said, truth), axis=(1, 2)))
    rest = np.nansum(score(counts(below[~loud]), truth[~loud]), axis=(1, 2))
    near, size = nearest(known.deaths, np.flatnonzero(loud)), int((~np.isnan(truth)).sum())
    parts = (values[loud] for values in (known.deaths, truth, below, bound))
    return Window(known.deaths, *parts, near, best, rest, size)


def score(draws: Matrix, truth: Matrix) -> Matrix:
    """Compute the four scores, shape (4, n, H); IGN and MIS of the draws repeated to 1,000."""
    size = draws.shape[-1]
    even = draws[..., (np.arange(1000) * size) // 1000]
    logs = crps(np.log1p(draws), np.log1p(truth))
    found = [crps(draws, truth), logs, ignorance(even, truth), interval_score(even, truth)]
    return np.stack(found)


def counts(below: Matrix) -> Matrix:
    """Compute what `mixture.quantiles` does, for all rows at once, shape (n, H, DRAWS)."""
    at, logs = quantile_levels(DRAWS), np.log1p(GRID)
    found = np.empty((*below.shape[:2], DRAWS))
    for place, rows in enumerate(np.maximum.accumulate(below, axis=-1)):
        cell = np.minimum((rows[:, None, :] < at[:, None]).sum(-1), len(GRID) - 1)
        before = np.maximum(cell - 1, 0)
        low = np.where(cell > 0, np.take_along_axis(rows, before, 1), 0.0)
        width = np.maximum(np.take_along_axis(rows, cell, 1) - low, 1e-9)
        start = np.where(cell > 0, logs[before], 0.0)
        share = np.clip((at - low) / width, 0.0, 1.0)
        spread = np.round(np.expm1(start + (logs[cell] - start) * share))
        found[place] = np.where(cell <= 8, GRID[cell], spread)
    return found


def nearest(deaths: Matrix, units: Matrix) -> Matrix:
    """Compute P(Y ≤ v) by what followed the nearest courses, shape (n, H, V).

    Courses are those of all countries in all past months whose next 14 months are known. Two are
    the nearer the less their faded levels of deaths (`SCALES`, on the log scale) and of months
    with deaths (a half-life of a year) differ. What followed is moved by how far the levels are
    apart.
    """
    filled = np.nan_to_num(deaths)
    logs = [np.log1p(recent(deaths, life)) for life in SCALES]
    active = 4 * recent((filled > 0).astype(float), 12)
    state = np.stack([*logs, active], axis=-1)
    last = deaths.shape[1] - 1
    who, when = np.nonzero(logs[2][:, FIRST : last - LAST_AHEAD + 1] > np.log1p(0.05))
    when = when + FIRST
    ahead = np.arange(FIRST_AHEAD, LAST_AHEAD + 1)
    later = np.log1p(filled[who[:, None], when[:, None] + ahead])
    found = np.empty((len(units), len(ahead), len(GRID)))
    steps = np.log1p(GRID + 0.5)
    for row, unit in enumerate(units):
        off = ((state[who, when] - state[unit, last]) ** 2).sum(-1)
        near = np.argpartition(off, NEAREST)[:NEAREST]
        weight = np.exp(-0.5 * off[near] / max(np.median(off[near]), 0.05))
        move = logs[1][unit, last] - logs[1][who[near], when[near]]
        moved = np.where(later[near] > 0, np.maximum(later[near] + move[:, None], np.log(2.0)), 0.0)
        below = moved[:, :, None] <= steps
        found[row] = np.einsum("k,khv->hv", weight / weight.sum(), below.astype(float))
    return found


def own(window: Window) -> Matrix:
    """P(Y ≤ v) by own months as the forecaster has it, shape (n, 1, V)."""
    small, great = (
        latest_past(window.deaths, GRID, lives=np.array([life]), blur=blur, lowered=True)
        for life, blur in zip(pool.HALF_LIVES, pool.BLURS, strict=True)
    )
    return small + (great - small) * greatness(pool.war_level(window.deaths))[:, None, None]


def greatness(level: Matrix) -> Matrix:
    """How far each war is from a small one (0) to a great one (1)."""
    low, high = np.log(pool.LEVELS)
    return np.clip((np.log(np.maximum(level, pool.LEVELS[0])) - low) / (high - low), 0.0, 1.0)


def base(window: Window) -> Matrix:
    """The forecaster as it was before it had a season (decision 192)."""
    return finish(window, pooled(window))


def pooled(window: Window, mine: Matrix | float = pool.OWN, past: Matrix | None = None) -> Matrix:
    """The mixture before it is recalibrated: `mine` is the share of own history, `past` says it."""
    over, _ = measure_towering(window.deaths)
    towers = np.minimum(over[:, -pool.SEASON :].max(axis=1), pool.HALVED)[:, None, None]
    learnt = (1 - mine) / towers
    return learnt * window.network + (1 - learnt) * (own(window) if past is None else past)


def finish(window: Window, below: Matrix) -> Matrix:
    """Recalibrate a mixture and bound it by the record, as the forecaster does."""
    again = pool.raise_rare(pool.recalibrate(below, pool.war_level(window.deaths)))
    return np.maximum(again, window.bound)


def with_analogues(window: Window, small: float, great: float) -> Matrix:
    """The forecaster with a share of the nearest courses in small and in great wars."""
    share = small + (great - small) * greatness(pool.war_level(window.deaths))[:, None, None]
    return finish(window, (1 - share) * pooled(window) + share * window.analogues)


def with_world(window: Window, share: float) -> Matrix:
    """The forecaster with a share of all countries' months of 20 years (boot240)."""
    past = window.known[:, -240:].ravel()
    past = np.sort(past[~np.isnan(past)])
    world = np.searchsorted(past, GRID, side="right") / len(past)
    return finish(window, (1 - share) * pooled(window) + share * world)


def with_own(
    window: Window,
    ends: tuple[float, float] = (pool.OWN, pool.OWN),
    by_course: dict[str, float] | None = None,
    second: tuple[float, float] = (0.0, 1.0),
) -> Matrix:
    """The forecaster with another own history.

    `ends` is its share 3 and 14 months ahead, between them on a line; `by_course` is its share
    in some courses in place of that; `second` is how much of it is a second memory, and in how
    many months the weight of a month halves in that.
    """
    names = courses(window.deaths).tolist()
    mine = np.repeat(np.linspace(*ends, window.network.shape[1])[None], len(names), axis=0)
    for place, name in enumerate(names):
        mine[place] = (by_course or {}).get(name, mine[place])
    share, months = second
    other = latest_past(
        window.deaths, GRID, lives=np.array([months]), blur=pool.BLURS[0], lowered=True
    )
    return finish(
        window, pooled(window, mine[..., None], (1 - share) * own(window) + share * other)
    )


def in_some(window: Window, way: Candidate, where: str) -> Matrix:
    """Put a candidate in force in great or in small wars alone, or in all."""
    great = greatness(pool.war_level(window.deaths))[:, None, None]
    share = {"all": 1.0, "great": great, "small": 1 - great}[where]
    before = base(window)
    return before + share * (way(window) - before)


def with_year(window: Window, shares: dict[str, float], blur: float = 0.3) -> Matrix:
    """The forecaster with a share of the last twelve months, each as likely, in some courses."""
    year = latest_past(window.deaths[:, -12:], GRID, lives=np.array([1e6]), blur=blur)
    mine = np.array([shares.get(course, 0.0) for course in courses(window.deaths).tolist()])
    share = mine[:, None, None]
    return finish(window, (1 - share) * pooled(window) + share * year)


def widened(window: Window, kinds: tuple[str, ...], spread: float) -> Matrix:
    """The forecaster whose ranks in great wars of some courses are stretched or drawn together.

    F above ½ becomes 1 - ½ (2 - 2 F) ^ spread: a `spread` above 1 takes from the upper tail.
    """
    found = base(window)
    here = np.isin(courses(window.deaths), kinds) & (pool.war_level(window.deaths) > pool.LEVELS[1])
    upper = np.clip(2 * found[here] - 1, 0.0, 1.0)
    found[here] = np.where(found[here] > 0.5, 0.5 + 0.5 * (1 - (1 - upper) ** spread), found[here])
    return np.maximum(found, window.bound)


def ranks(window: Window) -> tuple[Matrix, Matrix, Matrix]:
    """Both ends of the rank of what came, shape (n, H), and each unit's class of level."""
    below, at = base(window), np.searchsorted(GRID, np.nan_to_num(window.truth))
    at = np.minimum(at, len(GRID) - 1)[..., None]
    upto = np.take_along_axis(below, at, -1)[..., 0]
    under = np.where(
        at[..., 0] > 0, np.take_along_axis(below, np.maximum(at - 1, 0), -1)[..., 0], 0
    )
    return under, upto, np.digitize(pool.war_level(window.deaths), (1.0, *pool.LEVELS))


def by_ranks(window: Window, others: list[Window], strength: float) -> Matrix:
    """The forecaster recalibrated by the ranks of what came in other windows, by class of level."""
    edges, found = np.linspace(0, 1, BINS + 1), base(window)
    mine = ranks(window)[2]
    seen = [ranks(one) for one in others]
    for kind in range(4):
        came = np.zeros(BINS)
        for under, upto, level in seen:
            low, high = under[level == kind].ravel(), upto[level == kind].ravel()
            width = np.maximum(high - low, 1e-9)
            reach = np.clip((edges[:, None] - low) / width, 0, 1).sum(1)
            came += np.diff(reach)
        even = (came + SHRINK / BINS) / (came.sum() + SHRINK)
        curve = np.interp(found[mine == kind], edges, np.concatenate([[0], np.cumsum(even)]))
        found[mine == kind] += strength * (curve - found[mine == kind])
    return np.maximum(found, window.bound)


LESS_MEMORY: dict[str, Candidate] = {
    "own history 0.5 to 0.7": partial(with_own, ends=(0.5, 0.7)),
    "0.2 of own history fast": partial(with_own, second=(0.2, 1.0)),
    "both": partial(with_own, ends=(0.5, 0.7), second=(0.2, 1.0)),
    "both, and 0.4 where it fades": partial(
        with_own, ends=(0.5, 0.7), by_course={"fading": 0.4}, second=(0.2, 1.0)
    ),
}
CANDIDATES: dict[str, Candidate] = {
    "as it is": base,
    **{
        f"nearest courses {small} in small, {great} in great wars": partial(
            with_analogues, small=small, great=great
        )
        for small, great in ((0.1, 0.0), (0.2, 0.0), (0.4, 0.0), (0.0, 0.1), (0.0, 0.2), (0.2, 0.2))
    },
    **{
        f"all countries' months {share}": partial(with_world, share=share)
        for share in (0.01, 0.03, 0.1)
    },
    "own history 0.8 to 0.4": partial(with_own, ends=(0.8, 0.4)),
    "own history 0.7 to 0.5": partial(with_own, ends=(0.7, 0.5)),
    **{
        f"own history {share} where it is {course}": partial(with_own, by_course={course: share})
        for course in COURSES
        for share in (0.4, 0.8)
    },
    "0.2 of own history slow (24 months)": partial(with_own, second=(0.2, 24.0)),
    **{
        f"{fast} of own history fast (1 month)": partial(with_own, second=(fast, 1.0))
        for fast in (0.1, 0.2, 0.3, 0.4)
    },
    **{
        f"{name}, in {where}": partial(in_some, way=way, where=where)
        for name, way in LESS_MEMORY.items()
        for where in ("all", "great", "small")
    },
    "last twelve months 0.2 in all courses": partial(with_year, shares=dict.fromkeys(COURSES, 0.2)),
    "last twelve months 0.2 in lone peaks": partial(with_year, shares={"lone peak": 0.2}),
    **{
        f"upper half to the power {power} in great wars, {course}": partial(
            widened, kinds=(course,), spread=power
        )
        for course in ("fading", "surge", "steady war")
        for power in (1.2, 0.8)
    },
}
LEARNT = {"ranks of other windows, half": 0.5, "ranks of other windows, whole": 1.0}


def shares(window: Window, below: Matrix) -> Matrix:
    """Compute the mean scores of a candidate as shares of the best benchmark's, shape (4,)."""
    mine = np.nansum(score(counts(below), window.truth), axis=(1, 2))
    return (mine + window.rest) / window.size / window.best


def compare(folder: Path, asked: range) -> None:
    """Print one row a candidate, over all windows that are kept, and one of choosing among them."""
    history = history_before_2018()
    years = [year for year in asked if (folder / f"{year}.npz").exists()]
    windows = [window_of(folder, history, year) for year in years]
    print(f"{years}; candidate: {', '.join(METRICS)}: mean (difference), greatest, better in")
    found = {}
    for name, way in CANDIDATES.items():
        found[name] = np.stack([shares(one, way(one)) for one in windows])
        _print_row(name, found[name], found["as it is"])
    for name, strength in LEARNT.items():
        rest = [[other for other in windows if other is not one] for one in windows]
        pairs = zip(windows, rest, strict=True)
        found[name] = np.stack([shares(one, by_ranks(one, w, strength)) for one, w in pairs])
        _print_row(name, found[name], found["as it is"])
    chosen = []
    for place in range(len(years)):
        others = {n: np.delete(values, place, 0)[:, :2].sum() for n, values in found.items()}
        name = min(others, key=others.__getitem__)
        chosen.append(found[name][place])
        print(f"least CRPS and log1p on windows other than {years[place]}: {name}")
    _print_row("chosen on the other windows", np.stack(chosen), found["as it is"])


def _print_row(name: str, found: Matrix, first: Matrix) -> None:
    off = found - first
    told = [
        f"{found[:, k].mean():.4f} ({off[:, k].mean():+.4f}) {found[:, k].max():.3f} "
        f"{(off[:, k] < 0).sum()}"
        for k in range(len(METRICS))
    ]
    print(f"{name}: " + " | ".join(told), flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in {"keep", "try"}:
        raise SystemExit(__doc__)
    asked = range(int(sys.argv[3]), min(int(sys.argv[4]), LAST.year) + 1)
    {"keep": keep, "try": compare}[sys.argv[1]](Path(sys.argv[2]), asked)
