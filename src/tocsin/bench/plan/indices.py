"""Sensitivity indices and scenario discovery against what is known of published examples.

Ishigami and Homma (1990), and Sobol's G function with the coefficients of Saltelli et al. (2010),
have indices in closed form; a broken estimator beside them shows that the check can fail. PRIM is
held to the study that made scenario discovery known (Bryant and Lempert 2010, a renewable energy
standard), whose 882 futures the EMA Workbench ships.
"""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tocsin.base.iris import put_off_grammars
from tocsin.errors import require

Floats = npt.NDArray[np.float64]
SAMPLES = 2**16
HALF_WIDTH = 1.959964
"""SALib gives half widths of 95 % intervals; this many standard errors."""
MOST_ERRORS = 3.0
"""An index is right that lies within so many standard errors of what is known."""
NAMES = ("S1", "ST")
"""First-order and total indices, as SALib calls them."""
COEFFICIENTS = (78.0, 12.0, 0.5, 2.0, 97.0, 33.0)
"""Of the G function."""


def ishigami(x: Floats) -> Floats:
    """Evaluate the function of Ishigami and Homma (1990) with a = 7 and b = 0.1.

    Args:
        x: from -π to π, shape (S, 3).

    Returns:
        Shape (S,).
    """
    return np.asarray(
        np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    )


def ishigami_indices() -> tuple[Floats, Floats]:
    """Give its first-order and total indices in closed form.

    >>> [one.round(2).tolist() for one in ishigami_indices()]
    [[0.31, 0.44, 0.0], [0.56, 0.44, 0.24]]
    """
    one = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
    two = 7.0**2 / 8
    both = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + both
    return np.array([one, two, 0.0]) / whole, np.array([one + both, two, both]) / whole


def sobol_g(x: Floats) -> Floats:
    """Evaluate Sobol's G function.

    Args:
        x: from 0 to 1, shape (S, 6).

    Returns:
        Shape (S,).
    """
    a = np.array(COEFFICIENTS)
    return np.asarray(np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1))


def sobol_g_indices() -> tuple[Floats, Floats]:
    """Give its first-order and total indices in closed form."""
    single = 1 / (3 * (1 + np.array(COEFFICIENTS)) ** 2)
    whole = np.prod(1 + single) - 1
    rest = np.prod(1 + single) / (1 + single)
    return single / whole, single * rest / whole


def sobol_g_variance() -> float:
    """Give its variance.

    >>> round(sobol_g_variance(), 5)
    0.19347
    """
    return float(np.prod(1 + 1 / (3 * (1 + np.array(COEFFICIENTS)) ** 2)) - 1)


def deviations(
    function: Callable[[Floats], Floats], bounds: tuple[float, float], known: tuple[Floats, Floats],
    *, samples: int = SAMPLES, seed: int = 0, broken: bool = False,
) -> tuple[Floats, Floats, float]:  # fmt: skip
    """Estimate Sobol indices by SALib, and compare them with what is known.

    Args:
        function: takes (S, D), gives (S,).
        bounds: of all inputs.
        known: first-order and total indices, (D,) each.
        samples: base samples, a power of two.
        seed: start of random numbers.
        broken: True breaks the estimate on purpose: of each input, the sample in which it alone is
            exchanged takes the place of the sample in which the next one is.

    Returns:
        First-order and total indices, (2, D); how far they lie from what is known, in standard
        errors, (2, D); and the variance of what was played.
    """
    sampler = require("SALib.sample.sobol", extra="explore")
    analyzer = require("SALib.analyze.sobol", extra="explore")
    size = len(known[0])
    problem = {"num_vars": size, "names": [f"x{n}" for n in range(size)], "bounds": [bounds] * size}
    drawn = sampler.sample(problem, samples, calc_second_order=False, seed=seed)
    played = function(drawn)
    if broken:
        table = played.reshape(-1, size + 2)
        table[:, 1:-1] = np.roll(table[:, 1:-1], 1, axis=1)
        played = table.ravel()
    found = analyzer.analyze(problem, played, calc_second_order=False, seed=seed)
    errors = np.stack([np.maximum(found[f"{name}_conf"] / HALF_WIDTH, 1e-9) for name in NAMES])
    estimates = np.stack([np.asarray(found[name]) for name in NAMES])
    return estimates, np.abs(estimates - np.stack(known)) / errors, float(played.var())


