"""Measured: courses of deaths after the forecast's year.

From the ends of past years the world's countries are forecast from what was known then; the course
is learnt from the years up to then, and years two and three are drawn and scored (`scores.py`).
That needs no weekly model, costs little, and tells what the course itself is worth, by how much a
territory had seen, and beside the forecast carried on. Then ten years, of the course and of the
whole model, are set beside those on record (`decades.py`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tocsin.base.compiled import jax_for
from tocsin.bench.kept import Row, run_seeds
from tocsin.bench.plan.courses.decades import measure_decades, ten_years
from tocsin.bench.plan.courses.scores import score_origin
from tocsin.bench.plan.years import world, yearly
from tocsin.plan.calibration.simulate import code_digest
from tocsin.schema.step import Tell, say_nothing

__all__ = ["EARLY", "LATE", "measure_courses", "measure_decades"]

EARLY = tuple(range(1998, 2015))
"""Last known years of the origins to choose by; their third year is 2017 at the latest."""
LATE = (2017, 2018, 2019)
"""Those to report."""


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
        log(1 + deaths), `crps` of deaths, the shares within 50 and 90 % intervals, the mean of
        the draws (`mean`) and of what came (`came`), and `n`, over all countries, by kind and by
        mark. Peers are the forecast carried on; the course with each of `HOLDS`; and, with the
        usual one, the course learnt from the other half of the countries, the course that no
        greatest year bounds, and the course that leaves at once where deaths have fallen.
        Under `kept`, the correlation of the ranks of true years in the forecasts of early origins.
        Under `ten_years.KIND.FIGURE`, what ten years have on record and as drawn.
    """
    jax_for("plan")
    history = world()
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
            found[f"{group}.{key}"] = _weighted_mean(key, rows)
    tell("Drawing ten years", None)
    return found | {f"ten_years.{key}": value for key, value in ten_years(logs).items()}


def _weighted_mean(key: str, rows: list[Row]) -> float:
    """The mean over origins, each weighted by how many countries of that kind it has."""
    if key.endswith(".n"):
        return float(sum(row[key] for row in rows))
    weights = [row[f"{key}.n"] for row in rows]
    if not sum(weights):
        return float("nan")
    known = [(row[key] * one, one) for row, one in zip(rows, weights, strict=True) if one]
    return float(sum(part for part, _ in known) / sum(weights))
