"""Measured: stylised facts of organised violence, in the data and in the model, with intervals.

A fact that the model does not show is a limit of what a plan can be asked; docs/model.md names it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.compiled import jax_for
from tocsin.bench.plan.laws import LAWS, compare_laws
from tocsin.plan.calibration import setting_of
from tocsin.plan.calibration.series import watch
from tocsin.plan.calibration.summaries import LARGE, Watched, exponent, names, summarise
from tocsin.plan.posterior import Posterior
from tocsin.schema.step import Tell, say_nothing

Floats = npt.NDArray[np.float64]
COVER = 0.9
"""Of the intervals."""
RESAMPLED = 200
"""Times that the data are drawn again, a quarter of a year at a time, for their interval."""
BLOCK = 13
FACTS = {
    "exponent": "exponent of sizes of 10 and more",
    "share_large": "share of events with 10 deaths and more",
    "echo_1": "correlation of a week with the one before",
    "echo_8": "the same, eight weeks before",
    "log_scatter_4": "log of variance over mean, in four weeks",
    "log_scatter_26": "the same, in half a year",
    "progress": "exponent b of the progress curve",
    "near_4": "correlation with the neighbours, in four weeks",
    "near_weight": "weight of the neighbours' past month",
}
"""What is compared, in words."""
EXAMPLE = {"Syria": (652,), "Central African Republic": (482,)}
"""The regions whose events ship with tocsin."""
FEWEST = 20
"""Days with a deadly incident that a progress curve needs."""
MOST = 200
"""Of a longer series the first so many are taken: the curve is of beginnings."""


def measure_facts(
    incidents: pl.DataFrame,
    regions: Mapping[str, tuple[int, ...]],
    posterior: Posterior,
    *,
    until: date,
    worlds: int = 256,
    tell: Tell = say_nothing,
) -> pl.DataFrame:
    """Set facts of the data beside those of worlds that the calibrated model plays.

    Args:
        incidents: the table `incidents`, or its columns `gwno, date_start, date_prec` and
            `deaths_best`.
        regions: the Gleditsch-Ward numbers of each region's territories.
        posterior: from which the parameters of worlds are drawn.
        until: the day after the last one that is used.
        worlds: how many are played of each region, at the level of violence that it had.
        tell: is told which region is looked at.

    Returns:
        A row a region and fact: `region, fact, data, data_low, data_high, model, model_low,
        model_high`, with 90 % intervals (of the data by the block bootstrap of Künsch 1989, of the
        model over worlds), and `shown`, whether the data's value lies in the model's interval.
    """
    rows = []
    for region, gwnos in regions.items():
        tell(f"Looking at {region}", None)
        _, seen = watch(incidents, gwnos, until)
        played = play_like(seen, posterior, worlds=worlds)
        random = np.random.default_rng(1)
        again = [_resample(seen, random) for _ in range(RESAMPLED)]
        data, data_again, model = (
            facts_of([seen]), facts_of(again), facts_of(played)
        )  # fmt: skip
        for fact, words in FACTS.items():
            if fact not in data or np.isnan(data[fact][0]):
                continue
            tails = [(1 - COVER) / 2, (1 + COVER) / 2]
            # Times between attacks lose their order when quarters are drawn again.
            low, high = (
                np.nanquantile(data_again[fact], tails) if fact != "progress" else (None, None)
            )
            least, middle, most = np.nanquantile(model[fact], [tails[0], 0.5, tails[1]])
            value = float(data[fact][0])
            rows.append(
                {
                    "region": region,
                    "fact": words,
                    "data": value,
                    "data_low": low,
                    "data_high": high,
                    "model": float(middle),
                    "model_low": float(least),
                    "model_high": float(most),
                    "shown": bool(least <= value <= most),
                }
            )
    return pl.DataFrame(rows)


def measure_example_facts(*, worlds: int = 256, tell: Tell = say_nothing) -> dict[str, Any]:
    """Set facts of the example's two event series beside those of the calibrated model.

    Args:
        worlds: how many are played of each region.
        tell: is told what is done.

    Returns:
        `facts`, the rows of `measure_facts` up to 2018; and of `compare_laws`, how many dyads have
        either law (`power_law`, `stretched_exponential`, `neither`).
    """
    from tocsin.observe import example_files, observe
    from tocsin.plan.posterior import shipped_posterior

    tell("Reading the example's events", None)
    events = [path for path in example_files() if path.name.startswith("ucdp_ged")]
    reports = observe(events)["reports"]
    found = measure_facts(
        reports, EXAMPLE, shipped_posterior(), until=date(2018, 1, 1), worlds=worlds, tell=tell
    )
    laws = compare_laws(reports)["better"].to_list()
    counts = {name.replace(" ", "_"): laws.count(name) for name in LAWS}
    return {"facts": found.to_dicts()} | counts


def play_like(seen: Watched, posterior: Posterior, *, worlds: int) -> list[Watched]:
    """Play worlds of a region by the calibrated model, with as many incidents as it had.

    A world's level is scaled once, in the same chance, so that its incidents are as many as those
    that were seen: facts are then compared at one level of violence.

    Args:
        seen: the region.
        posterior: from which the parameters are drawn.
        worlds: how many.

    Returns:
        What was seen of each.
    """
    jax_for("plan")
    from tocsin.plan.calibration.simulate import play_worlds

    setting = setting_of(seen)
    return play_worlds(setting, posterior, wanted=seen.counts.mean(0), worlds=worlds, seed=2)


def facts_of(watched: Sequence[Watched]) -> dict[str, Floats]:
    """The facts of each of some worlds, or of data, by name."""
    bordered = bool(watched[0].border.any())
    called = names(watched[0].counts.shape[1], bordered=bordered)
    summaries = np.stack([summarise(one) for one in watched])
    found = {name: summaries[:, place] for place, name in enumerate(called) if name in FACTS}
    found["exponent"] = np.array([exponent(one.sizes) for one in watched])
    found["share_large"] = np.array(
        [(one.sizes >= LARGE).mean() if len(one.sizes) else np.nan for one in watched]
    )
    found["progress"] = np.array([_median_progress(one.counts) for one in watched])
    return found


def progress(days: Floats) -> float:
    """Fit the progress curve τ_n = τ_1 n^(−b) to the times between successive days of attack.

    Args:
        days: rising, without repeats.

    Returns:
        The exponent b by least squares in logs, above 0 where attacks come faster and faster; nan
        with fewer than 20 days, or where every gap is the same.

    Source: Johnson et al. (2011), Pattern in escalations in insurgent and terrorist activity,
    Science 333.
    """
    gaps = np.diff(days[: MOST + 1])
    if len(gaps) < FEWEST - 1 or gaps.min() == gaps.max():
        return float("nan")
    n = np.log(np.arange(1, len(gaps) + 1))
    return -float(np.polyfit(n, np.log(gaps), 1)[0])


def spread_of_first_uses(years: Sequence[int]) -> dict[str, float]:
    """Tell how far an S-curve can be seen in the years of first uses.

    Args:
        years: of each organisation's first use.

    Returns:
        `adopters`; `logistic` and `line`, the residual sums of squares of the cumulative share
        under a logistic curve and under a line; and `middle`, the year of the curve's middle,
        which lies beyond the data where only the lower half of the S was seen.
    """
    from scipy.optimize import curve_fit

    when = np.arange(min(years), max(years) + 1)
    share = np.array([sum(one <= year for one in years) for year in when]) / len(years)

    def curve(t: Any, top: float, middle: float, pace: float) -> Any:
        return top / (1 + np.exp(-(t - middle) / pace))

    start = (1.0, float(np.median(years)), 3.0)
    bounds = ([0.5, when[0], 0.3], [10.0, when[-1] + 30.0, 30.0])
    best, _ = curve_fit(curve, when, share, p0=start, bounds=bounds)
    line = np.polyval(np.polyfit(when, share, 1), when)
    return {
        "adopters": float(len(years)), "logistic": float(((share - curve(when, *best)) ** 2).sum()),
        "line": float(((share - line) ** 2).sum()), "middle": float(best[1]),
    }  # fmt: skip


def _median_progress(counts: Floats) -> float:
    """The median exponent of the territories that have one, nan where none has."""
    each = np.array([progress(_days(one)) for one in counts.T])
    known = each[~np.isnan(each)]
    return float(np.median(known)) if len(known) else float("nan")


def _days(weekly: Floats) -> Floats:
    """Days with an incident, from weekly counts: those of a week are spread over its days."""
    found = [
        7 * week + np.unique(np.floor((np.arange(count) + 0.5) * 7 / count))
        for week, count in enumerate(weekly.astype(int))
        if count
    ]
    return np.concatenate(found) if found else np.empty(0)


def _resample(seen: Watched, random: np.random.Generator) -> Watched:
    """The region with its quarters and its sizes drawn again with replacement."""
    quarters = len(seen.counts) // BLOCK
    drawn = random.integers(0, quarters, quarters)
    counts = seen.counts[: quarters * BLOCK].reshape(quarters, BLOCK, -1)[drawn]
    return Watched(
        counts.reshape(quarters * BLOCK, -1),
        random.choice(seen.sizes, len(seen.sizes)),
        seen.border,
    )
