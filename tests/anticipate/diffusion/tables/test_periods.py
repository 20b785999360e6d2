"""First uses that are told by period."""

from __future__ import annotations

import numpy as np
import polars as pl

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
