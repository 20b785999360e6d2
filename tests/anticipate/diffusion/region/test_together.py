"""Classes that are used together, beside independent ones."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.diffusion.region.together import (
    adjust_p,
    technology_couse,
    technology_synchrony,
)
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.vocabulary.technology import DOMAINS, TECHNOLOGIES

A, B = "improvised-explosives", "uncrewed-aircraft"


def _frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return conform(TABLES[table], pl.DataFrame(rows, schema=empty(TABLES[table]).schema))


def _spells_and_draws(holders: dict[str, set[int]]) -> dict[str, pl.DataFrame]:
    where = {"territory": "Syria", "gwno": 652, "source": "s"}
    spells = [
        where | {"actor_id": str(n), "actor": f"G{n}", "first_day": date(2010, 1, 1),
                 "last_day": date(2020, 1, 1), "known_until": date(2020, 1, 1),
                 "still_active": True, "n_incidents": 4, "government": False}
        for n in range(20)
    ]  # fmt: skip
    draws = [
        where | {"draw": draw, "actor_id": str(n), "actor": f"G{n}", "technology": name,
                 "onset": date(2015, 1, 1) if n in some else None, "singled": True}
        for name, some in holders.items() for n in range(20) for draw in range(3)
    ]  # fmt: skip
    return {"actor_spells": _frame("actor_spells", spells),
            "adoption_draws": _frame("adoption_draws", draws)}  # fmt: skip


@pytest.mark.parametrize(
    ("other", "both"), [({0, 1, 2, 3}, 4.0), ({4, 5, 6, 7}, 0.0), ({0, 4, 5, 6}, 1.0)]
)
def test_common_users_stand_beside_independent_ones(other: set[int], both: float) -> None:
    found = technology_couse(_spells_and_draws({A: {0, 1, 2, 3}, B: other}))
    pair = found.filter((pl.col("one") == B) & (pl.col("other") == A)).row(0, named=True)
    assert (pair["both"], pair["low"], pair["high"]) == (both, both, both)
    assert pair["independent"] == pytest.approx(4 * 4 / 20)
    assert found.height == 10


def _quarters(series: dict[str, list[float]], gwno: int) -> list[dict[str, Any]]:
    return [
        {"actor_id": "1", "actor": "G", "technology": name, "territory": str(gwno), "gwno": gwno,
         "quarter": date(2010 + at // 4, 3 * (at % 4) + 1, 1), "expected": value, "low": 0.0,
         "high": value, "source": "s"}
        for name, values in series.items() for at, value in enumerate(values)
    ]  # fmt: skip


def test_a_common_season_alone_is_no_synchrony_and_common_bursts_are() -> None:
    random = np.random.default_rng(1)
    season = np.tile([8.0, 1.0, 1.0, 1.0], 8)
    ps = {}
    for name in ("season", "bursts"):
        rows = []
        for gwno in range(640, 646):
            burst = np.repeat(random.exponential(6.0, 8), 4)
            own = [season + random.exponential(1.0, 32) for _ in range(2)]
            if name == "bursts":
                own = [one + burst for one in own]
            rows += _quarters({A: own[0].tolist(), B: own[1].tolist()}, gwno)
        found = technology_synchrony(
            {"adoption_quarters": _frame("adoption_quarters", rows)}, seed=1
        )
        pair = found.filter(kind="class").row(0, named=True)
        assert (pair["territories"], pair["quarters"]) == (6, 192)
        ps[name] = pair["p"]
        assert found.filter(kind="domain").select("one", "other").row(0) == ("air", "land")
        if name == "season":
            assert pair["independent"] > 0.5  # what a common season makes by itself
    assert ps["bursts"] <= 0.01
    assert ps["season"] > 0.05


def test_nothing_gives_nothing_and_short_series_are_left_out() -> None:
    none = {name: empty(TABLES[name]) for name in ("actor_spells", "adoption_draws")}
    assert technology_couse(none).is_empty()
    rows = _quarters({A: [1.0, 2.0] * 4, B: [2.0, 1.0] * 4}, 652)
    short = {"adoption_quarters": _frame("adoption_quarters", rows)}
    assert technology_synchrony(short, seed=1).is_empty()
    assert technology_synchrony(
        {"adoption_quarters": empty(TABLES["adoption_quarters"])}, seed=1
    ).is_empty()


def test_a_class_that_is_hardly_used_has_no_season() -> None:
    few = _quarters({A: [1.0, 2.0] * 8, B: [0.1, 0.0] * 8}, 652)
    assert technology_synchrony({"adoption_quarters": _frame("adoption_quarters", few)},
                                seed=1).is_empty()  # fmt: skip


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_adjusted_p_values_keep_their_order_and_are_holms(values: list[float]) -> None:
    found = adjust_p(values)
    order = np.argsort(values, kind="stable")
    steps = np.asarray(found)[order]
    assert (np.diff(steps) >= 0).all()
    assert all(one <= other for one, other in zip(values, found, strict=True))
    # A test that is rejected with all others is rejected by Bonferroni's rule among those left.
    left = len(values) - np.arange(len(values))
    assert (steps >= np.minimum(np.asarray(values)[order] * left, 1.0) - 1e-12).all()
    assert steps[0] == min(1.0, len(values) * min(values))


def test_all_rows_of_the_table_count_for_the_adjusted_p() -> None:
    random = np.random.default_rng(3)
    rows = []
    for gwno in range(640, 643):
        rows += _quarters({name: random.exponential(3.0, 24).tolist() for name in TECHNOLOGIES[:3]},
                          gwno)  # fmt: skip
    found = technology_synchrony({"adoption_quarters": _frame("adoption_quarters", rows)}, seed=2)
    assert found.height > 3
    assert found["p_holm"].to_list() == adjust_p(found["p"].to_list())
    conform(TABLES["technology_synchrony"], found.with_columns(source=pl.lit("s")))


def test_every_class_has_a_domain() -> None:
    assert set(DOMAINS) == set(TECHNOLOGIES)
