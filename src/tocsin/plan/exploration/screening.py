"""Which parameters can be left alone: Morris's elementary effects, beside Sobol's indices.

Morris (1991, Technometrics 33) moves one input at a time along trajectories; the mean of the
absolute effects, mu* (Campolongo, Cariboni and Saltelli 2007, Environmental Modelling & Software
22), orders inputs at a small part of what Sobol's indices cost, and their standard deviation says
whether an effect depends on the other inputs.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.errors import UsageError, require
from tocsin.plan.exploration.futures import Contest, inputs
from tocsin.plan.exploration.sensitivity import UNKNOWN, play_design

LEVELS = 8
"""Places in each input at which trajectories step."""


def screening(
    asked: Contest, *, outcome: str = "deaths", trajectories: int = 20, seed: int = 0
) -> pl.DataFrame:
    """Work out the elementary effects of each parameter on the difference of two portfolios.

    Args:
        asked: the portfolios.
        outcome: a key of the model's outcomes.
        trajectories: how many, at least 4; each plays as many futures as there are inputs, and one.
        seed: start of all random numbers.

    Returns:
        A row an input, the strongest first: `input`, `effect` (mu*, in the outcome's unit for a
        move over the whole prior), `effect_error` (half width of its 95 % interval) and `spread`
        (sigma: how far the effect depends on other inputs). What happens by chance is one input,
        how violence goes on after the first year is another, and so are all parameters that are
        drawn jointly: they move along eight of their draws, in the order of the direction in which
        these differ most.

    Raises:
        UsageError: there are fewer than 4 trajectories.
        MissingExtra: SALib is not installed.
    """
    if trajectories < 4:
        raise UsageError(f"{trajectories} trajectories are too few.", remedy="Give at least 4.")
    sampler = require("SALib.sample.morris", extra="explore")
    analyzer = require("SALib.analyze.morris", extra="explore")
    names = [*inputs(asked.posterior), *UNKNOWN]
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    drawn = sampler.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    played = play_design(asked, drawn, outcome)
    found = analyzer.analyze(problem, drawn, played, num_levels=LEVELS, seed=seed)
    return pl.DataFrame(
        {
            "input": names,
            "effect": np.asarray(found["mu_star"], np.float64),
            "effect_error": np.asarray(found["mu_star_conf"], np.float64),
            "spread": np.asarray(found["sigma"], np.float64),
        }
    ).sort("effect", "input", descending=[True, False])
