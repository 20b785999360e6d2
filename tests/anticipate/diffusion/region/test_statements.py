"""Several statements of one tie are one tie; what goes on after a source ends is marked."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.hazard.design import Links
from tocsin.anticipate.diffusion.region.statements import find_fading, join_statements

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


def test_links_of_support_that_only_goes_on_are_found_by_channel_ends_and_beginning() -> None:
    """Of five links one is marked: the others have another channel, end, user or beginning."""
    day = date(2018, 1, 1)
    begin = float((day - date(1970, 1, 1)).days)
    told = pl.DataFrame(
        [("u", "e", "sponsor", day, None, 1.0, True), ("u", "e", "training", day, None, 1.0, False),
         ("x", "e", "other", day, None, 1.0, True)],
        schema={"related_id": pl.String, "actor_id": pl.String, "channel": pl.String,
                "from_date": pl.Date, "to_date": pl.Date, "weight": pl.Float64,
                "fades": pl.Boolean},
        orient="row",
    )  # fmt: skip
    # Two classes: the cases of e, of u and of x are 0 and 1, 2 and 3, 4 and 5.
    cases: Any = SimpleNamespace(actors=("e", "u", "x"), actor=np.array([0, 0, 1, 1, 2, 2]))
    ties: Any = SimpleNamespace(channels=("sponsor = ties", "training"))
    rows = [(0, 3, 1, begin), (1, 3, 1, begin), (0, 1, 3, begin), (0, 5, 1, begin),
            (0, 3, 1, begin + 1)]  # fmt: skip
    channel, source, target, start = (np.array(one) for one in zip(*rows, strict=True))
    links = Links(channel, source, target, np.ones(5), start, np.full(5, np.inf))
    assert find_fading(told, ties, links, cases).tolist() == [True, False, False, False, False]
    nothing = find_fading(told.with_columns(fades=pl.lit(False)), ties, links, cases)
    assert nothing.tolist() == [False] * 5


def test_what_fades_halves_in_two_years_and_ends_after_ten() -> None:
    ends = date(2017, 12, 31)
    told = joined((date(2015, 1, 1), ends, 0.8, True))
    assert told[0] == (date(2015, 1, 1), ends, 0.8, False)
    assert len(told) == 1 + 10
    for year, (begin, end, weight, fades) in enumerate(told[1:], 1):
        assert begin == ends + timedelta(days=365 * (year - 1))
        assert end == ends + timedelta(days=365 * year)
        assert weight == pytest.approx(0.8 * 2 ** (-year / 2))
        assert fades
