"""A replay knows nothing later than its origin."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from tocsin.anticipate.alerts.records.replay import best_before, origins, replay
from tocsin.anticipate.data.panel import Panel, add_months

MONTHS = tuple(add_months(date(2000, 1, 1), i) for i in range(72))


def history(seed: int = 1) -> Panel:
    deaths = np.random.default_rng(seed).poisson(3.0, (4, 72)).astype(float)
    deaths[3, :60] = np.nan
    return Panel((1, 2, 3, 4), ("a", "b", "c", "d"), MONTHS, "n", deaths)


def said(panel: Panel, when: list[date]) -> list[np.ndarray]:
    found = replay(panel, lambda _year: "negative binomial", when, horizon=3, seed=1)
    return [one.draws for one in found]


def test_later_months_change_nothing() -> None:
    full = history()
    bent = Panel(full.gwnos, full.territories, MONTHS, "n", full.deaths.copy())
    bent.deaths[:, 61:] = 999
    when = list(MONTHS[30:61:5])
    for one, two in zip(said(full, when), said(bent, when), strict=True):
        np.testing.assert_array_equal(one, two)


def test_a_state_not_yet_born_is_not_forecast() -> None:
    first, last = said(history(), [MONTHS[40], MONTHS[65]])
    assert first.shape[0] == 3
    assert last.shape[0] == 4


def test_simple_models_go_monthly_and_heavy_ones_quarterly() -> None:
    assert len(origins(history(), 2004, {"negative binomial"})) == 25
    thin = origins(history(), 2004, {"forest"})
    assert thin[-1] == MONTHS[-1]
    assert len(thin) == 9


def test_the_model_of_a_year_is_chosen_on_years_before() -> None:
    rows = [
        ("negative binomial", "2001", 1.0), ("zero-inflated", "2001", 2.0),
        ("negative binomial", "2002", 9.0), ("zero-inflated", "2002", 1.0),
        ("negative binomial", "2003", 1.0), ("zero-inflated", "2003", 1.5),
    ]  # fmt: skip
    track = pl.DataFrame(
        [{"model": m, "window": w, "horizon": 0, "region": "all", "crps": c} for m, w, c in rows]
    )
    choose = best_before(track)
    assert [choose(y) for y in (2002, 2003)] == ["negative binomial", "zero-inflated"]
