"""A future of the region's own model."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

import smallest
from tocsin.errors import UsageError
from tocsin.plan.exercise import draw_future
from tocsin.plan.region import model

FORECASTS = pl.DataFrame(
    [
        {"gwno": gwno, "horizon": horizon, "month": date(2023, horizon, 1), "mean": 40.0}
        for gwno in (432, 436)
        for horizon in range(1, 13)
    ]
)
ADOPTION = pl.DataFrame(
    schema={"gwno": pl.Int64, "technology": pl.String, "expected": pl.Float64,
            "first_seen": pl.Date, "last_seen": pl.Date}
)  # fmt: skip


@pytest.mark.slow
def test_the_same_number_is_the_same_future(monkeypatch: pytest.MonkeyPatch) -> None:
    # What an exercise shows of a future is asked here, so that few mechanisms are enough.
    monkeypatch.setattr(model, "Model", lambda paths: smallest.MODEL._replace(paths=paths))
    tables = {"forecasts": FORECASTS, "adoption": ADOPTION}
    one, two, other = (draw_future(tables, [432, 436], number=n, months=6) for n in (1, 1, 2))
    assert one.territories == ("Mali", "Niger")
    assert one.months[0] == date(2023, 1, 1)
    assert one.deaths.shape == (6, 2)
    assert (one.deaths == two.deaths).all()
    assert (one.deaths != other.deaths).any()


def test_too_many_months() -> None:
    with pytest.raises(UsageError, match="cannot be"):
        draw_future({}, [432], number=1, months=40)
