"""What the tests of models share: a small world of busy and of quiet units."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.data.panel import Panel, add_months


@pytest.fixture
def history() -> Callable[[int, int], Panel]:
    """Makes a panel of so many units and months, from January 2000 on."""

    def made(units: int, months: int) -> Panel:
        random = np.random.default_rng(1)
        level = np.where(random.random((units, 1)) < 0.4, 30.0, 0.05)
        deaths = random.poisson(level * random.gamma(0.7, 1.4, (units, months))).astype(float)
        stamps = tuple(add_months(date(2000, 1, 1), i) for i in range(months))
        names = tuple(f"unit {i}" for i in range(units))
        return Panel(tuple(range(1, units + 1)), names, stamps, "n", deaths)

    return made
