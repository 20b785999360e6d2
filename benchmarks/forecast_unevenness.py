"""Own history dressed by the war's own unevenness: a candidate, and where the forecaster is weak.

Example: python benchmarks/forecast_unevenness.py FOLDER 1996 2017

The networks are those that `forecast_members.py keep` kept in the FOLDER. No month after December
2017 is read, whatever is asked. Printed are first, for each kind of course and for kinds of small
and great wars, the four scores of the forecaster as shares of the last twelve months', in how many
windows each is above 1, and how often the truth was below and above the interval of 90 %, for units
with a death in ten years. Then the candidate, for some powers: the width by which a past month is
dressed is multiplied by how uneven the war is from month to month, as a share of what wars of its
size were before 1996, to that power, so that a steady war has a narrower forecast. Printed are the
scores as shares of the forecaster's as it is, their means over windows, in how many they are less,
and by course; then what choosing on the other windows gives.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import forecast_members as members
import numpy as np

from tocsin.anticipate.data import seasons
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.evaluation.backtest import FIRST_AHEAD, LAST_AHEAD
from tocsin.anticipate.evaluation.breakdown import METRICS
from tocsin.anticipate.evaluation.courses import COURSES, courses
from tocsin.anticipate.evaluation.hindcast import origin_before
from tocsin.anticipate.models import pool
from tocsin.anticipate.models.baselines import last_twelve
from tocsin.anticipate.models.fading import latest_past
from tocsin.anticipate.models.mixture import GRID, multiply_counts
from tocsin.anticipate.models.record.quiet import quiet_units

OCTOBER, LIFE, PRIOR = 10, 12.0, 12.0
"""Months in which the weight of a past change halves, and how many usual ones are laid to them."""
LEAST, MOST = 0.3, 2.0
SIZES = (1.0, 10.0, 100.0, 500.0)
"""Deaths a month that part the sizes of wars."""
POWERS = (0.25, 0.5, 0.75, 1.0)
WAYS = {
    "as it is": (0.0, 0.0),
    **{f"great wars, {power}": (0.0, power) for power in POWERS},
    **{f"all wars, {power}": (power, power) for power in POWERS},
}
"""The powers for small and for great wars."""


@dataclass(frozen=True)
class Scored:
    """This holds sums over months of each unit's scores, shape (4, n), and what tells units apart.

    `outside` are how often the truth was below and above the interval, shape (2, n), and `known`
    how many months are scored, shape (n,).
    """

    ways: dict[str, Matrix]
    last: Matrix
    outside: Matrix
    known: Matrix
    course: Matrix
    size: Matrix
    whole: dict[str, Matrix]


def main(folder: Path, first: int, last: int) -> None:
    """Print all tables."""
    members.nearest = lambda *_: np.zeros(0)  # Nothing here asks for courses like this one.
    members.BENCHMARKS = {"last twelve months": last_twelve}
    history = members.history_before_2018()
    usual = _usual(history.upto(origin_before(first)))
    print(f"Usual change of log(1 + deaths) in small and in great wars: {usual[0]:.3f}, "
          f"{usual[1]:.3f}")  # fmt: skip
    found = [_scored(folder, history, year, usual) for year in range(first, last + 1)]
    print("kind: units; " + "; ".join(METRICS) + " (windows above 1); below, above the interval")
    kinds = {name: lambda one, name=name: one.course == name for name in COURSES}
    for name in COURSES:
        for size in range(1, len(SIZES) + 1):
            kinds[f"{name}, from {SIZES[size - 1]:g} deaths a month on"] = (
                lambda one, name=name, size=size: (one.course == name) & (one.size == size)
            )
    for name, within in kinds.items():
        _print_kind(name, found, within)
    _print_ways(found)


def unevenness(deaths: Matrix) -> tuple[Matrix, Matrix]:
    """Sum how far each month is from the one before, on the log scale, with weights that fade.

    Args:
        deaths: deaths a month, shape (N, T), NaN where unknown.

    Returns:
        The weighted sums and the sums of the weights, each of shape (N,). Two months without a
        death tell nothing.
    """
    off = np.abs(np.diff(np.log1p(deaths), axis=1))
    some = np.nan_to_num(deaths) > 0
    told = ~np.isnan(off) & (some[:, 1:] | some[:, :-1])
    weight = 0.5 ** (np.arange(off.shape[1])[::-1] / LIFE) * told
    return np.where(told, off * weight, 0.0).sum(axis=1), weight.sum(axis=1)


def _usual(known: Panel) -> tuple[float, float]:
    deaths = known.deaths[~quiet_units(known.deaths)]
    (total, weight), great = unevenness(deaths), members.greatness(pool.war_level(deaths))
    small, large = (float((total * g).sum() / (weight * g).sum()) for g in (1 - great, great))
    return small, large


def _own(deaths: Matrix, usual: tuple[float, float], powers: tuple[float, float]) -> Matrix:
    """P(Y ≤ v) by own months, dressed by the war's own unevenness, shape (n, 1, V)."""
    total, weight = unevenness(deaths)
    great = members.greatness(pool.war_level(deaths))[:, None, None]
    ends = []
    for life, blur, common, power in zip(pool.HALF_LIVES, pool.BLURS, usual, powers, strict=True):
        mine = (total + PRIOR * common) / (weight + PRIOR)
        widths = blur * np.clip((mine / common) ** power, LEAST, MOST)
        rows = [
            latest_past(row[None], GRID, lives=np.array([life]), blur=float(width), lowered=True)
            for row, width in zip(deaths, widths, strict=True)
        ]
        ends.append(np.concatenate(rows))
    return ends[0] + (ends[1] - ends[0]) * great


