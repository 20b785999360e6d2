"""Measured: courses of deaths after the forecast's year, without the weekly model.

From the ends of past years the world's countries are forecast from what was known then; the course
is learnt from the years up to then, and years two and three are drawn and scored. That costs little
and tells what the course itself is worth, by how much a territory had seen, and beside the forecast
carried on. Then ten years from true first years are set beside those on record.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.alerts.records.replay import replay
from tocsin.anticipate.data.panel import Panel, panel
from tocsin.anticipate.models.registry import FORECASTER
from tocsin.base.compiled import jax_for
from tocsin.bench.kept import Row, run_seeds
from tocsin.bench.plan.years import TARGET, yearly
from tocsin.observe import example_files, observe
from tocsin.plan.calibration.persistence import learn, memories, pairs
from tocsin.plan.calibration.simulate import code_digest
from tocsin.plan.region.mechanisms.threat.persistence.learnt import LEARNT, WAR, Learnt
from tocsin.schema.step import Tell, say_nothing

Floats = npt.NDArray[np.float64]
EARLY = tuple(range(1998, 2015, 2))
"""Last known years of the origins to choose by; their third year is 2017 at the latest."""
LATE = (2017, 2018, 2019)
"""Those to report."""
YEARS, DRAWS, QUANTILES = 3, 400, 201
HOLDS = (0.0, 0.2, 0.4, 0.6, 0.8)
"""Chances a year that a future stays where the forecast saw it, to choose among."""
KINDS = ("quiet", "low", "war", "large_war", "great_war")
"""By the deaths of the last known year: under 1, 25, 300 and 3,000, and more."""
TEN = 10
USUAL = 0.55
"""The middle of the prior of `forecast_holds`."""


class Origin(NamedTuple):
    """This is what was known and what came at the end of one year, for N countries."""

    rows: npt.NDArray[np.int64]
    """Their rows in the whole record."""
    totals: Floats
    """Draws of the forecast's sum over the first year, (N, S)."""
    record: Floats
    """Means of log(1 + deaths) over the 3 and the 20 years before, (N, 2)."""
    truth: Floats
    """Deaths of the first three years, (N, 3); nan where one is unknown."""
    kind: npt.NDArray[np.int64]
    """Which of `KINDS`."""


def measure_courses(
    *, early: tuple[int, ...] = EARLY, late: tuple[int, ...] = LATE, work: Path | None = None,
    tell: Tell = say_nothing,
) -> dict[str, Any]:  # fmt: skip
    """Score courses of years two and three, and look at ten years.

    Args:
        early: last known years of origins before 2018: the course is learnt up to each.
        late: last known years of later origins: the course is the one that ships, of years to 2017.
        work: a folder in which the scores of an origin are kept.
        tell: is told which origin is done.

    Returns:
        Under `GROUP.PEER.YEAR.SCORE[.KIND]`, where the group is `early` or `late`: `crps_log` of
        log(1 + deaths), `crps` of deaths, the shares within 50 and 90 % intervals, and `n`, over
        all countries and by kind. Peers are the forecast carried on; the course with each of
        `HOLDS`; and, with the usual one, the course learnt from the other half of the countries.
        Under `kept`, the correlation of the ranks of true years in the forecasts of early origins.
        Under `ten_years.KIND.FIGURE`, what ten years have on record and as drawn.
    """
    jax_for("plan")
    path = next(one for one in example_files() if one.name.startswith(TARGET))
    history = panel(observe([path])["series"].filter(pl.col("target") == TARGET))
    logs, first = np.log1p(yearly(history.deaths)), history.months[0].year

    def one(year: int) -> Row:
        return score_origin(history, logs, year, first)

    name = f"courses-{code_digest()[:16]}.jsonl"
    done = run_seeds(
        one, [*early, *late], None if work is None else work / name,
        on_done=lambda year: tell(f"Scored from {year}", None),
    )  # fmt: skip
    by_year = dict(zip([*early, *late], done, strict=True))
    found: dict[str, Any] = {}
    for group, years in (("early", early), ("late", late)):
        rows = [by_year[year] for year in years]
        for key in rows[0] if rows else ():
            found[f"{group}.{key}"] = _pooled(key, rows)
    tell("Drawing ten years", None)
    return found | {f"ten_years.{key}": value for key, value in ten_years(logs).items()}


