"""Series as a matrix."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.data.panel import add_months, months_between, panel
from tocsin.errors import StageNotReady


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(-500, 500))
def test_months_add_up(day: date, step: int) -> None:
    first = day.replace(day=1)
    assert months_between(first, add_months(first, step)) == step


def test_absent_months_are_unknown_not_zero(seen: dict[str, pl.DataFrame]) -> None:
    history = panel(seen["series"].filter(pl.col("target") == "ged_sb"))
    south_sudan = history.deaths[history.gwnos.index(626)]
    column = months_between(history.months[0], date(2011, 7, 1))
    assert np.isnan(south_sudan[:column]).all()
    assert not np.isnan(south_sudan[column:]).any()
    assert history.deaths.shape == (191, 396)
    assert 626 not in history.upto(date(2010, 1, 1)).gwnos


def test_one_target_at_a_time(seen: dict[str, pl.DataFrame]) -> None:
    one = seen["series"].head(100)
    other = one.with_columns(pl.lit("another").alias("target"))
    with pytest.raises(StageNotReady):
        panel(pl.concat([one, other]))


def test_a_unit_without_a_count_in_a_year_is_left_out(seen: dict[str, pl.DataFrame]) -> None:
    history = panel(seen["series"].filter(pl.col("target") == "ged_sb"))
    found = history.left_out()
    last = np.isnan(history.deaths[:, -12:]).all(axis=1)
    assert found.tolist() == last.tolist()
    with pytest.warns(DeprecationWarning, match="left_out"):
        assert (history.living() == ~found).all()
