"""Origins to choose by, and how kinds are pooled."""

from __future__ import annotations

import numpy as np

from tocsin.bench.plan.courses import EARLY, LATE, _weighted_mean
from tocsin.bench.plan.courses.scores import YEARS


def test_no_origin_to_choose_by_looks_into_2018() -> None:
    assert max(EARLY) + YEARS < 2018 <= min(LATE) + 1


def test_a_kind_is_pooled_by_how_many_there_were() -> None:
    rows = [{"a": 1.0, "a.n": 3}, {"a": float("nan"), "a.n": 0}, {"a": 5.0, "a.n": 1}]
    assert _weighted_mean("a", rows) == 2.0
    assert _weighted_mean("a.n", rows) == 4.0
    assert np.isnan(_weighted_mean("a", rows[1:2]))
