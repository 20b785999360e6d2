"""How wars last, fade, end and break out: what 191 countries up to 2017 say.

Example: python benchmarks/region_persistence.py

No month after December 2017 is read. Prints each figure of plan/region/mechanisms/threat/
persistence.py with its 90 % interval over countries drawn anew (bootstrap). Then, by the deaths of
a true first year: the mean deaths of later years beside those of drawn courses, and how courses of
years two and three do beside that year carried on and beside last-20 (the record as draws), fitted
on the years to 2005 and scored on first years from 2008 to 2015. The last lines ask what a fall
within the year before adds to what the year itself says, and how much deaths a year scatter in the
model.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from tocsin.anticipate.data.history import history_of
from tocsin.observe import example_files, read_table
from tocsin.plan.region.mechanisms.threat import persistence as mechanism

LAST = date(2017, 12, 1)
RECORD, LEAST_YEARS = 20, 4
AGAIN, DRAWS, SEED = 200, 500, 1
LATER = (1, 2, 4, 6, 9)
OF_LEVELS = (60, 600, 6_000, 60_000)
FITTED_TO, FIRST, FINAL = 2005, 2008, 2015
STATES = ("quiet", "25 to 299", "300 to 2,999", "3,000 or more")
Array = Any


def yearly_deaths() -> tuple[Array, Array]:
    """Deaths of whole years, countries by years (NaN: no such state), and the years."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    history = history_of(read_table(path).rows, "ged_sb").upto(LAST)
    years = sorted({month.year for month in history.months})
    rows = np.stack(
        [
            history.deaths[:, [month.year == year for month in history.months]].sum(axis=1)
            for year in years
        ],
        axis=1,
    )
    return rows.astype(float), np.array(years)


def pairs(deaths: Array, years: Array, last: int) -> dict[str, Array]:
    """Each year with the one after it, up to a last year: country, deaths, record, deaths after."""
    found: dict[str, list[float]] = {name: [] for name in ("country", "x", "record", "y")}
    for country, row in enumerate(deaths):
        for at in range(LEAST_YEARS, len(years) - 1):
            past = np.log1p(row[max(0, at - RECORD) : at])
            past = past[np.isfinite(past)]
            if years[at + 1] > last or len(past) < LEAST_YEARS or np.isnan(row[at : at + 2]).any():
                continue
            for name, value in zip(
                found, (country, np.log1p(row[at]), past.mean(), np.log1p(row[at + 1])), strict=True
            ):
                found[name].append(value)
    return {name: np.array(values) for name, values in found.items()}


def fit(told: dict[str, Array]) -> dict[str, float]:
    """Every figure of the mechanism, by least squares and by logistic regression."""
    x, record, y = told["x"], told["record"], told["y"]
    war, after = x >= mechanism.WAR, y >= mechanism.WAR
    lasts, quiet = war & after, ~war
    slope = np.linalg.lstsq(_columns(x[lasts]), (y - x)[lasts], rcond=None)[0]
    scatter = ((y - x)[lasts] - _columns(x[lasts]) @ slope).std(ddof=2)
    ends = logistic(~after[war], x[war] - mechanism.USUAL_WAR, record[war] - mechanism.USUAL_RECORD)
    begins = logistic(after[quiet], record[quiet], x[quiet])
    still = np.linalg.lstsq(
        _columns(x[quiet & ~after], record[quiet & ~after]), y[quiet & ~after], rcond=None
    )[0]
    return {
        "war_reversion": -slope[1],
        "war_level": -slope[0] / slope[1],
        "war_scatter": scatter,
        "war_ends": 1 / (1 + np.exp(-ends[0])),
        "outbreak": 1 / (1 + np.exp(-begins[0])),
        "ENDS_BY_DEATHS": ends[1],
        "ENDS_BY_RECORD": ends[2],
        "OUTBREAK_BY_RECORD": begins[1],
        "OUTBREAK_BY_DEATHS": begins[2],
        "FIRST_SIZE": (y[quiet & after] - mechanism.WAR).mean(),
        "QUIET": still[0],
        "QUIET_BY_DEATHS": still[1],
        "QUIET_BY_RECORD": still[2],
    }


def logistic(happened: Array, *told: Array) -> Array:
    """The coefficients of a logistic regression, by Newton's steps."""
    columns, found = _columns(*told), np.zeros(len(told) + 1)
    for _ in range(30):
        chance = 1 / (1 + np.exp(-columns @ found))
        weight = columns * (chance * (1 - chance))[:, None]
        found = found + np.linalg.solve(
            columns.T @ weight + 1e-9 * np.eye(len(found)), columns.T @ (happened - chance)
        )
    return found


def _columns(*told: Array) -> Array:
    return np.column_stack([np.ones(len(told[0])), *told])