def morris_order(
    function: Callable[[Floats], Floats], bounds: tuple[float, float], size: int, *, seed: int = 0
) -> list[int]:
    """Put inputs in the order of Morris's mu* (Campolongo et al. 2007), the strongest first."""
    sampler = require("SALib.sample.morris", extra="explore")
    analyzer = require("SALib.analyze.morris", extra="explore")
    problem = {"num_vars": size, "names": [f"x{n}" for n in range(size)], "bounds": [bounds] * size}
    drawn = sampler.sample(problem, 200, num_levels=8, seed=seed)
    found = analyzer.analyze(problem, drawn, function(drawn), num_levels=8, seed=seed)
    return [int(place) for place in np.argsort(-np.asarray(found["mu_star"]))]


def discover_box() -> dict[str, Any]:
    """Run PRIM on the futures of Bryant and Lempert (2010).

    Returns:
        The futures, those of interest, and of the last box with at most four limits its coverage,
        density and limited inputs.
    """
    pandas: Any = require("pandas", extra="explore")
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        # Importing it tells of packages for clusters that nobody asked for.
        warnings.simplefilter("ignore")
        put_off_grammars()
        workbench: Any = require("ema_workbench", extra="explore")
        prim: Any = require("ema_workbench.analysis.prim", extra="explore")
        logging.getLogger("EMA").setLevel(logging.ERROR)
        folder = Path(workbench.__file__).parent / "examples" / "data"
        table = pandas.read_csv(folder / "bryant et al 2010 data.csv", index_col=False)
        inputs, failed = table.iloc[:, 2:11], table.iloc[:, 15].to_numpy() == 1
        box = prim.Prim(inputs, failed, threshold=0.8).find_box()
    path = box.peeling_trajectory
    last = int(path[path["res_dim"] <= 4].index[-1])
    first, limits = box.box_lims[0], box.box_lims[last]
    limited = [name for name in inputs.columns if (first[name] != limits[name]).any()]
    return {
        "futures": len(table),
        "of_interest": int(failed.sum()),
        "coverage": float(path["coverage"][last]),
        "density": float(path["density"][last]),
        "limited": limited,
    }


def measure_indices(*, samples: int = SAMPLES, seed: int = 0) -> dict[str, Any]:
    """Measure indices and PRIM against what is known.

    Args:
        samples: base samples, a power of two.
        seed: start of random numbers.

    Returns:
        For each function first-order and total indices beside what is known, the variance, the
        greatest deviation in standard errors (3 or less is right), that of the broken estimate (it
        must be more), whether the check tells the two apart, Morris's order beside that of the
        total indices, and what PRIM finds.
    """
    cases: dict[str, Any] = {
        "ishigami": (ishigami, (-np.pi, np.pi), ishigami_indices()),
        "sobol_g": (sobol_g, (0.0, 1.0), sobol_g_indices()),
    }
    found: dict[str, Any] = {"samples": samples, "sobol_g_variance_known": sobol_g_variance()}
    for name, (function, bounds, known) in cases.items():
        index, right, variance = deviations(function, bounds, known, samples=samples, seed=seed)
        _, wrong, _ = deviations(function, bounds, known, samples=samples, seed=seed, broken=True)
        for place, kind in enumerate(("first", "total")):
            found[f"{name}_{kind}"] = index[place].round(4).tolist()
            found[f"{name}_{kind}_known"] = known[place].round(4).tolist()
        found[f"{name}_variance"] = variance
        found[f"{name}_standard_errors"] = float(right.max())
        found[f"{name}_broken_standard_errors"] = float(wrong.max())
        found[f"{name}_broken_caught"] = bool(wrong.max() > MOST_ERRORS >= right.max())
        found[f"{name}_morris_order"] = morris_order(function, bounds, len(known[0]), seed=seed)
        found[f"{name}_total_order"] = [int(place) for place in np.argsort(-known[1])]
    return found | {f"prim_{name}": value for name, value in discover_box().items()}
