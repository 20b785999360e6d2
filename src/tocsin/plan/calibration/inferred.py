"""Between a parameter's range and the whole line, and where the inferred parameters stand."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tocsin.plan.posterior import INFERRED
from tocsin.plan.region.parameters import PARAMETERS

Floats = npt.NDArray[np.float64]
BOX = np.array(list(INFERRED.values()))
"""Lower and upper ends of the wide priors, shape (D, 2)."""
PLACES = np.array([[one.name for one in PARAMETERS].index(name) for name in INFERRED])
"""Where the inferred parameters stand among all of the model, shape (D,)."""


def to_line(values: Floats) -> Floats:
    """Map parameters from their box to the whole line, so that no posterior leaves the box.

    Args:
        values: shape (S, D), within the box.

    Returns:
        Logits, shape (S, D).
    """
    share = np.clip((values - BOX[:, 0]) / (BOX[:, 1] - BOX[:, 0]), 1e-6, 1 - 1e-6)
    return np.asarray(np.log(share) - np.log1p(-share))


def to_box(logits: Floats) -> Floats:
    """Map numbers on the line back to parameters, the inverse of `to_line`."""
    return np.asarray(BOX[:, 0] + (BOX[:, 1] - BOX[:, 0]) / (1.0 + np.exp(-logits)))
