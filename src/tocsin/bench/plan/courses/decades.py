"""Ten years: on record, of courses alone, and of the whole model in regions as they stood last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.alerts.records.replay import replay
from tocsin.anticipate.models.registry import FORECASTER
from tocsin.bench.plan.courses.draws import KINDS, chance, kind_of, usual
from tocsin.bench.plan.years import (
    FIRST_YEAR,
    first_year_near,
    play_years,
    start_at,
    world,
    yearly,
)
from tocsin.plan.calibration.persistence import memories
from tocsin.plan.posterior import Posterior
from tocsin.plan.region.mechanisms.threat.persistence.learnt import LEARNT, WAR
from tocsin.schema.step import Tell, say_nothing

Floats = npt.NDArray[np.float64]
TEN = 10
REGIONS: Mapping[str, Sequence[int]] = {
    "nile": (625, 626, 530, 500),
    "sahel": (432, 439, 436, 475, 483),
    "example": (652, 660, 663, 666, 645, 640, 482, 484, 490, 481, 411, 471),
}
"""Regions whose ten years are played: Sudan, South Sudan, Ethiopia and Uganda; Mali, Burkina Faso,
Niger, Nigeria and Chad; and those of the example that no other has."""
LAST = 2022
"""The last year of the example's series."""
GREATEST = 30
"""Countries whose greatest ten years a tail is fitted to."""
TWICE = 2
"""A level is looked for that one country has in so many records as long as ours."""


def measure_decades(
    *,
    regions: Mapping[str, Sequence[int]] = REGIONS,
    futures: int = 512,
    posterior: Posterior | None = None,
    tell: Tell = say_nothing,
) -> dict[str, float]:
    """Play the status quo of regions for ten years from the end of the series.

    Args:
        regions: Gleditsch-Ward numbers by name.
        futures: of the model.
        posterior: what calibrated parameters are drawn from; None: their priors.
        tell: is told which region is played.

    Returns:
        Under `REGION.GWNO.FIGURE` what `decade` gives, and `kind`, the place of the last known year
        in `KINDS`, and for each quantile of the first year whether it is the forecast's (1 or 0,
        `first_near_QUANTILE`); under `record.KIND.FIGURE` the same of ten years on record after a
        year of that kind; `record.greatest`, the most that any country had in ten years, and
        `record.rare`, as `rare_level` gives it.
    """
    history = world()
    logs, first = np.log1p(yearly(history.deaths)), history.months[0].year
    found = {f"record.{key}": value for key, value in on_record(logs).items()}
    (past,) = replay(history, lambda _year: FORECASTER, [date(LAST, 12, 1)], horizon=12, seed=1)
    for region, gwnos in regions.items():
        tell(f"Playing ten years of {region}", None)
        start, totals = start_at(past, gwnos)
        years = play_years(start, totals, futures=futures, posterior=posterior, years=TEN)
        kinds = kind_of(logs[[history.gwnos.index(gwno) for gwno in start.gwnos], LAST - first])
        near = first_year_near(years[0], totals)
        for place, gwno in enumerate(start.gwnos):
            own = np.stack([one[place] for one in years], axis=-1)
            figures = decade(own) | {"kind": float(kinds[place])}
            for share, ok in zip(FIRST_YEAR, near[:, place], strict=True):
                figures[f"first_near_{share}"] = float(ok)
            found |= {f"{region}.{gwno}.{name}": value for name, value in figures.items()}
    return found


def decade(deaths: Floats) -> dict[str, float]:
    """Sum up decades of one territory.

    Args:
        deaths: of each of ten years, (S, 10).

    Returns:
        `n`; of deaths in the first year, in ten years and in the nine after the first the `mean`,
        the `median` and the quantile that one in twenty exceeds (`high`); the mean number of years
        of war, and of outbreaks after a year of quiet.
    """
    war = deaths >= np.expm1(WAR)
    sums = {"first": deaths[:, 0], "ten": deaths.sum(1), "later": deaths[:, 1:].sum(1)}
    found = {"n": float(len(deaths))}
    for name, values in sums.items():
        median, high = np.quantile(values, [0.5, 0.95])
        found |= {f"{name}_mean": float(values.mean()), f"{name}_median": float(median)}
        found[f"{name}_high"] = float(high)
    found["years_of_war"] = float(war.sum(1).mean())
    found["outbreaks"] = float((war[:, 1:] & ~war[:, :-1]).sum(1).mean())
    return found


