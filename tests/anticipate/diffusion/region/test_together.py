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
    _correlate_within,
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
                 "still_active": True, "n_incidents": 4,
                 "probability": 1.0, "government": False}
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


@pytest.mark.slow
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


def test_independent_common_users_are_of_each_territory_by_itself() -> None:
    tables = _spells_and_draws({A: {0, 1, 2, 4}, B: {0, 2, 3}})
    odd = (pl.col("actor_id").cast(pl.Int64) % 2 == 1).alias("odd")
    place = pl.when(odd).then(645).otherwise(652)
    moved = {
        name: table.with_columns(gwno=place.cast(table.schema["gwno"]))
        for name, table in tables.items()
    }
    # In the last of three draws nobody has the second class.
    late = pl.col("draw").eq(2) & pl.col("technology").eq(B)
    moved["adoption_draws"] = moved["adoption_draws"].with_columns(
        onset=pl.when(~late).then("onset")
    )
    found = technology_couse(moved)
    pair = found.filter((pl.col("one") == B) & (pl.col("other") == A)).row(0, named=True)
    assert (pair["users_one"], pair["users_other"]) == (2.0, 4.0)
    # 0 and 2 have both in two draws of three.
    assert pair["both"] == pytest.approx(4 / 3)
    assert (pair["low"], pair["high"]) == pytest.approx((0.2, 2.0))
    # Of ten each: three and two users of the even ones, one and one of the odd ones.
    assert pair["independent"] == pytest.approx((3 * 2 + 1 * 1) / 10 * 2 / 3)


def test_a_series_that_never_changes_goes_along_with_nothing() -> None:
    assert _correlate_within([(np.full(8, 2.0), np.arange(8.0))]) == 0.0


def test_a_correlation_is_of_what_is_left_after_the_mean_of_each_territory() -> None:
    random = np.random.default_rng(5)
    series = [random.exponential(4.0, (2, size)).round(1) for size in (12, 16)]
    rows = []
    for gwno, (one, other) in zip((640, 645), series, strict=True):
        rows += _quarters({A: one.tolist(), B: other.tolist()}, gwno)
    # One of two years only, and one in which the second class is hardly used.
    rows += _quarters({A: [5.0] * 4 + [9.0] * 4, B: [2.0, 4.0] * 4}, 650)
    rows += _quarters({A: [5.0, 2.0] * 8, B: [0.1] * 15 + [0.2]}, 652)
    found = technology_synchrony({"adoption_quarters": _frame("adoption_quarters", rows)}, seed=1)
    pair = found.filter(kind="class").row(0, named=True)
    assert (pair["territories"], pair["quarters"]) == (2, 28)
    logs = [np.log1p(one) for one in series]
    left = [np.concatenate([one[side] - one[side].mean() for one in logs]) for side in (0, 1)]
    assert pair["correlation"] == pytest.approx(np.corrcoef(*left)[0, 1])
    assert pair["independent_low"] < pair["independent"] < pair["independent_high"]
    assert 1 / 200 <= pair["p"] <= 1
    assert pair["p"] * 200 == pytest.approx(round(pair["p"] * 200))
    # A series and its own image: nothing that was moved is more alike.
    same = _quarters({A: series[1][0].tolist(), B: series[1][0].tolist()}, 640)
    twin = technology_synchrony({"adoption_quarters": _frame("adoption_quarters", same)}, seed=1)
    row = twin.filter(kind="class").row(0, named=True)
    assert row["correlation"] == pytest.approx(1.0)
    # Of four years every fourth move leaves all as it is.
    assert row["p"] == pytest.approx(0.25, abs=0.1)


def test_what_is_used_alike_in_every_quarter_has_no_season() -> None:
    """Its correlation with anything would be none, and not 0."""
    days = [date(year, month, 1) for year in range(2001, 2013) for month in (1, 4, 7, 10)]
    rows = [
        {"actor_id": "1", "actor": "G", "territory": "Syria", "gwno": 652, "technology": name,
         "quarter": day, "expected": used, "low": 0.0, "high": 9.0, "source": "s"}
        for n, day in enumerate(days) for name, used in ((A, 2.0), (B, 1.0 + n % 3))
    ]  # fmt: skip
    tables = {"adoption_quarters": _frame("adoption_quarters", rows)}
    assert technology_synchrony(tables, seed=1).is_empty()
    changed = [row | {"expected": row["expected"] + (row["quarter"].month == 1)} for row in rows]
    tables = {"adoption_quarters": _frame("adoption_quarters", changed)}
    assert technology_synchrony(tables, seed=1).filter(one=A, other=B).height == 1
