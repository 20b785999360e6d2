"""First uses that are told by period."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.em import fit_em
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.periods import spread_periods
from tocsin.bench.diffusion.plants import plant_one_network


def _cases(*times: float | None, entry: float = 0.0) -> Cases:
    names = [f"g{i}" for i in range(len(times))]
    table = {"actor": names, "technology": "x", "time": times, "entry": entry}
    return read_cases(pl.DataFrame(table, schema_overrides={"time": pl.Float64}))


def test_first_uses_of_a_period_lie_within_it() -> None:
    found = spread_periods(_cases(1, 1, 1, 3, 3, 5, None))
    assert found.low[:6].tolist() == [0, 0, 0, 1, 1, 3]
    assert found.high[:6].tolist() == [1, 1, 1, 3, 3, 5]
    assert np.isnan(found.low[6])
    assert "periods of 2 months" in found.notes[-1]
    late = spread_periods(_cases(1, 1, 2, 2, 4, 4, entry=1.0))
    assert late.low.tolist() == [1, 1, 1, 1, 2, 2], "those at entry are seeds and stay there"


def _dated(*times: str, **columns: list[str]) -> Cases:
    names = [f"g{i}" for i in range(len(times))]
    table = pl.DataFrame({"actor": names, "technology": "x", "time": list(times), **columns})
    return spread_periods(read_cases(table))


def _spans(cases: Cases) -> list[tuple[str, str]]:
    write, event = cases.clock.write, cases.adopts & (cases.high > cases.entry)
    return [(write(a), write(b)) for a, b in zip(cases.low[event], cases.high[event], strict=True)]


MONTHS = [("2019-02-01", "2019-03-01"), ("2019-04-01", "2019-05-01")]


@pytest.mark.parametrize(
    ("times", "window", "spans"),
    [
        (("2019-01", "2019-02", "2019-04", ""), ("2019-02-01", "2019-05-01"), MONTHS),
        # A spreadsheet writes a month as its first day.
        (
            ("2019-01-01", "2019-01-01", "2019-02-01", "2019-02-01", "2019-04-01", "2019-04-01"),
            ("2019-02-01", "2019-05-01"), [MONTHS[0]] * 2 + [MONTHS[1]] * 2,
        ),
        (
            ("2019-Q1", "2019-Q2", "2020Q1", ""), ("2019-04-01", "2020-04-01"),
            [("2019-04-01", "2019-07-01"), ("2020-01-01", "2020-04-01")],
        ),
        # A year beside days is that year, and not its first day.
        (
            ("2019-03-05", "2020", "2021-06-01", ""), ("2019-03-05", "2021-06-01"),
            [("2020-01-01", "2021-01-01"), ("2021-06-01", "2021-06-01")],
        ),
    ],
)  # fmt: skip
def test_a_month_is_the_month_that_it_names(
    times: tuple[str, ...], window: tuple[str, str], spans: list[tuple[str, str]]
) -> None:
    cases = _dated(*times)
    assert (cases.clock.write(cases.start), cases.clock.write(cases.end)) == window
    assert _spans(cases) == spans
    assert not (cases.exit < cases.entry).any()


def test_days_of_which_some_are_no_first_of_a_month_are_days() -> None:
    cases = _dated("2019-01-01", "2019-02-01", "2019-02-15", "2019-03-01")
    assert _spans(cases)[0] == ("2019-02-01", "2019-02-01")
    few = _dated("2019-01-01", "2019-02-01", "2019-03-01", "2019-04-01")
    assert _spans(few)[0] == ("2019-02-01", "2019-02-01"), "four may be so by chance"
    years = _dated(*(f"{year}-01-01" for year in range(2014, 2019)))
    assert _spans(years)[0] == ("2015-01-01", "2016-01-01")


def test_a_month_lies_within_the_time_that_an_organisation_was_there() -> None:
    cases = _dated(
        "2019-01", "2019-03", "2019-03", "2019-05",
        entry=["", "2019-03-10", "", ""], exit=["", "", "2019-03-20", ""],
    )  # fmt: skip
    # Who came within the month of its first use may have had it before: it is no event.
    assert cases.low[1] == cases.high[1] == cases.entry[1]
    assert cases.clock.write(cases.entry[1]) == "2019-03-10"
    assert _spans(cases) == [("2019-03-01", "2019-03-20"), ("2019-05-01", "2019-06-01")]
    assert any("told by month" in note for note in cases.notes)
    assert any("events count from 2019-02-01" in note for note in cases.notes)


def test_a_window_that_begins_before_the_first_month_has_its_events() -> None:
    table = pl.DataFrame(
        {"actor": [*"abc"], "technology": "x", "time": ["2019-01", "2019-02", "2019-02"]}
    )
    cases = spread_periods(read_cases(table, start="2018-12"))
    assert cases.clock.write(cases.start) == "2018-12-01"
    assert _spans(cases)[0] == ("2019-01-01", "2019-02-01")


def test_rows_that_contradict_each_other_reach_to_the_end_of_the_last_month() -> None:
    table = pl.DataFrame(
        {"actor": [*"aabbc"], "technology": "x",
         "time": ["2019-02", "2019-04", "2019-03", "2019-03", "2019-01"]}
    )  # fmt: skip
    assert _spans(spread_periods(read_cases(table))) == [
        ("2019-02-01", "2019-05-01"), ("2019-03-01", "2019-04-01")
    ]  # fmt: skip


def test_times_that_few_share_stay_as_they_are() -> None:
    for times in ((1, 1, 2, 3, 4), (2, 2, 2, 2)):
        cases = _cases(*times)
        assert spread_periods(cases) is cases


def test_half_of_the_first_uses_have_to_be_exceeded() -> None:
    half = _cases(1, 1, 2, 3)
    assert spread_periods(half) is half
    assert spread_periods(_cases(1, 1, 1, 2, 3)).low.tolist() == [0, 0, 0, 1, 2]


def test_first_uses_of_two_classes_share_no_time() -> None:
    table = pl.DataFrame(
        {"actor": [*"abcd"] * 2, "technology": ["x"] * 4 + ["y"] * 4,
         "time": [1.0, 2, 3, 4, 1, 2, 3, 4]}
    )  # fmt: skip
    cases = read_cases(table)
    assert spread_periods(cases) is cases


def test_a_first_use_between_two_times_keeps_them_and_is_none_told_by_period() -> None:
    table = pl.DataFrame(
        {"actor": [*"abcdefg"], "technology": "x",
         "from": [2001.0, 2001, 2002, 2002, 2000.5, 2003, 2000],
         "to": [2001.0, 2001, 2002, 2002, 2001.75, 2003, 2000]}
    )  # fmt: skip
    found = spread_periods(read_cases(table))
    # The window starts in 2000, when g had it: a seed, which stays there.
    assert found.low.tolist() == [2000, 2000, 2001, 2001, 2000.5, 2002, 2000]
    assert found.high.tolist() == [2001, 2001, 2002, 2002, 2001.75, 2003, 2000]
    assert "periods of 1 year:" in found.notes[-1]


def test_a_share_survives_that_its_first_uses_are_told_by_period() -> None:
    plant = plant_one_network(10_000)
    period = np.ceil(plant.onset / plant.onset.max() * 20)
    told = read_cases(plant.adoptions.with_columns(time=pl.Series(period)))
    links = link_cases(told, plant.read)

    def share(cases: Cases) -> float:
        onset = draw_onsets(cases, np.random.default_rng(1))
        return float(fit_em(make_design(cases, links, onset, channels=1)).share.sum())

    assert share(spread_periods(told)) > share(told) + 0.05
    assert abs(share(spread_periods(told)) - plant.share[0]) < 0.1
