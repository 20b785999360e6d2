"""Several statements of one tie are one tie; what goes on after a source ends is marked."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from tocsin.anticipate.diffusion.region.statements import join_statements

YEAR = 365
Row = tuple[date | None, date | None, float, bool]
SCHEMA = {
    "related_id": pl.String, "actor_id": pl.String, "channel": pl.String,
    "from_date": pl.Date, "to_date": pl.Date, "weight": pl.Float64, "source_ends": pl.Boolean,
}  # fmt: skip


def joined(*rows: Row, channel: str = "sponsor") -> list[tuple[Any, ...]]:
    table = pl.DataFrame([("u", "e", channel, *one) for one in rows], schema=SCHEMA, orient="row")
    made = join_statements(table).select("from_date", "to_date", "weight", "fades")
    return made.rows()


def test_the_strongest_statement_counts_while_several_hold() -> None:
    first, second = date(2010, 1, 1), date(2012, 1, 1)
    third, last = date(2013, 1, 1), date(2016, 1, 1)
    told = joined((first, third, 0.5, False), (second, last, 1.0, False))
    assert told == [(first, second, 0.5, False), (second, last, 1.0, False)]
    within = joined((first, last, 0.5, False), (second, third, 0.5, False))
    assert within == [(first, last, 0.5, False)]
    apart = joined((first, second, 1.0, False), (third, last, 1.0, False))
    assert apart == [(first, second, 1.0, False), (third, last, 1.0, False)]
    always = joined((None, None, 0.5, False), (second, third, 1.0, False))
    assert always == [
        (None, second, 0.5, False), (second, third, 1.0, False), (third, None, 0.5, False)
    ]  # fmt: skip


def test_shared_adversaries_add_up() -> None:
    span = date(2010, 1, 1), date(2012, 1, 1)
    both = joined((*span, 0.5, False), (*span, 0.25, False), channel="adversary")
    assert both == [(*span, 0.75, False)]
    assert joined((*span, 0.5, False), (*span, 0.25, False)) == [(*span, 0.5, False)]
    later = (date(2011, 1, 1), date(2013, 1, 1))
    assert len(joined((*span, 0.5, False), (*later, 0.25, False), channel="territory")) == 2


def test_a_statement_stands_in_place_of_what_only_goes_on() -> None:
    ends = date(2017, 12, 31)
    begins = date(2018, 7, 1)
    told = joined((date(2015, 1, 1), ends, 1.0, True), (begins, None, 0.1, False))
    assert told[0] == (date(2015, 1, 1), ends, 1.0, False)
    assert told[1] == (ends, begins, pytest.approx(0.5**0.5), True)
    assert told[2:] == [(begins, None, 0.1, False)]


def test_who_has_two_sponsors_to_the_end_goes_on_once() -> None:
    ends = date(2017, 12, 31)
    told = joined((date(2015, 1, 1), ends, 0.5, True), (date(2016, 1, 1), ends, 1.0, True))
    assert [row[3] for row in told] == [False, False, *[True] * 10]
    assert [row[2] for row in told[:4]] == [0.5, 1.0, pytest.approx(0.5**0.5), 0.5]
    assert all(one[1] == other[0] for one, other in pairwise(told))


def test_statements_of_one_day_are_kept() -> None:
    day = date(2014, 5, 1)
    assert joined((day, day, 1.0, False), (day, day, 0.5, False)) == [(day, day, 1.0, False)]
    other = date(2015, 5, 1)
    assert joined((day, day, 1.0, False), (other, other, 0.5, False)) == [(day, day, 1.0, False)]