def _pooled(key: str, rows: list[Row]) -> float:
    """The mean over origins, each weighted by how many countries of that kind it has."""
    if key.endswith(".n"):
        return float(sum(row[key] for row in rows))
    weights = [row[f"{key}.n"] for row in rows]
    if not sum(weights):
        return float("nan")
    known = [(row[key] * one, one) for row, one in zip(rows, weights, strict=True) if one]
    return float(sum(part for part, _ in known) / sum(weights))


def origin_at(history: Panel, logs: Floats, year: int, first: int) -> Origin:
    """Forecast the world from the end of a year.

    Args:
        history: deaths by country and month, beyond the origin too.
        logs: log(1 + deaths) of whole years, (N, Y).
        year: the last year that is known.
        first: the year of the first column.
    """
    (past,) = replay(history, lambda _year: FORECASTER, [date(year, 12, 1)], horizon=12, seed=1)
    there = [place for place in range(len(past.draws)) if not np.isnan(past.draws[place]).any()]
    rows = np.array([history.gwnos.index(past.known.gwnos[place]) for place in there])
    at = year + 1 - first
    totals = past.draws[there].sum(1)
    record = memories(logs[rows], at)
    record = np.where(np.isnan(record), np.log1p(totals.mean(1))[:, None], record)
    kind = np.digitize(np.expm1(logs[rows, at - 1]), (1, 25, 300, 3000))
    return Origin(rows, totals, record, np.expm1(logs[rows, at : at + YEARS]), kind)


def score_origin(history: Panel, logs: Floats, year: int, first: int) -> Row:
    """Score all peers from the end of one year.

    Args:
        history: deaths by country and month, beyond the origin too.
        logs: log(1 + deaths) of whole years.
        year: the last year that is known.
        first: the year of the first column.

    Returns:
        Scores under `PEER.YEAR.SCORE[.KIND]`, each with `.n`.
    """
    origin = origin_at(history, logs, year, first)
    last = min(year, 2017) - first
    own = learn(pairs(logs, last)) if year < 2017 else LEARNT
    found = _scores("forecast carried on", [origin.totals] * YEARS, origin)
    for holds, years in zip((*HOLDS, USUAL), draw_years(origin, own, (*HOLDS, USUAL)), strict=True):
        found |= _scores(f"course, {holds}", years, origin)
    told, halves = pairs(logs, last), []
    for half in (0, 1):
        which = told["country"] % 2 != half
        other = learn({name: values[which] for name, values in told.items()})
        halves += draw_years(origin, other, (USUAL,))
    odd = (origin.rows % 2 == 1)[:, None]
    apart = [np.where(odd, b, a) for a, b in zip(*halves, strict=True)]
    found |= _scores("course of other countries", apart, origin)
    return found | _ranks(origin)


def draw_years(
    origin: Origin, learnt: Learnt, holds: tuple[float, ...], seed: int = 1
) -> list[list[Floats]]:
    """Draw the deaths of three years, of which the first are the forecast's.

    Args:
        origin: of N countries.
        learnt: by what years were followed.
        holds: chances a year that a future stays where the forecast saw it.
        seed: start of all random numbers.

    Returns:
        For each of these chances the deaths of each year, (N, S).
    """
    import jax

    from tocsin.plan.region.mechanisms.threat.persistence import courses

    first = np.log1p(origin.totals)
    shares = np.linspace(0, 1, QUANTILES)
    forecast = np.quantile(first, shares, axis=1).T.astype(np.float32)
    noise, p = chance(YEARS, first.shape, seed), usual(learnt)
    before = origin.record[..., None, None].astype(np.float32)

    @jax.jit
    def draw(stays: Any) -> Any:
        own = p | {"forecast_holds": stays}
        x = first[:, None].astype(np.float32)
        return courses(own, x, before, noise, forecast, learnt=learnt)

    each = [np.asarray(draw(np.float32(one)), np.float64)[:, :, 0] for one in holds]
    return [[origin.totals, *np.expm1(logs[1:])] for logs in each]


