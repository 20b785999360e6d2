"""The smallest regional model, which several files of tests play by one compiled program.

Incidents have a number and deaths, and nothing else happens, for a year in two territories under
two portfolios. Who asks for other shapes, weeks to plan for, or another mechanism waits for the
compiler, some five seconds of a processor.
"""

from __future__ import annotations

import numpy as np

from tocsin.plan.region.levels import make_levels
from tocsin.plan.region.model import Begun, Model
from tocsin.plan.region.outcomes import YEAR

FEW = ("incidents", "severity", "intensity")
MODEL = Model(FEW, paths="region")
PLANS, HELD = make_levels([{}, {"dialogue": 1.0}], {}, weeks=YEAR)
BEGUN = Begun(
    np.array([[4.0], [0.5]], np.float32), np.ones((2, 1), np.float32),
    np.full((2, 5), 0.2, np.float32),
    np.array([[0, 1], [1, 0]], np.float32), np.full((2, 3, 1), 0.1, np.float32),
    np.ones((5, 1), np.float32), HELD,
)  # fmt: skip
