"""From when to when ties hold, beside first uses by day, by year and by period."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.periods import spread_periods
from tocsin.anticipate.diffusion.tables.ties import Ties, join_spells, read_ties

NAMES = list("abcd")


def _cases(*times: object, **more: object) -> Cases:
    told = pl.Series("time", [None if one is None else str(one) for one in times])
    table = pl.DataFrame({"actor": NAMES, "technology": "x"}).with_columns(told)
    return spread_periods(read_cases(table, **more))  # type: ignore[arg-type]


def _ties(cases: Cases, *spans: tuple[str, str], weights: str = "") -> Ties:
    table = pl.DataFrame(
        [
            ("a", "b", "t", *span, weight)
            for span, weight in zip(spans, weights or "1" * len(spans), strict=True)
        ],
        schema=["source", "target", "channel", "from", "to", "weight"],
        orient="row",
    )
    return read_ties(table, cases)


def test_years_stand_for_their_days_beside_first_uses_by_day() -> None:
    cases = _cases("2010-03-01", "2011-05-04", "2012-07-08", None)
    ties = _ties(cases, ("2010", "2011"), ("2010-01-01", "2011-12-31"), ("2011", ""))
    assert ties.refused.is_empty()
    assert len(ties.start) == 2, "the first two are one tie"
    first = np.datetime64("2010-01-01").astype(float)
    assert (ties.start[0], ties.end[0]) == (first, np.datetime64("2012-01-01").astype(float))


def test_days_stand_for_parts_of_years_beside_first_uses_by_year() -> None:
    exact = _ties(_cases(2010.5, 2011.25, 2012.125, None), ("2010-07-02", "2011-12-31"))
    assert exact.start[0] == pytest.approx(2010.5, abs=0.003)
    assert exact.end[0] == pytest.approx(2012.0)
    whole = _ties(_cases(2010, 2011, 2012, None), ("2010-01-01", "2011-12-31"))
    assert (whole.start[0], whole.end[0]) == pytest.approx((2009.0, 2011.0))


@pytest.mark.parametrize("times", [(2010, 2011, 2013, None), (2010, 2011, 2011, None)])
def test_a_tie_of_one_year_holds_when_first_uses_of_this_year_came(
    times: tuple[int | None, ...],
) -> None:
    """A study that tells ties anew for each year had a share of exactly nothing."""
    ties = _ties(_cases(*times, start=2010), ("2011", "2011"))
    assert (ties.start[0], ties.end[0]) == (2010.0, 2011.0)
    assert any("all of the periods (1 year) in" in note for note in ties.notes)


def test_a_tie_of_one_wave_holds_in_it() -> None:
    both = _ties(_cases(2, 2, 4, 4), ("4", "4"))
    assert both.start.tolist() == [2.0]
    assert any("all of the periods (2 months) in" in note for note in both.notes)
    assert _ties(_cases(1, 2, 4, None), ("4", "4")).start.tolist() == [3.0]
    instants = _ties(_cases(1.5, 2, 4, None), ("3", "4"))
    assert (instants.start[0], instants.end[0]) == (3.0, 4.0)
    assert _ties(_cases(1, 2, 4, None), ("3", "4")).start.tolist() == [3.0]


def test_what_is_told_anew_for_each_year_is_one_tie() -> None:
    cases = _cases(2010, 2012, 2015, None)
    years = [(str(one), str(one)) for one in (2010, 2011, 2012, 2014)]
    told = join_spells(_ties(cases, *years))
    assert (told.start.tolist(), told.end.tolist()) == ([2009.0, 2013.0], [2012.0, 2014.0])
    assert sum("2 ties follow" in note for note in told.notes) == 1
    again = join_spells(_ties(cases, ("2010", "2013"), ("2011", "2012"), ("2012", "2014")))
    assert (again.start.tolist(), again.end.tolist()) == ([2009.0], [2014.0])


def test_ties_of_other_weights_that_overlap_are_told() -> None:
    cases = _cases(2010, 2012, 2015, None)
    told = join_spells(_ties(cases, ("2010", "2013"), ("2011", "2012"), weights="12"))
    assert len(told.start) == 2
    assert any("1 tie overlaps" in note for note in told.notes)
    apart = join_spells(_ties(cases, ("2010", "2011"), ("2012", "2012"), weights="12"))
    assert not any("overlap" in note for note in apart.notes)


@pytest.mark.parametrize(("start", "years"), [(1800, True), (1799, False)])
def test_numbers_are_years_from_eighteen_hundred_on(start: int, years: bool) -> None:
    """A year is over at its end; another number is an instant."""
    cases = _cases(start + 1.5, start + 2, start + 4, None, start=start, unit="year")
    ties = _ties(cases, (str(start + 1), str(start + 2)))
    assert (ties.start[0], ties.end[0]) == (start + 1, start + 2 + years)
