"""Incidents are counted in whole weeks before a day, and nothing from that day on is read."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from tocsin.errors import StageNotReady
from tocsin.plan.calibration.series import FEWEST, watch

UNTIL = date(2018, 1, 1)


def frame(rows: list[tuple[int, date, int, int | None]]) -> pl.DataFrame:
    names = ["gwno", "date_start", "date_prec", "deaths_best"]
    return pl.DataFrame(rows, schema=names, orient="row")


def every_week(gwno: int, weeks: int = 130) -> list[tuple[int, date, int, int | None]]:
    return [(gwno, UNTIL - timedelta(weeks=at + 1), 1, 2) for at in range(weeks)]


def test_counts_are_by_week_and_territory_and_sizes_of_all() -> None:
    rows = [
        *every_week(482),
        (625, UNTIL - timedelta(days=1), 1, 7),
        (625, UNTIL - timedelta(weeks=3), 1, 1),  # one death makes an incident deadly
        (625, UNTIL - timedelta(days=8), 4, 9),  # some day of a month: a size, but no week
        (482, UNTIL - timedelta(days=1), 1, 0),  # nobody died
        (482, UNTIL - timedelta(days=1), 1, None),
        (482, UNTIL, 1, 1_000),  # after the last day
        (652, UNTIL - timedelta(days=1), 1, 50),  # elsewhere
    ]
    kept, seen = watch(frame(rows), (482, 500, 625), UNTIL)
    assert kept == (482, 625)
    assert seen.counts.shape == (130, 2)
    assert seen.counts[:, 0].tolist() == [1.0] * 130
    assert np.flatnonzero(seen.counts[:, 1]).tolist() == [127, 129]
    assert sorted(seen.sizes)[-2:] == [7.0, 9.0]
    assert seen.border.tolist() == [[0.0, 1.0], [1.0, 0.0]]


def test_a_window_is_of_whole_quarters_and_of_five_years_at_most() -> None:
    assert watch(frame(every_week(482, 111)), (482,), UNTIL)[1].counts.shape == (104, 1)
    assert watch(frame(every_week(482, 400)), (482,), UNTIL)[1].counts.shape == (260, 1)
    assert watch(frame(every_week(482, 400)), (482,), UNTIL, weeks=117)[1].counts.shape == (117, 1)


@pytest.mark.parametrize("weeks", [0, 20, FEWEST])
def test_too_little_is_refused(weeks: int) -> None:
    with pytest.raises(StageNotReady, match="deadly incidents"):
        watch(frame(every_week(482, weeks)), (482,), UNTIL)


def test_fifty_incidents_in_two_years_to_the_day_are_enough() -> None:
    first = (482, UNTIL - timedelta(weeks=104), 3, 2)  # some day of a week is near enough
    rows = [first, *every_week(482, FEWEST - 1)]
    _, seen = watch(frame(rows), (482,), UNTIL)
    assert seen.counts.shape == (104, 1)
    assert (seen.counts[0, 0], seen.counts.sum()) == (1.0, FEWEST)
    for few in (rows[:-1], [(482, UNTIL - timedelta(weeks=103), 1, 2), *rows[1:]]):
        with pytest.raises(StageNotReady, match="deadly incidents"):
            watch(frame(few), (482,), UNTIL)