def _scored(folder: Path, history: Panel, year: int, usual: tuple[float, float]) -> Scored:
    window = members.window_of(folder, history, year)
    known = history.upto(origin_before(year))
    loud = ~quiet_units(known.deaths)
    last = last_twelve(known, LAST_AHEAD, 1000)[loud, FIRST_AHEAD - 1 :]
    ahead = seasons.seasons_ahead(window.deaths, OCTOBER, LAST_AHEAD, life=pool.HALF_LIVES[0])
    ways, whole, outside = {}, {}, np.zeros(0)
    for name, powers in WAYS.items():
        below = members.finish(
            window, members.pooled(window, past=_own(window.deaths, usual, powers))
        )
        below = multiply_counts(below, pool.SEASONAL * ahead[:, FIRST_AHEAD - 1 :])
        drawn = members.counts(np.maximum(below, window.bound))
        ways[name] = np.nansum(members.score(drawn, window.truth), axis=2)
        whole[name] = (ways[name].sum(axis=1) + window.rest) / window.size
        if name == "as it is":
            low, high = np.quantile(drawn, (0.05, 0.95), axis=-1)
            outside = np.stack([(window.truth < low).sum(1), (window.truth > high).sum(1)])
    return Scored(
        ways,
        np.nansum(members.score(last, window.truth), axis=2),
        outside,
        (~np.isnan(window.truth)).sum(axis=1),
        courses(window.deaths),
        np.digitize(pool.war_level(window.deaths), SIZES),
        whole,
    )


def _print_kind(name: str, found: list[Scored], within: object) -> None:
    rows = [within(one) for one in found]  # type: ignore[operator]
    if not sum(row.sum() for row in rows):
        return
    pairs = list(zip(found, rows, strict=True))
    mine = np.stack([one.ways["as it is"][:, row].sum(axis=1) for one, row in pairs])
    last = np.stack([one.last[:, row].sum(axis=1) for one, row in pairs])
    share, lost = mine.sum(axis=0) / last.sum(axis=0), (mine > last).sum(axis=0)
    told = "; ".join(f"{value:.3f} ({n})" for value, n in zip(share, lost, strict=True))
    known = sum(one.known[row].sum() for one, row in pairs)
    low, high = sum(one.outside[:, row].sum(axis=1) for one, row in pairs) / known
    print(f"{name}: {sum(row.sum() for row in rows)}; {told}; {low:.3f}, {high:.3f}")


def _print_ways(found: list[Scored]) -> None:
    shares = {
        name: np.stack([one.whole[name] / one.whole["as it is"] for one in found]) for name in WAYS
    }
    print(
        "share of the forecaster's as it is: " + "; ".join(METRICS) + " (windows less); by course"
    )
    for name, each in shares.items():
        sums = defaultdict(list)
        for course in COURSES:
            for way in (name, "as it is"):
                sums[way].append(
                    sum(one.ways[way][:, one.course == course].sum(axis=1) for one in found)
                )
        by = np.stack(sums[name]) / np.stack(sums["as it is"]) if name != "as it is" else None
        told = (
            ""
            if by is None
            else " | ".join(
                f"{course} " + " ".join(f"{value:.4f}" for value in row)
                for course, row in zip(COURSES, by, strict=True)
            )
        )
        print(f"{name}: {_told(each)} | {told}")
    names = [
        min(shares, key=lambda name, at=at: np.delete(shares[name], at, 0)[:, :2].sum())
        for at in range(len(found))
    ]
    each = np.stack([shares[name][at] for at, name in enumerate(names)])
    print(f"chosen on the other windows ({', '.join(sorted(set(names)))}): {_told(each)}")


def _told(each: Matrix) -> str:
    means, less = each.mean(axis=0), (each < 1).sum(axis=0)
    return "; ".join(f"{value:.4f} ({n})" for value, n in zip(means, less, strict=True))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]), min(int(sys.argv[3]), members.LAST.year))