def bootstrap(told: dict[str, Array]) -> dict[str, tuple[float, float]]:
    """The 90 % interval of each figure over countries drawn anew."""
    random = np.random.default_rng(SEED)
    countries = np.unique(told["country"])
    rows_of = {one: np.flatnonzero(told["country"] == one) for one in countries}
    found = []
    for _ in range(AGAIN):
        rows = np.concatenate([rows_of[one] for one in random.choice(countries, len(countries))])
        found.append(list(fit({name: values[rows] for name, values in told.items()}).values()))
    low, high = np.quantile(found, (0.05, 0.95), axis=0)
    return dict(zip(fit(told), zip(low, high, strict=True), strict=True))


def courses(x: Array, record: Array, fitted: dict[str, float], years: int) -> Array:
    """Draw the deaths of the years after a first one with the model's own functions."""
    from scipy.stats import norm

    from tocsin.plan.region.chance import Noise

    for name, value in fitted.items():
        if name.isupper():
            setattr(mechanism, name, value)
    uniform = np.random.default_rng(SEED).uniform(1e-6, 1 - 1e-6, (years, len(x), 2, 1, DRAWS))
    noise = Noise(uniform.astype(np.float32), norm.ppf(uniform).astype(np.float32))
    p = {name: np.float32(value) for name, value in fitted.items() if name.islower()}
    level = np.repeat(np.expm1(x)[:, None, None] / 52, DRAWS, axis=2).astype(np.float32)
    logs = mechanism.yearly(p, level, record[:, None, None].astype(np.float32), noise)
    whole = np.asarray(np.exp(logs)[:, :, 0]) * np.maximum(np.expm1(x), mechanism.LEAST)[:, None]
    # A level is the mean of deaths, which scatter about it as the weekly model has them.
    random, own = np.random.default_rng(SEED), mechanism.OWN
    scatter = np.exp(own * random.standard_normal(whole[1:].shape) - own * own / 2)
    return random.poisson(whole[1:] * scatter)


def main() -> None:
    """Print the figures, and how courses do."""
    deaths, years = yearly_deaths()
    told = pairs(deaths, years, LAST.year)
    war, after = told["x"] >= mechanism.WAR, told["y"] >= mechanism.WAR
    print(
        f"{len(told['x']):,} pairs of years of {len(np.unique(told['country']))} countries, "
        f"{years[0]} to {years[-1]}: {war.sum()} years of war, {(war & ~after).sum()} ends, "
        f"{(~war & after).sum()} outbreaks"
    )
    bounds = bootstrap(told)
    for name, value in fit(told).items():
        print(f"  {name:20} {value:7.3f}  (90 %: {bounds[name][0]:.3f} to {bounds[name][1]:.3f})")
    means(deaths, years, fit(told))
    score(deaths, years)
    after_falls()
    own_scatter()


def own_scatter() -> None:
    """How deaths a year scatter in the model, with its level held and with it moving."""
    from tocsin.plan.region.levels import make_levels
    from tocsin.plan.region.mechanisms.order import ORDER
    from tocsin.plan.region.model import Begun, Model
    from tocsin.plan.region.runs import play_futures

    count = len(OF_LEVELS)
    plans, held = make_levels([{}], {})
    begun = Begun(
        np.array(OF_LEVELS, np.float32)[:, None] / 52, np.ones((count, 1), np.float32),
        np.full((count, 5), 0.2, np.float32), np.zeros((count, count), np.float32),
        np.array([[0.1] * 3, [0.2] * 3], np.float32), np.ones(5, np.float32), held,
        np.full(count, mechanism.USUAL_RECORD, np.float32),
    )  # fmt: skip
    still = tuple(name for name in ORDER if name != "persistence")
    for words, names in (("held", still), ("moving", ORDER)):
        played = play_futures(
            np.arange(256), plans, begun, seed=1, model=Model(names, paths="region")
        )
        assert played.quarters is not None
        deaths = played.quarters[:, 0, :, 0].reshape(-1, 4, count, 256).sum(axis=1)
        logs, war = np.log1p(deaths), (deaths[1:] >= 25) & (deaths[:-1] >= 25)
        change = np.diff(logs, axis=0)
        told = [
            f"{level:,}: {change[:, at][war[:, at]].std():.2f} (in a year {logs[0, at].std():.2f})"
            for at, level in enumerate(OF_LEVELS)
        ]
        print(f"Level {words}: sd of the change of log deaths a year at {'; '.join(told)}")


