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
