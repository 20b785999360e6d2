"""The forecaster from every month before 2018: in which windows and kinds of course it loses.

Example: python benchmarks/forecast_origins.py 1995-10 2016-10
A part: python benchmarks/forecast_origins.py 2009-10 2016-10 7

The two months are the first and the last origin, of which each so many-th is taken (1). No month
after December 2017 is read, whatever is asked. From each origin 14 months are forecast. Scored are
those from 3 to 14 months ahead, as in the challenge, and those from 1 to 12, as an office reads
them. Printed are, for the forecaster as it is and as it was before decision 129, the scores as
shares of the best benchmark of each window: their mean and worst, how many windows are above 1,
1.1 and 1.2, and the means by month of the year; then the windows with the greatest shares and the
countries that carry them; then CRPS by kind of course, each as a share of the last twelve months'.
The countries' kinds are told by what was known at the origin.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import date

import numpy as np

from tocsin.anticipate.data.history import history_of, month
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.evaluation.scores import crps
from tocsin.anticipate.models import fading, pool
from tocsin.anticipate.models.benchmarks import BENCHMARKS
from tocsin.observe import example_files, read_table

LAST, HORIZON, DRAWS = date(2017, 12, 1), 14, 300
REFERENCE = "last twelve months"
BEFORE, NOW = "before", "now"
WAYS = {BEFORE: (0.5, (0.7, 0.55), np.inf), NOW: (pool.OWN, pool.BLURS, fading.MANY)}
"""Share of own history, blurs, and the least deaths of a month that towers."""
SPANS = {"3 to 14": slice(2, 14), "1 to 12": slice(0, 12)}
Scores = dict[str, Matrix]


def main(first: str, last: str, step: int = 1) -> None:
    """Print all tables."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    history = history_of(read_table(path).rows, "ged_sb").upto(LAST)
    asked = [one for one in history.months[:-12] if month(first) <= one <= month(last)][::step]
    found = {origin: _scores(history, origin) for origin in asked}
    for span, ahead in SPANS.items():
        for log in (0, 1):
            _print_windows(found, span, ahead, log)
    _print_worst(found)
    _print_kinds(found)


def _scores(history: Panel, origin: date) -> tuple[Panel, Scores]:
    """CRPS and CRPS of log1p of each model, shape (2, N, H), NaN where there is no truth."""
    known = history.upto(origin)
    place = {gwno: i for i, gwno in enumerate(history.gwnos)}
    rows, start = [place[gwno] for gwno in known.gwnos], len(known.months)
    truth = np.full((len(rows), HORIZON), np.nan)
    came = history.deaths[rows, start : start + HORIZON]
    truth[:, : came.shape[1]] = came
    said = _networks(known, HORIZON)
    draws = {name: model(known, HORIZON, DRAWS) for name, model in BENCHMARKS.items()}
    for name, (share, blurs, many) in WAYS.items():
        pool.distributions = lambda *_, **__: None if said is None else said.copy()
        pool.BLURS, fading.MANY = blurs, many
        draws[name] = pool.mix(known, HORIZON, DRAWS, share=share)
    scores = {
        name: np.stack([crps(one, truth), crps(np.log1p(one), np.log1p(truth))])
        for name, one in draws.items()
    }
    return known, scores


_networks = pool.distributions


def _shares(scores: Scores, ahead: slice, log: int) -> tuple[str, dict[str, float]]:
    """The best benchmark of a window, and the score of each model as a share of it."""
    means = {name: float(np.nanmean(one[log][:, ahead])) for name, one in scores.items()}
    best = min(BENCHMARKS, key=means.__getitem__)
    return best, {name: mean / means[best] for name, mean in means.items()}


