"""Courses from the end of one year: drawn, and scored by what territories had seen before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tocsin.anticipate.alerts.records.replay import replay
from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.models.registry import FORECASTER
from tocsin.bench.kept import Row
from tocsin.bench.plan.courses.draws import KINDS, USUAL, chance, kind_of, usual
from tocsin.plan.calibration.persistence import learn, memories, pairs
from tocsin.plan.region.mechanisms.threat.persistence.learnt import LEARNT, Learnt

Floats = npt.NDArray[np.float64]
YEARS, QUANTILES = 3, 201
HOLDS = (0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8)
"""Chances a year that a future stays where the forecast saw it, to choose among."""
MARKS = ("fallen", "stopped")
"""Of those with `MANY` deaths in the last known year: whose deaths fell in its last three or six
months to half of the year's pace or less, and in its last month to a tenth or less."""
MANY = 300


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
    """Of which of `KINDS` the last known year is."""
    marks: npt.NDArray[np.bool_]
    """Which of `MARKS` hold, (2, N)."""


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
    kind = kind_of(logs[rows, at - 1])
    marks = have_fallen(history.deaths[rows, (at - 1) * 12 : at * 12])
    return Origin(rows, totals, record, np.expm1(logs[rows, at : at + YEARS]), kind, marks)


def have_fallen(months: Floats) -> npt.NDArray[np.bool_]:
    """Tell whose deaths have just fallen.

    Args:
        months: deaths of the last known year, (N, 12).

    Returns:
        Which of `MARKS` hold, (2, N).
    """
    year = months.sum(1)
    pace = [months[:, -last:].sum(1) * (12 / last) for last in (1, 3, 6)]
    fallen = np.minimum(pace[1], pace[2]) <= year / 2
    return np.asarray((year >= MANY) & np.stack([fallen, pace[0] <= year / 10]))


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
    odd, fallen = (origin.rows % 2 == 1)[:, None], np.any(origin.marks, axis=0)[:, None]
    (leaves, stays) = draw_years(origin, own, (0.0, USUAL))
    (free,) = draw_years(origin, own._replace(greatest=np.array([np.inf])), (USUAL,))
    others = {
        "course of other countries": [np.where(odd, b, a) for a, b in zip(*halves, strict=True)],
        "course, no greatest year": free,
        "course, leaves where fallen": [
            np.where(fallen, a, b) for a, b in zip(leaves, stays, strict=True)
        ],
    }
    for peer, years in others.items():
        found |= _scores(peer, years, origin)
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
            "mean": draws.mean(1),
            "came": truth,
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
    for mark, holds in zip(MARKS, origin.marks, strict=True):
        yield f".{mark}", known & holds


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