def usual(learnt: Learnt) -> dict[str, Any]:
    """The parameters of the chain as they were learnt, without a doubt.

    Args:
        learnt: by what years were followed.
    """
    from tocsin.plan.region.mechanisms.threat.persistence.chain import USUAL_RECORD, USUAL_WAR

    ends = learnt.ends @ [1.0, USUAL_WAR, USUAL_RECORD, USUAL_RECORD]
    chances = {"war_ends": ends, "outbreak": learnt.begins[0], "forecast_holds": -np.inf}
    found = {name: np.float32(1 / (1 + np.exp(-one))) for name, one in chances.items()}
    return found | {"war_drift": np.float32(0.0)}


def chance(years: int, shape: tuple[int, int], seed: int) -> Any:
    """Random numbers for so many years of courses, of countries and draws."""
    from scipy.stats import norm

    from tocsin.plan.region.chance import Noise
    from tocsin.plan.region.mechanisms.threat.persistence import YEARLY

    each = (years, shape[0], YEARLY, 1, shape[1])
    uniform = np.random.default_rng(seed).uniform(1e-6, 1 - 1e-6, each)
    return Noise(uniform.astype(np.float32), norm.ppf(uniform).astype(np.float32))


def _scores(peer: str, drawn: list[Floats], origin: Origin) -> Row:
    from tocsin.anticipate.evaluation.scores import crps, in_interval

    found: Row = {}
    for place, draws in enumerate(drawn):
        truth = origin.truth[:, place]
        known = ~np.isnan(truth)
        scores = {
            "crps_log": crps(np.log1p(draws), np.log1p(truth)),
            "crps": crps(draws, truth),
            "within_50": in_interval(draws, truth, level=0.5),
            "within_90": in_interval(draws, truth, level=0.9),
        }
        for name, values in scores.items():
            for label, which in _groups(origin, known):
                key = f"{peer}.{place + 1}.{name}{label}"
                found[key] = float(values[which].mean()) if which.any() else float("nan")
                found[f"{key}.n"] = int(which.sum())
    return found


def _groups(origin: Origin, known: Any) -> Iterator[tuple[str, Any]]:
    yield "", known
    for place, kind in enumerate(KINDS):
        yield f".{kind}", known & (origin.kind == place)


def _ranks(origin: Origin) -> Row:
    """How the ranks of successive true years in the forecast hang together, of countries at war."""
    from scipy.stats import norm

    war = (origin.kind >= 2) & ~np.isnan(origin.truth).any(axis=1)
    draws, truth = origin.totals[war], origin.truth[war]
    below = (draws[..., None] < truth[:, None]).mean(1)
    equal = (draws[..., None] == truth[:, None]).mean(1)
    rank = norm.ppf(np.clip(below + equal / 2, 0.0025, 0.9975))
    found: Row = {}
    for later in (1, 2):
        key = f"kept.{later}"
        found |= {key: float(np.corrcoef(rank[:, 0], rank[:, later])[0, 1])}
        found |= {f"{key}.n": int(war.sum())}
    return found


def ten_years(logs: Floats) -> dict[str, float]:
    """Set ten years on record, from every country and year, beside courses from the same years.

    Args:
        logs: log(1 + deaths) of whole years, (N, Y).

    Returns:
        Under `KIND.FIGURE`, of the record and, with `_drawn`, of courses: `n`; the mean, the
        median and the 90 % quantile of deaths in ten years, the years of war, how often war broke
        out, and the share of tens of years in which it did.
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
    kind = np.digitize(np.expm1(x), (1, 25, 300, 3000))
    found: dict[str, float] = {}
    for place, label in enumerate(KINDS):
        which = kind == place
        found[f"{label}.n"] = float(which.sum())
        for suffix, years in (("", window[which][..., None]), ("_drawn", drawn[which])):
            found |= {f"{label}.{name}{suffix}": one for name, one in summed(years).items()}
    return found


def summed(years: Floats) -> dict[str, float]:
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
        "years_of_war": float(war.sum(1).mean()),
        "outbreaks": float(back.mean()),
        "any_outbreak": float((back > 0).mean()),
    }
