"""Twice as many networks, and a course that follows the neighbours': two candidates.

Example: python benchmarks/forecast_networks.py keep FOLDER 1996 2017
         python benchmarks/forecast_networks.py try FOLDER 1996 2017

No month after December 2017 is read, whatever is asked. `keep` fits sixteen networks for each
window and keeps what all of them, the first eight and the last eight say. `try` prints the four
scores of each way as shares of the forecaster's as it is (the mean of both eights; where neighbours
are followed, the first eight): their means over windows, in how many windows they are less, and the
greatest share.

1. The first and the last eight. How far they are apart is what the seed of the networks decides.
2. All sixteen. An average of more networks errs less, and cannot score worse than they do in the
   mean, since the score is convex; how much that is worth here is what is asked.
3. Counts are multiplied by how far the neighbours' deaths have risen above their own year, on the
   log scale, to a power: own history, six tenths of the pool, knows nothing of neighbours.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import forecast_members as members
import numpy as np

from tocsin.anticipate.data import seasons
from tocsin.anticipate.data.features import borders, recent
from tocsin.anticipate.data.panel import Matrix, Panel
from tocsin.anticipate.evaluation.backtest import FIRST_AHEAD, LAST_AHEAD
from tocsin.anticipate.evaluation.breakdown import METRICS
from tocsin.anticipate.evaluation.courses import courses
from tocsin.anticipate.evaluation.hindcast import origin_before
from tocsin.anticipate.models import network, pool
from tocsin.anticipate.models.baselines import last_twelve
from tocsin.anticipate.models.mixture import multiply_counts
from tocsin.anticipate.models.record.quiet import quiet_units

ALL, HALF, OCTOBER = 16, 8, 10
PARTS = {"sixteen": slice(0, ALL), "first eight": slice(0, HALF), "last eight": slice(HALF, ALL)}
POWERS = (-0.1, 0.1, 0.2, 0.3)
"""Powers of the neighbours' rise. The negative one shows whether a sign is found at all."""
MOST = 1.5
"""No rise or fall of neighbours counts for more than this, on the log scale."""


@dataclass(frozen=True)
class Around:
    """This holds the neighbours' rise of each unit, shape (n,), and each unit's kind of course."""

    rise: Matrix
    course: Matrix


def main(verb: str, folder: Path, years: range) -> None:
    """Keep the networks of all windows, or print the tables."""
    history = members.history_before_2018()
    if verb == "keep":
        for year in years:
            keep(folder, history.upto(origin_before(year)), year)
        return
    members.nearest = lambda *_: np.zeros(0)  # Nothing here asks for courses like this one.
    members.BENCHMARKS = {"last twelve months": last_twelve}
    found: dict[str, list[Matrix]] = {}
    for year in years:
        for name, scores in of_window(folder, history, year).items():
            found.setdefault(name, []).append(scores)
        print(f"{year} scored", flush=True)
    each = {name: np.stack(scores) for name, scores in found.items()}
    first = (each["first eight"] + each["last eight"]) / 2
    print(
        f"{len(years)} windows; share of the forecaster's: {', '.join(METRICS)} (less in), greatest"
    )
    eight, beside = each["first eight"], {}
    for name, scores in each.items():
        _print_row(name, scores / (eight if "neighbours" in name else first))
        if "neighbours" in name and "-" not in name:
            beside[name] = scores / eight
    chosen = []
    for at in range(len(years)):
        others = {n: np.delete(v, at, 0)[:, :2].sum() for n, v in beside.items()}
        chosen.append(beside[min(others, key=others.__getitem__)][at])
    _print_row("neighbours, chosen on the other windows", np.stack(chosen))


def keep(folder: Path, known: Panel, year: int) -> None:
    """Fit sixteen networks to what is known, and write what each part of them says."""
    if all((folder / part / f"{year}.npz").exists() for part in PARTS):
        return
    network.NETWORKS, fit = ALL, network.fit
    fitted = fit(known, LAST_AHEAD)
    if fitted is None:
        raise SystemExit(f"Too little is known before {year}.")
    for part, rows in PARTS.items():
        layers = tuple(tuple(np.asarray(own)[rows] for own in layer) for layer in fitted.weights)
        some = network.Fitted(layers, fitted.centre, fitted.spread, fitted.record, fitted.quiet)
        network.fit = lambda *_, some=some, **__: some  # What is asked of a part of the networks.
        below = network.distributions(known, LAST_AHEAD)
        (folder / part).mkdir(parents=True, exist_ok=True)
        bound = 1 - fitted.record.above(known.deaths)
        np.savez_compressed(folder / part / f"{year}.npz", below=below, bound=bound)
    network.fit = fit
    print(f"{year} kept", flush=True)


def of_window(folder: Path, history: Panel, year: int) -> dict[str, Matrix]:
    """Compute the mean scores of each way in one window, shape (4,)."""
    known = history.upto(origin_before(year))
    around = Around(rise_around(known), np.array([]))
    found = {}
    for part in PARTS:
        window = members.window_of(folder / part, history, year)
        around = Around(around.rise, courses(window.deaths))
        found[part] = _scores(window, around, 0.0)
        if part != "first eight":
            continue
        for power in POWERS:
            for where in ("all", "surge") if power > 0 else ("all",):
                name = f"neighbours, {where}, {power}"
                found[name] = _scores(window, around, power, where)
    return found


def rise_around(known: Panel) -> Matrix:
    """Say how far the neighbours' deaths have risen above their year, shape (n,), log scale.

    Sums are over all neighbours. Units without a death in ten years have no row.
    """
    border, deaths = borders(known), np.nan_to_num(known.deaths)
    beside = border @ deaths
    season, year = (np.log1p(recent(beside, life)[:, -1]) for life in (3, 12))
    return np.clip(season - year, -MOST, MOST)[~quiet_units(known.deaths)]


def _scores(window: members.Window, around: Around, power: float, where: str = "all") -> Matrix:
    ahead = seasons.seasons_ahead(window.deaths, OCTOBER, LAST_AHEAD, life=pool.HALF_LIVES[0])
    here = np.ones(len(around.rise)) if where == "all" else around.course == where
    logs = pool.SEASONAL * ahead[:, FIRST_AHEAD - 1 :] + (power * around.rise * here)[:, None]
    below = multiply_counts(members.finish(window, members.pooled(window)), logs)
    drawn = members.counts(np.maximum(below, window.bound))
    mine = np.nansum(members.score(drawn, window.truth), axis=(1, 2))
    return (mine + window.rest) / window.size


def _print_row(name: str, share: Matrix) -> None:
    means, less, most = share.mean(axis=0), (share < 1).sum(axis=0), share.max(axis=0)
    told = (f"{m:.4f} ({n}) {top:.3f}" for m, n, top in zip(means, less, most, strict=True))
    print(f"{name}: " + " | ".join(told), flush=True)


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in {"keep", "try"}:
        raise SystemExit(__doc__)
    asked = range(int(sys.argv[3]), min(int(sys.argv[4]), members.LAST.year) + 1)
    main(sys.argv[1], Path(sys.argv[2]), asked)
