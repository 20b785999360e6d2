"""Candidates are the pairs that a look at every pair finds; a sample is a part of them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assess.linkage.pairs import blocking
from tocsin.assess.linkage.pairs.blocking import (
    FAR,
    NAME,
    NEAR,
    NEAREST,
    UNIT,
    Window,
    candidates,
    narrowing,
)
from tocsin.schema.geography.distance import flat_km

REPORT = st.tuples(
    st.integers(0, 2),
    st.integers(0, 30),
    st.sampled_from([0, 0, 0, 1, 2, 3, 7, 30, 45]),
    st.floats(-0.4, 0.4),
    st.floats(-0.6, 0.6),
    st.booleans(),
    st.integers(0, 3),
    st.integers(0, 2),
    st.booleans(),
)
SPOTS = st.tuples(st.floats(-78, 78), st.floats(-170, 170))


def _records(listed: list[tuple[object, ...]], spot: tuple[float, float]) -> pl.DataFrame:
    names = ["source", "day0", "long", "lat", "lon", "known", "place_id", "adm_id", "coarse"]
    frame = pl.DataFrame(listed, schema=names, orient="row").with_row_index("row")
    return frame.with_columns(
        pl.col("row").cast(pl.Int64),
        (pl.col("day0") + pl.col("long")).alias("day1"),
        pl.format("s{}", "source").alias("source"),
        pl.when("known").then(pl.col("lat") + spot[0]).alias("lat"),
        pl.when("known").then(pl.col("lon") + spot[1]).alias("lon"),
        pl.when(pl.col("place_id") > 0).then("place_id").alias("place_id"),
        pl.when(pl.col("adm_id") > 0).then("adm_id").alias("adm_id"),
        pl.lit(True).alias("usable"),
    )


def _slowly(
    records: pl.DataFrame, shift: int, narrow: float, *, within: bool
) -> set[tuple[int, int]]:
    """Every pair, looked at."""
    found = set()
    near, far, name, unit_ = (max(round(w.days * narrow), 1) for w in (NEAR, FAR, NAME, UNIT))
    for a in records.iter_rows(named=True):
        for b in records.iter_rows(named=True):
            gap = max(a["day0"], b["day0"] + shift) - min(a["day1"], b["day1"] + shift)
            if a["row"] == b["row"] or (a["source"] == b["source"]) != within:
                continue
            km = 1e9
            if a["known"] and b["known"]:
                km = float(flat_km(a["lat"], a["lon"], b["lat"], b["lon"]))
            named = a["place_id"] is not None and a["place_id"] == b["place_id"]
            unit = a["adm_id"] is not None and a["adm_id"] == b["adm_id"]
            unit &= a["coarse"] or not a["known"]
            if (
                (km <= NEAR.km and gap <= near)
                or (km <= max(FAR.km * narrow, NEAREST) and gap <= far)
                or (named and gap <= name)
                or (unit and gap <= unit_)
            ):
                pair = (a["row"], b["row"])
                found.add(pair if shift else (min(pair), max(pair)))
    return found


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    st.lists(REPORT, min_size=2, max_size=14),
    SPOTS,
    st.sampled_from([0, 5, -7]),
    st.sampled_from([1.0, 0.7, 0.3]),
    st.booleans(),
)
def test_candidates_are_what_a_look_at_every_pair_finds(
    listed: list[tuple[object, ...]],
    spot: tuple[float, float],
    shift: int,
    narrow: float,
    within: bool,
) -> None:
    records = _records(listed, spot)
    pairs = candidates(records, shift=shift, narrow=narrow, within=within)
    found = set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    assert found == _slowly(records, shift, narrow, within=within)
    assert len(found) == len(pairs)


@pytest.mark.parametrize("shift", [0, 5, -7])
@pytest.mark.parametrize(("narrow", "within"), [(1.0, False), (0.3, False), (1.0, True)])
def test_candidates_of_some_reports_are_what_a_look_at_every_pair_finds(
    shift: int, narrow: float, within: bool
) -> None:
    draw = np.random.default_rng(3)
    listed = [
        (int(draw.integers(0, 3)), int(draw.integers(0, 30)), int(draw.choice([0, 0, 1, 3, 45])),
         draw.uniform(-0.4, 0.4), draw.uniform(-0.6, 0.6), bool(draw.random() < 0.8),
         int(draw.integers(0, 4)), int(draw.integers(0, 3)), bool(draw.random() < 0.5))
        for _ in range(24)
    ]  # fmt: skip
    records = _records(listed, (-33.2, 151.1))
    pairs = candidates(records, shift=shift, narrow=narrow, within=within)
    found = list(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True))
    assert set(found) == _slowly(records, shift, narrow, within=within)
    assert found == sorted(set(found))


def test_a_window_is_met_at_its_very_edge_and_not_beyond() -> None:
    """Two reports on one meridian so many kilometres and days apart, and of one unit or place."""
    degree = float(flat_km(0.0, 0.0, 1.0, 0.0))

    def met(km: float, days: int, **given: object) -> bool:
        rows = [(0, 0, 0, 0.0, 0.0, True, 0, 0, False),
                (1, days, 0, km / degree, 0.0, True, 0, 0, False)]  # fmt: skip
        records = _records(rows, (0.0, 0.0)).with_columns(
            *(pl.lit(value).alias(name) for name, value in given.items())
        )
        return len(candidates(records)) > 0

    edge = 1e-6
    for km, days in ((NEAR.km, NEAR.days), (FAR.km, FAR.days)):
        assert met(km - edge, days)
        assert not met(km + edge, days)
        assert not met(km - edge, days + 1)
    assert met(500, NAME.days, place_id=3)
    assert not met(500, NAME.days + 1, place_id=3)
    assert met(500, UNIT.days, adm_id=3, coarse=True)
    assert not met(500, UNIT.days + 1, adm_id=3, coarse=True)
    assert not met(500, UNIT.days, adm_id=3)


def _many(size: int) -> pl.DataFrame:
    draw = np.random.default_rng(4)
    return pl.DataFrame(
        {
            "row": np.arange(size),
            "source": [f"s{x}" for x in draw.integers(0, 3, size)],
            "day0": draw.integers(0, 200, size),
            "lat": draw.uniform(10, 11, size),
            "lon": draw.uniform(20, 21, size),
            "place_id": draw.integers(0, 200, size),
            "adm_id": draw.integers(0, 5, size),
        }
    ).with_columns(day1="day0", coarse=pl.lit(False), usable=pl.lit(True))


def test_a_sample_is_part_of_what_chance_pairs() -> None:
    records = _many(2_000)
    whole, some = candidates(records, shift=29), candidates(records, shift=29, thin=4)
    spots = whole.positions(some.left, some.right)
    assert np.array_equal(whole.left[spots], some.left)
    assert np.array_equal(whole.right[spots], some.right)
    assert len(some) == pytest.approx(len(whole) / 4, rel=0.1)


def test_windows_narrow_only_where_reports_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    records = _many(3_000)
    assert narrowing(records) == 1
    monkeypatch.setattr(blocking, "MANY", 1_000)
    narrow = narrowing(records)
    assert blocking.NARROWEST <= narrow < 1
    assert len(candidates(records, narrow=narrow)) < len(candidates(records)) / 2


def test_how_far_windows_narrow_follows_from_a_tenth_of_the_reports(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    records = _many(400)
    monkeypatch.setattr(blocking, "MANY", 400)
    tenth = records.filter(blocking.in_sample(pl.col("row"), 10))
    pairs = 100 * len(candidates(tenth))
    assert pairs > 0
    monkeypatch.setattr(blocking, "BUDGET", 0.5 * pairs / 400)
    assert narrowing(records) == pytest.approx(0.5)
    monkeypatch.setattr(blocking, "BUDGET", 0.01 * pairs / 400)
    assert narrowing(records) == blocking.NARROWEST
    # So few reports that a tenth has no pair need no narrowing; nor do fewer than many.
    assert narrowing(records.with_columns(source=pl.lit("s0"))) == 1.0
    monkeypatch.setattr(blocking, "MANY", 401)
    assert narrowing(records) == 1.0


def test_given_windows_are_looked_in_alone_and_as_they_are() -> None:
    records = _many(150)
    near = candidates(records, windows=(Window(12, 3),), narrow=0.2)
    a, b = records[near.left], records[near.right]
    km = flat_km(*(one[name].to_numpy() for one in (a, b) for name in ("lat", "lon")))
    assert 9 < km.max() <= 12
    assert (a["day0"] - b["day0"]).abs().max() == 3
    assert len(near) == sum(
        flat_km(one["lat"], one["lon"], other["lat"], other["lon"]) <= 12
        and abs(one["day0"] - other["day0"]) <= 3
        for place, one in enumerate(records.to_dicts())
        for other in records[place + 1 :].to_dicts()
        if one["source"] != other["source"] and abs(one["day0"] - other["day0"]) <= 3
    )