def means(deaths: Array, years: Array, fitted: dict[str, float]) -> None:
    """Mean deaths a year of later years, as recorded and as drawn from the true first year."""
    rows = []
    for row in deaths:
        for at in range(LEAST_YEARS, len(years) - 1):
            past, ahead = row[max(0, at - RECORD) : at], row[at : at + 1 + max(LATER)]
            past = past[np.isfinite(past)]
            if len(past) >= LEAST_YEARS and np.isfinite(ahead[:2]).all():
                filled = np.full(1 + max(LATER), np.nan)
                filled[: len(ahead)] = ahead
                rows.append((np.log1p(past).mean(), *filled))
    told = np.array(rows)
    drawn = courses(np.log1p(told[:, 1]), told[:, 0], fitted, max(LATER))
    groups = np.digitize(told[:, 1], (25, 300, 3000))
    print("Mean deaths a year, recorded / drawn, by the deaths of the first year:")
    for later in LATER:
        known = np.isfinite(told[:, 1 + later])
        cells = []
        for place, label in enumerate(STATES):
            which = known & (groups == place)
            truth, found = told[which, 1 + later].mean(), drawn[later - 1][which].mean()
            cells.append(f"{label} ({which.sum():,}) {truth:,.0f} / {found:,.0f}")
        print(f"  {later} years later: {'; '.join(cells)}")


def score(deaths: Array, years: Array) -> None:
    """Courses of years two and three from true first years, beside two naive ones."""
    from scoringrules import crps_ensemble

    fitted = fit(pairs(deaths, years, FITTED_TO))
    rows: dict[str, list[Any]] = {name: [] for name in ("first", "record", "last", "two", "three")}
    for row in deaths:
        for year in range(FIRST, FINAL + 1):
            at = int(np.flatnonzero(years == year)[0])
            past = row[max(0, at - RECORD) : at]
            past = past[np.isfinite(past)]
            if len(past) < LEAST_YEARS or np.isnan(row[at : at + 3]).any():
                continue
            rows["last"].append(np.resize(past, RECORD))
            rows["record"].append(np.log1p(past).mean())
            for name, value in zip(("first", "two", "three"), row[at : at + 3], strict=True):
                rows[name].append(value)
    first, record = np.array(rows["first"]), np.array(rows["record"])
    drawn = courses(np.log1p(first), record, fitted, 2)
    groups = np.digitize(first, (25, 300, 3000))
    print(f"Fitted to {FITTED_TO}, first years {FIRST} to {FINAL}; CRPS in deaths (of log1p):")
    for ahead, name in enumerate(("two", "three")):
        truth = np.array(rows[name])
        peers = {
            "course": drawn[ahead],
            "carried on": np.random.default_rng(SEED).poisson(first[:, None], (len(first), DRAWS)),
            "last 20": np.array(rows["last"]),
        }
        for peer, draws in peers.items():
            plain = crps_ensemble(truth, draws)
            logs = crps_ensemble(np.log1p(truth), np.log1p(draws))
            low, high = np.quantile(draws, (0.05, 0.95), axis=1)
            held = (truth >= low) & (truth <= high)
            told = [
                f"{label} ({(groups == place).sum()}): {plain[groups == place].mean():,.1f} "
                f"({logs[groups == place].mean():.3f}), held {held[groups == place].mean():.0%}"
                for place, label in enumerate(STATES)
            ]
            print(
                f"  year {name}, {peer}: {plain.mean():.2f} ({logs.mean():.3f}); " + "; ".join(told)
            )


def after_falls() -> None:
    """What the pace of the last two months before a year adds to the year itself."""
    path = next(path for path in example_files() if path.name.startswith("ged_sb"))
    history = history_of(read_table(path).rows, "ged_sb").upto(LAST)
    rows = []
    for end in range(12, history.deaths.shape[1] - 23, 12):
        some = history.deaths[:, end - 12 : end + 24].astype(float)
        some = some[np.isfinite(some).all(axis=1)]
        parts = (some[:, :12], 6 * some[:, 10:12], some[:, 12:24], some[:, 24:])
        rows.append(np.log1p(np.stack([part.sum(axis=1) for part in parts])))
    before, pace, x, y = np.concatenate(rows, axis=1)
    lasts = (x >= mechanism.WAR) & (y >= mechanism.WAR)
    columns = _columns(x[lasts], (pace - before)[lasts])
    found, rest, *_ = np.linalg.lstsq(columns, (y - x)[lasts], rcond=None)
    spread = rest[0] / (lasts.sum() - 3) * np.linalg.inv(columns.T @ columns)
    print(
        f"A war's next change by one log unit that the pace before the year had risen or fallen: "
        f"{found[2]:+.3f} (standard error {spread[2, 2] ** 0.5:.3f}, {lasts.sum()} years)"
    )
    fallen = (before >= np.log1p(300)) & (pace - before <= np.log(0.1))
    for name, which in (
        ("300 or more", before >= np.log1p(300)),
        ("300 or more, then a tenth", fallen),
    ):
        sums = [np.expm1(one[which]).sum() for one in (before, x, y)]
        print(
            f"  years of {name}: {which.sum()}; deaths of the next year {sums[1] / sums[0]:.2f} "
            f"and of the one after {sums[2] / sums[0]:.2f} of theirs"
        )


if __name__ == "__main__":
    main()