def on_record(logs: Floats) -> dict[str, float]:
    """Sum up all tens of years on record, by the year before them.

    Args:
        logs: log(1 + deaths) of whole years, nan where there was no such state, (N, Y).

    Returns:
        Under `KIND.FIGURE` what `decade` gives; `greatest` and `rare` of all countries.
    """
    starts = range(1, logs.shape[1] - TEN + 1)
    before = np.concatenate([logs[:, at - 1] for at in starts])
    windows = np.concatenate([logs[:, at : at + TEN] for at in starts])
    known = np.isfinite(windows).all(1) & np.isfinite(before)
    kinds, deaths = kind_of(before[known]), np.expm1(windows[known])
    found: dict[str, float] = {}
    for place, kind in enumerate(KINDS):
        if (kinds == place).any():
            each = decade(deaths[kinds == place])
            found |= {f"{kind}.{name}": value for name, value in each.items()}
    rows = np.tile(np.arange(len(logs)), len(starts))[known]
    sums = deaths.sum(1)
    most = np.array([sums[rows == row].max() for row in np.unique(rows)])
    return found | {"greatest": float(most.max()), "rare": rare_level(most)}


def rare_level(most: Floats) -> float:
    """Extrapolate a record: what one country exceeds in as many records as `TWICE` says.

    A generalised Pareto law is fitted to the greatest values (Coles 2001, An Introduction to
    Statistical Modeling of Extreme Values, chapter 4).

    Args:
        most: the greatest sum of each country, (N,), more than `GREATEST`.

    Returns:
        The level, in the unit of the values.
    """
    from scipy.stats import genpareto

    falling = np.sort(most)[::-1]
    least, above = falling[GREATEST], falling[:GREATEST]
    shape, _, scale = genpareto.fit(above - least, floc=0)
    return float(least + genpareto.ppf(1 - 1 / (TWICE * GREATEST), shape, 0, scale))


def ten_years(logs: Floats) -> dict[str, float]:
    """Set ten years on record, from every country and year, beside courses from the same years.

    Args:
        logs: log(1 + deaths) of whole years, (N, Y).

    Returns:
        Under `KIND.FIGURE`, of the record and, with `_drawn`, of courses: `n`; the mean, the
        median and the quantiles of 90 and 95 % of deaths in ten years, the years of war, how often
        war broke out, and the share of tens of years in which it did.
    """
    import jax

    from tocsin.plan.region.mechanisms.threat.persistence import courses

    starts, windows, records = [], [], []
    for at in range(4, logs.shape[1] - TEN + 1):
        some = logs[:, at : at + TEN]
        whole = np.isfinite(some).all(1) & np.isfinite(logs[:, at - 4 : at]).all(1)
        starts.append(logs[whole, at])
        windows.append(some[whole])
        records.append(memories(logs, at)[whole])
    x, window, record = np.concatenate(starts), np.concatenate(windows), np.concatenate(records)
    p, noise = usual(LEARNT), chance(TEN, (len(x), 40), 1)
    drawn = np.asarray(
        jax.jit(lambda x, before, noise: courses(p, x, before, noise))(
            x[:, None, None].astype(np.float32), record[..., None, None].astype(np.float32), noise
        ),
        np.float64,
    )[:, :, 0].transpose(1, 0, 2)
    kind = kind_of(x)
    found: dict[str, float] = {}
    for place, label in enumerate(KINDS):
        which = kind == place
        found[f"{label}.n"] = float(which.sum())
        for suffix, years in (("", window[which][..., None]), ("_drawn", drawn[which])):
            found |= {f"{label}.{name}{suffix}": one for name, one in sum_years(years).items()}
    return found


def sum_years(years: Floats) -> dict[str, float]:
    """Sum up ten years of many courses.

    Args:
        years: log(1 + deaths) of each year, (N, Y, S).

    Returns:
        Figures by name.
    """
    deaths, war = np.expm1(years).sum(1), years >= WAR
    back = (war[:, 1:] & ~war[:, :-1]).sum(1)
    return {
        "mean_deaths": float(deaths.mean()),
        "median_deaths": float(np.median(deaths)),
        "deaths_90": float(np.quantile(deaths, 0.9)),
        "deaths_95": float(np.quantile(deaths, 0.95)),
        "years_of_war": float(war.sum(1).mean()),
        "outbreaks": float(back.mean()),
        "any_outbreak": float((back > 0).mean()),
    }