def _print_windows(
    found: dict[date, tuple[Panel, Scores]], span: str, ahead: slice, log: int
) -> None:
    origins = [o for o, (_, one) in found.items() if np.isfinite(one[NOW][0][0, ahead]).all()]
    print(f"months {span}, {'CRPS of log1p' if log else 'CRPS'}, {len(origins)} origins")
    middle = origins[len(origins) // 2]
    for way in WAYS:
        share = np.array([_shares(found[origin][1], ahead, log)[1][way] for origin in origins])
        halves = [share[[(o < middle) == early for o in origins]].mean() for early in (True, False)]
        above = ", ".join(f"{(share > most).sum()}" for most in (1, 1.1, 1.2))
        each = [share[[o.month == m for o in origins]] for m in range(1, 13)]
        monthly = " ".join(f"{one.mean():.3f}" if len(one) else "-" for one in each)
        print(
            f"  {way}: mean {share.mean():.4f} ({halves[0]:.4f} before {middle:%Y-%m}, "
            f"{halves[1]:.4f} from then), worst {share.max():.3f}, above 1, 1.1, 1.2: {above}; "
            f"January to December {monthly}"
        )


def _print_worst(found: dict[date, tuple[Panel, Scores]]) -> None:
    print("greatest shares of CRPS, months 3 to 14, as it is now")
    ahead, rows = SPANS["3 to 14"], []
    for origin, (known, scores) in found.items():
        best, share = _shares(scores, ahead, 0)
        off = np.nansum(scores[NOW][0][:, ahead] - scores[best][0][:, ahead], axis=1)
        off = off / np.nansum(scores[best][0][:, ahead])
        names = [f"{known.territories[i]} {off[i]:+.3f}" for i in np.argsort(-off)[:2]]
        rows.append((share[NOW], f"  {origin:%Y-%m} {share[NOW]:.3f} (before {share[BEFORE]:.3f}) "
                     f"of {best}: {', '.join(names)}"))  # fmt: skip
    print("\n".join(line for _, line in sorted(rows, reverse=True)[:12]))


def _print_kinds(found: dict[date, tuple[Panel, Scores]]) -> None:
    """Sums of CRPS over the country-months of a kind, as shares of the reference's."""
    sums: dict[str, Scores] = defaultdict(dict)
    size: dict[str, list[str]] = defaultdict(list)
    for known, scores in found.values():
        for unit, kind in enumerate(kinds(known.deaths)):
            size[kind].append(known.territories[unit])
            for name, one in scores.items():
                mine = np.nansum(one[:, unit, SPANS["3 to 14"]], axis=-1)
                sums[kind][name] = sums[kind].get(name, np.zeros(2)) + mine
    print("kind: cases (countries), CRPS of", ", ".join(sums["quiet"]), "and CRPS of log1p")
    for kind in sorted(sums):
        shares = np.stack([one / sums[kind][REFERENCE] for one in sums[kind].values()])
        told = "; ".join(" ".join(f"{value:.3f}" for value in column) for column in shares.T)
        print(f"  {kind}: {len(size[kind])} ({len(set(size[kind]))}) {told}")


def kinds(deaths: Matrix) -> list[str]:
    """Name the kind of each unit's last year.

    Great wars have a month of 1,000 deaths and more in the last year, middle ones one of 100. A war
    *ends in a lone peak* if its last month has 2.5 times as many as every other month of the
    year, has *fallen* if its last months have at most a tenth of the greatest; the rest is told by
    the last three months against the year and the last three years.

    Args:
        deaths: deaths a month up to the origin, shape (N, T), NaN where unknown (taken for none).

    Returns:
        A kind for each of the N units.
    """
    found = []
    for row in np.nan_to_num(deaths):
        year, season = row[-12:], row[-3:].mean()
        low = year <= year.max() / 10
        fallen = int(np.argmin(low[::-1])) if not low.all() else 12
        if year.mean() < 1:
            found.append("quiet")
            continue
        size = "great" if year.max() >= 1000 else "middle" if year.max() >= 100 else "small"
        if year[-1] >= 2.5 * max(year[:-1].max(), 1.0):
            course = "ends in a lone peak"
        elif fallen:
            course = f"fallen for {min(fallen, 3)}{' and more' if fallen > 2 else ''}"
        elif season >= max(1.5 * row[-36:].mean(), year.mean()):
            course = "surge"
        else:
            course = "fading" if season <= year.mean() / 1.5 else "steady"
        found.append(f"{size}, {course}")
    return found


if __name__ == "__main__":
    asked = sys.argv[1:3] or ["1995-10", "2016-10"]
    main(asked[0], asked[1], *(int(word) for word in sys.argv[3:4]))
