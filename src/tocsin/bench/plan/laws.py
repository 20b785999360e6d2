"""Which law the sizes of events have: a power law, or a stretched exponential.

Clauset, Shalizi and Newman (2009), Power-law distributions in empirical data, SIAM Review 51(4),
for whole numbers; Bohorquez et al. (2009) for insurgencies. The library `powerlaw` was tried: its
stretched exponential ended without a valid fit on most of the dyads here.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
LAWS = ("power law", "stretched exponential", "neither")
"""What the sizes of a dyad's events may have."""
KEPT = 40
"""Events at least that must remain above the size from which a law is fitted."""
SURE = 0.1
"""The p-value of the comparison below which one law is preferred."""


class Fit(NamedTuple):
    """This is a law fitted to sizes from `least` on."""

    least: float
    parameters: tuple[float, ...]
    logs: Floats
    """The log likelihood of each size, shape (E,)."""


def compare_laws(incidents: pl.DataFrame, *, fewest: int = 50) -> pl.DataFrame:
    """Tell for each dyad whether a power law or a stretched exponential fits its sizes better.

    Args:
        incidents: the columns `dyad_id` and `deaths_best`.
        fewest: deadly events that a dyad needs.

    Returns:
        A row a dyad: `dyad_id, events, least` (from which size on, by the smallest distance of
        Kolmogorov and Smirnov to the power law), `exponent`, `ratio` (of log likelihoods, above 0
        for the power law), `p` (of the test of Vuong 1989, Econometrica 57(2)), and `better`, one
        of `LAWS`. A stretched exponential comes near a power law as its power goes to 0, so
        'neither' says that a power law is as good.
    """
    rows: list[dict[str, Any]] = []
    deadly = incidents.filter(pl.col("deaths_best") > 0, pl.col("dyad_id").is_not_null())
    for (dyad,), part in deadly.group_by("dyad_id", maintain_order=True):
        sizes = part["deaths_best"].to_numpy().astype(np.float64)
        if len(sizes) < fewest:
            continue
        law = fit_power_law(sizes)
        bent = fit_stretched(sizes, law.least)
        ratio, p = vuong(law.logs, bent.logs)
        better = LAWS[2] if p >= SURE else LAWS[0] if ratio > 0 else LAWS[1]
        rows.append(
            {
                "dyad_id": dyad,
                "events": len(sizes),
                "least": law.least,
                "exponent": law.parameters[0],
                "ratio": ratio,
                "p": p,
                "better": better,
            }
        )
    return pl.DataFrame(rows)


def fit_power_law(sizes: Floats) -> Fit:
    """Fit a power law of whole numbers, from the size on from which it fits best.

    Args:
        sizes: whole numbers above 0.

    Returns:
        The fit, whose parameter is the exponent; it is at least 1.01.
    """
    from scipy.special import zeta

    best: tuple[float, Fit] | None = None
    for least in np.unique(sizes):
        large = np.sort(sizes[sizes >= least])
        if best is not None and len(large) < KEPT:
            break

        alpha = _likeliest(large, float(least))
        values, counts = np.unique(large, return_counts=True)
        seen = np.cumsum(counts) / len(large)
        distance = float(np.abs(seen - (1 - zeta(alpha, values + 1) / zeta(alpha, least))).max())
        if best is None or distance < best[0]:
            best = distance, Fit(float(least), (alpha,), _logs(alpha, large, float(least)))
    assert best is not None
    return best[1]


def fit_stretched(sizes: Floats, least: float) -> Fit:
    """Fit a stretched exponential of whole numbers, S(x) = exp(−λ (x^β − least^β)).

    Args:
        sizes: whole numbers above 0.
        least: the size from which on it is fitted.

    Returns:
        The fit, whose parameters are λ and β.
    """
    from scipy.optimize import minimize

    large = np.sort(sizes[sizes >= least])

    def log_likelihoods(at: Floats) -> Floats:
        rate, power = np.exp(np.clip(at, -30.0, 5.0))
        here, after = rate * (large**power - least**power), rate * (large + 1.0) ** power
        gap = np.maximum(after - rate * large**power, 1e-12)
        return np.asarray(-here + np.log(-np.expm1(-gap)))

    # Heavy tails have small powers and large rates, so the search begins on both sides.
    found = [
        minimize(
            lambda at: -float(log_likelihoods(at).sum()),
            [np.log(rate), np.log(power)],
            method="Nelder-Mead",
            options={"maxiter": 4_000, "xatol": 1e-6, "fatol": 1e-6},
        )
        for rate, power in ((1.0 / large.mean(), 1.0), (2.0, 0.3))
    ]
    best = min(found, key=lambda one: float(one.fun))
    rate, power = np.exp(best.x)
    return Fit(least, (float(rate), float(power)), log_likelihoods(best.x))


def vuong(one: Floats, other: Floats) -> tuple[float, float]:
    """Compare two laws that are not nested.

    Args:
        one, other: log likelihoods of the same sizes, shape (E,).

    Returns:
        The ratio of log likelihoods, above 0 where the first fits better, and the two-sided
        p-value of its sign.
    """
    from scipy.special import erfc

    difference = one - other
    spread = float(difference.std())
    ratio = float(difference.sum())
    if spread == 0:
        return ratio, 1.0
    return ratio, float(erfc(abs(ratio) / (spread * np.sqrt(2.0 * len(difference)))))


def _logs(alpha: float, large: Floats, least: float) -> Floats:
    """The log likelihood of each size under a power law of whole numbers."""
    from scipy.special import zeta

    return np.asarray(-alpha * np.log(large) - np.log(zeta(alpha, least)))


def _likeliest(large: Floats, least: float) -> float:
    """The exponent of the greatest likelihood, between 1.01 and 8."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda alpha: -float(_logs(alpha, large, least).sum()), bounds=(1.01, 8.0), method="bounded"
    )
    return float(found.x)
