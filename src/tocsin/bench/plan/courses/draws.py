"""Courses as they are drawn without the weekly model: parameters, random numbers, kinds."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tocsin.plan.region.mechanisms.threat.persistence.learnt import Learnt

Floats = npt.NDArray[np.float64]
KINDS = ("quiet", "low", "war", "large_war", "great_war")
"""By the deaths of a year: under 1, 25, 300 and 3,000, and more."""
USUAL = 0.65
"""The middle of the prior of `forecast_holds`."""


def kind_of(logs: Floats) -> npt.NDArray[np.int64]:
    """Tell of which of `KINDS` years are.

    Args:
        logs: log(1 + deaths) of each year.
    """
    return np.asarray(np.digitize(np.expm1(logs), (1, 25, 300, 3000)), np.int64)


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
