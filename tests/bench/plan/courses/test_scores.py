"""Which territories have just fallen from war."""

from __future__ import annotations

import numpy as np

from tocsin.bench.plan.courses.scores import have_fallen


def test_deaths_have_fallen_where_the_last_months_are_far_below_the_year() -> None:
    year = np.full((4, 12), 100.0)
    year[1, -3:] = 40.0
    year[2, -1] = 5.0
    year[3] = [24.0] * 6 + [1.0] * 6  # fewer than 300 in the year
    assert have_fallen(year).tolist() == [[False, True, False, False], [False, False, True, False]]
