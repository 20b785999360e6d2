"""The model: weights in bits, what training finds, and the same clusters from another engine."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from typing import Any
from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.linkage.decisions import model
from tocsin.assess.linkage.decisions.clusters import Scored
from tocsin.assess.linkage.decisions.model import (
    START,
    UNSEEN_MATCHES,
    Weights,
    in_order,
    partner_bits,
    predict,
    revise_m,
    settings,
    train,
)
from tocsin.assess.linkage.link import link_records
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.comparisons import (
    PLACE,
    Comparison,
    Level,
    arrays,
    at,
    comparison_columns,
    comparisons,
    levels_of,
)
from tocsin.bench.linkage.measure import events_of, retell
from tocsin.observe import example_files, observe


@pytest.mark.release
@patch.dict(os.environ)
def test_spark_and_duckdb_give_the_same_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    why = "needs PySpark, which is in the group `spark`: `make check-all` installs it"
    sql = pytest.importorskip("pyspark.sql", reason=why)
    backend = pytest.importorskip("splink.backends.spark", reason=why)
    if shutil.which("java") is None:
        pytest.skip("needs Java: sudo apt-get install default-jre-headless")
    events = events_of(observe(example_files())["reports"], before=True)
    rows, _ = retell(events.sort("date_start", "id").head(150), "medium", sources=3, seed=5)
    here = link_records(rows)
    # Spark leaves names in the environment, a folder of modules, and an answer to an interrupt.
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.jars", backend.similarity_jar_location())
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        # The conditions in one piece are more code than one Java method may hold.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.host", "localhost")
        .getOrCreate()
    )
    try:
        engine = backend.SparkAPI(spark_session=session, break_lineage_method="persist")
        there = link_records(rows, engine=engine)
    finally:
        session.stop()
    assert there.clusters.equals(here.clusters)
    assert there.links.equals(here.links)
    assert here.pairs is not None
    assert there.pairs is not None
    gap = here.pairs["weight"] - there.pairs["weight"]
    assert there.pairs.select("left", "right").equals(here.pairs.select("left", "right"))
    assert gap.abs().to_numpy().max() < 1e-9
    assert here.links.height > 50


SHARES = st.lists(st.floats(1e-6, 1), min_size=len(PLACE.levels), max_size=len(PLACE.levels))


@given(m=SHARES, u=SHARES)
def test_more_agreement_never_weighs_less(m: list[float], u: list[float]) -> None:
    found = in_order(m, u, PLACE.order())
    bits = np.log2(np.array(found) / np.array(u))
    assert sum(found) == pytest.approx(sum(m))
    for stronger, weaker in PLACE.order():
        assert bits[stronger] >= bits[weaker] - 1e-9
    assert in_order(found, u, PLACE.order()) == pytest.approx(found)


def test_levels_in_order_are_left_alone() -> None:
    assert in_order(M, U, [(0, 1), (0, 2), (1, 2)]) == M


M, U = (0.6, 0.3, 0.1), (0.06, 0.3, 0.64)


@pytest.mark.parametrize(
    ("name", "trust"),
    [("time", 1.0), ("place", 1.0), ("actors", 0.5), ("deaths", 0.8), ("type", 0.3),
     ("extra_weapon", 0.3)],
)  # fmt: skip
def test_a_weight_is_the_trusted_part_of_the_bits(name: str, trust: float) -> None:
    weights = Weights(0.1, {name: M}, {name: U})
    found = weights.weight(name, np.array([2, 1, 0, -1]))
    # The first level has the highest number, and what is not comparable weighs nothing.
    expected = [trust * np.log2(10), 0.0, trust * np.log2(0.1 / 0.64), 0.0]
    assert found == pytest.approx(expected, abs=1e-12)
    trusted = weights.u_trusted(name)
    assert np.log2(np.array(M) / trusted) == pytest.approx(trust * np.log2(np.array(M) / U))


def test_what_a_model_trusts_of_the_type_holds_for_other_columns_too() -> None:
    bits = np.log2(10)
    for trust, expected in [({}, 1.0), ({"type": 0.3}, 0.3), ({"extra_weapon": 0.5}, 0.5)]:
        weights = Weights(0.1, {"extra_weapon": M}, {"extra_weapon": U}, trust)
        assert weights.weight("extra_weapon", np.array([2])) == pytest.approx([expected * bits])


def test_a_pair_that_cannot_be_compared_teaches_nothing_of_a_level() -> None:
    before = {PLACE.name: tuple(one.m for one in PLACE.levels)}
    gamma, sure = np.array([len(PLACE.levels) - 1, 0]), np.array([0.9, 0.4])
    told = revise_m(PLACE, gamma, sure, before)
    more = revise_m(PLACE, np.append(gamma, -1), np.append(sure, 1.0), before)
    assert more == told


def test_the_total_is_the_prior_and_each_weight() -> None:
    made = _made("time"), _made("deaths")
    weights = Weights(0.2, {"time": M, "deaths": M}, {"time": U, "deaths": U})
    level = {"row": np.zeros(2), "place_id": np.array([1, 1])}
    found = weights.total(made, level | _days(0, 0), level | _days(0, 9))
    # Same day in both comparisons, and nine days apart in both; the prior is 0.2 to 0.8.
    best, worst = 1.8 * np.log2(10), 1.8 * np.log2(0.1 / 0.64)
    assert found == pytest.approx([best - 2, worst - 2])


def _days(*days: int) -> dict[str, np.ndarray]:
    return {
        "day0": np.array(days), "day1": np.array(days), "located": np.ones(2),
        "adm_id": np.array([-1, -1]),
    }  # fmt: skip


def _made(name: str) -> Comparison:
    """A comparison of three levels by the days between two reports."""
    return Comparison(
        name, "placed",
        (Level("same", (("gap", "<=", 0),), 0.5), Level("near", (("gap", "<=", 3),), 0.3),
         Level("far", (), 0.2)),
    )  # fmt: skip


def test_sources_that_tell_the_same_leave_nobody_alone() -> None:
    left, right = np.array([0, 1, 0]), np.array([1, 0, 2])
    found = partner_bits(left, right, np.array([3.0, 2.0, 50.0]), np.array([10, 20, 40]))
    # Of the first's ten reports half have a partner in the second, of the second's a quarter.
    assert found[0, 1] == pytest.approx(1.0)
    assert found[1, 0] == pytest.approx(-np.log2(0.75))
    # No source tells all of another's: at most 0.95 of it, which is 4.3 bits.
    assert found[0, 2] == pytest.approx(-np.log2(0.05))
    assert found[1, 2] == found[1, 1] == 0
    assert (partner_bits(left[:0], right[:0], np.empty(0), np.array([0, 3])) == 0).all()


def _pairs_of_a_made_world(n: int, told: float) -> tuple[Pairs, np.ndarray, np.ndarray]:
    """Two sources of n reports; a share `told` is of one event. Each has five others near it."""
    rng = np.random.default_rng(7)
    left, right, level = [], [], []
    for row in range(n):
        if rng.random() < told:
            left.append(row)
            right.append(n + row)
            level.append(2 - rng.choice(3, p=M))
        for step in range(1, 6):
            left.append(row)
            right.append(n + (row + step) % n)
            level.append(2 - rng.choice(3, p=U))
    source = np.repeat([0, 1], n)
    return Pairs(np.array(left), np.array(right)), np.array(level), source


def test_training_finds_how_often_one_event_gives_each_level() -> None:
    pairs, level, source = _pairs_of_a_made_world(1500, 0.8)
    names = ("one", "two", "three")
    rng = np.random.default_rng(3)
    matched = pairs.right - pairs.left == 1500
    size = len(level)
    gammas = {"one": level}
    for name in names[1:]:
        drawn = np.where(matched, rng.choice(3, size, p=M), rng.choice(3, size, p=U))
        gammas[name] = 2 - drawn
    made = tuple(_made(name) for name in names)
    flat = dict.fromkeys(names, (0.4, 0.35, 0.25))
    start = Weights(0.1, flat, dict.fromkeys(names, U))
    found, coverage = train(
        gammas, made, pairs, source, np.array([1500, 1500]), np.zeros(len(pairs)), start, rounds=10
    )
    for name in names:
        assert found.m[name] == pytest.approx(M, abs=0.06)
        assert sum(found.m[name]) == pytest.approx(1, abs=1e-5)
    assert found.u == start.u
    assert found.prior == pytest.approx(matched.mean(), rel=0.12)
    bits = -np.log2(1 - 0.8) + UNSEEN_MATCHES / 2
    assert coverage[0, 1] == pytest.approx(bits, abs=0.4)
    assert coverage[0, 1] == pytest.approx(coverage[1, 0])


def test_no_training_leaves_the_start() -> None:
    pairs, level, source = _pairs_of_a_made_world(30, 0.8)
    start = Weights(0.1, {"one": M}, {"one": U})
    found, coverage = train(
        {"one": level}, (_made("one"),), pairs, source, np.array([30, 30]), np.zeros(len(pairs)),
        start, rounds=0,
    )  # fmt: skip
    assert found == start
    assert (coverage == START + UNSEEN_MATCHES / 2).all()


def test_few_matches_leave_m_near_its_start_and_no_level_impossible() -> None:
    pairs, _, source = _pairs_of_a_made_world(4, 1.0)
    start = Weights(0.1, {"one": M}, {"one": U})
    level = np.full(len(pairs), 2)
    found, _ = train(
        {"one": level},
        (_made("one"),),
        pairs,
        source,
        np.array([4, 4]),
        np.zeros(len(pairs)),
        start,
    )
    # Four matches at most, against thirty that the start weighs.
    assert 0.6 < found.m["one"][0] <= (0.6 * 30 + 4) / 34 + 1e-6
    assert min(found.m["one"]) > 0.08


def test_a_round_of_training_is_what_can_be_worked_out_by_hand() -> None:
    """Four pairs without rivals: odds are those of the prior, of the coverage and of the level."""
    left = np.arange(4)
    pairs, source = Pairs(left, left + 4), np.repeat([0, 1], 4)
    gamma, context = np.array([2, 1, 0, -1]), np.array([0.5, -2.0, 1.0, -9.0])
    start = Weights(0.1, {"one": M}, {"one": U})
    found, coverage = train(
        {"one": gamma}, (_made("one"),), pairs, source, np.array([4, 8]), context, start, rounds=1
    )
    bits = context + np.log2(0.1 / 0.9) + 2 * START
    bits = bits + np.array([np.log2(10), 0.0, np.log2(0.1 / 0.64), 0.0])
    sure = 1 / (1 + np.exp2(-bits))
    assert found.prior == pytest.approx(sure.mean(), abs=1e-9)
    m = np.array(M) * 30 + sure[:3]
    assert found.m["one"] == pytest.approx(m / m.sum(), abs=1e-6)
    alone = -np.log2(1 - sure.sum() / np.array([4, 8])) + UNSEEN_MATCHES / 2
    assert [coverage[0, 1], coverage[1, 0]] == pytest.approx(alone)
    assert coverage[0, 0] == coverage[1, 1] == UNSEEN_MATCHES / 2
    # A second round starts from where the first ended.
    again, _ = train(
        {"one": gamma}, (_made("one"),), pairs, source, np.array([4, 8]), context, start, rounds=2
    )
    bits = context + np.log2(found.prior / (1 - found.prior)) + alone.sum() - UNSEEN_MATCHES
    bits = bits + np.append(np.log2(np.array(found.m["one"]) / U), 0.0)
    assert again.prior == pytest.approx((1 / (1 + np.exp2(-bits))).mean(), abs=1e-7)
    assert again.u == found.u == start.u


def _round(
    gamma: np.ndarray, pairs: Pairs, source: np.ndarray, context: np.ndarray, start: Weights
) -> Weights:
    size = np.bincount(source)
    made = (_made("one"),)
    return train({"one": gamma}, made, pairs, source, size, context, start, rounds=1)[0]


def test_pairs_of_nearly_no_chance_teach_nothing() -> None:
    """Below -12 bits a pair is no match at all, and so takes nothing from its rivals."""
    pairs, source = Pairs(np.array([0, 1]), np.array([2, 3])), np.repeat([0, 1], 2)
    start = Weights(0.5, {"one": M}, {"one": U})
    for bits, counts in ((-11.99, True), (-12.0, False)):
        context = np.array([0.0, bits - 2 * START])
        found = _round(np.array([1, 1]), pairs, source, context, start)
        sure = 1 / (1 + 2.0**-6) + (1 / (1 + 2.0**-bits) if counts else 0.0)
        assert found.prior == pytest.approx(sure / 2, abs=1e-9)


def test_the_prior_is_never_none_nor_all() -> None:
    pairs, source = Pairs(np.array([0]), np.array([1])), np.array([0, 1])
    start = Weights(0.5, {"one": M}, {"one": U})
    for bits, prior in ((50.0, 0.99), (-50.0, 1e-6)):
        assert _round(np.array([1]), pairs, source, np.array([bits]), start).prior == prior


def test_m_before_training_weighs_as_thirty_matches() -> None:
    one, before = _made("one"), {"one": M}
    nothing = revise_m(one, np.empty(0, int), np.empty(0), before)
    assert nothing == pytest.approx(M, abs=1e-6)
    seen = revise_m(one, np.array([2, 0, 0, -1]), np.array([1.0, 0.5, 0.5, 9.0]), before)
    assert seen == pytest.approx((19 / 32, 9 / 32, 4 / 32), abs=1e-6)
    rare = revise_m(one, np.full(10, 2), np.full(10, 1e8), before)
    assert rare == (1.0, 1e-6, 1e-6)


def test_levels_out_of_order_are_shared_as_chance_shares_them() -> None:
    # The first level is seen less than the second, though chance shows both alike.
    assert in_order((0.2, 0.6, 0.2), (0.1, 0.3, 0.6), [(0, 1)]) == (0.2, 0.6, 0.2)
    assert in_order((0.1, 0.6, 0.3), (0.1, 0.3, 0.6), [(0, 1)]) == pytest.approx(
        (0.175, 0.525, 0.3)
    )
    # The worst is mended first, and what it was joined with is moved with it.
    found = in_order((0.1, 0.2, 0.7), (0.2, 0.2, 0.2), [(0, 1), (1, 2)])
    assert found == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert in_order(M, U, []) == M


def test_surroundings_move_the_probability() -> None:
    pairs, level, source = _pairs_of_a_made_world(200, 0.8)
    start = Weights(0.1, {"one": M}, {"one": U})
    size = np.array([200, 200])
    prior = {
        bits: train(
            {"one": level}, (_made("one"),), pairs, source, size, np.full(len(pairs), bits), start
        )[0].prior
        for bits in (-6.0, 0.0)
    }
    assert prior[-6.0] < prior[0.0]


def test_splink_is_given_the_trusted_numbers_in_the_order_of_levels() -> None:
    every = comparisons(("type",))
    share = {one.name: tuple(level.m for level in one.levels) for one in every}
    even = {one.name: tuple([1 / len(one.levels)] * len(one.levels)) for one in every}
    weights = Weights(0.07, share, even)
    said = settings(every, weights)
    assert said["probability_two_random_records_match"] == 0.07
    assert [one["output_column_name"] for one in said["comparisons"]] == [one.name for one in every]
    for one, told_ in zip(every, said["comparisons"], strict=True):
        first, *levels = told_["comparison_levels"]
        assert first["is_null_level"]
        assert [level["m_probability"] for level in levels] == list(share[one.name])
        assert [level["u_probability"] for level in levels] == list(weights.u_trusted(one.name))
        assert levels[-1]["sql_condition"] == "ELSE"


@pytest.fixture(scope="module")
def near() -> dict[str, Any]:
    """Eight reports of one day, at growing distances from eight others, and what they weigh."""
    records = pl.DataFrame(
        {
            "row": range(16),
            "source": ["a"] * 8 + ["b"] * 8,
            "day0": [100] * 16,
            "day1": [100] * 8 + [100 + n // 3 for n in range(8)],
            "lat": [10.0] * 8 + [10.0 + 0.02 * n for n in range(8)],
            "lon": [5.0] * 16,
            "low": list(range(8)) * 2,
            "best": list(range(8)) * 2,
            "high": list(range(8)) * 2,
            **{name: [None] * 16 for name in ("place_id", "adm_id", "a_fine", "a_broad", "b_fine",
                                              "b_broad")},
            "coarse": [False] * 16,
            "rare": [False] * 16,
        },
        schema_overrides={"place_id": pl.Int32, "adm_id": pl.Int32},
    )  # fmt: skip
    columns = comparison_columns(records, ())
    compared = comparisons(())
    values = arrays(columns)
    pairs = Pairs(np.repeat(np.arange(8), 8), np.tile(np.arange(8, 16), 8))
    gammas = levels_of(values, compared, pairs.left, pairs.right)
    m = {one.name: tuple(level.m for level in one.levels) for one in compared}
    even = {one.name: tuple([1 / len(one.levels)] * len(one.levels)) for one in compared}
    weights = Weights(0.3, m, even)
    bits = weights.total(compared, at(values, pairs.left), at(values, pairs.right))
    return {
        "bits": bits, "columns": columns, "compared": compared, "weights": weights, "pairs": pairs,
        "source": np.repeat([0, 1], 8), "gammas": gammas,
    }  # fmt: skip


def _predict(near: dict[str, Any], **more: Any) -> pl.DataFrame:
    places = ("columns", "compared", "weights", "pairs", "source")
    return predict(*(near[name] for name in places), gammas=near["gammas"], **more)


@pytest.mark.slow
def test_splink_scores_what_the_weights_add_up_to_and_forgets_what_is_less(
    near: dict[str, Any],
) -> None:
    bits, pairs = near["bits"], near["pairs"]
    ordered = np.sort(np.unique(bits.round(6)))
    for least in (ordered[0] - 1, float(ordered[len(ordered) // 2]) - 1e-4):
        found = _predict(near, least=least)
        kept = bits >= least
        assert 0 < kept.sum() <= 64
        assert found["left"].to_list() == pairs.left[kept].tolist()
        assert found["right"].to_list() == pairs.right[kept].tolist()
        assert found["weight"].to_numpy() == pytest.approx(bits[kept])
        parts = [found[f"mw_{one.name}"].to_numpy() for one in near["compared"]]
        assert sum(parts) + np.log2(0.3 / 0.7) == pytest.approx(bits[kept])


@pytest.mark.slow
def test_a_pair_that_is_faint_with_what_is_beside_it_is_forgotten_too(near: dict[str, Any]) -> None:
    bits, pairs = near["bits"], near["pairs"]
    ordered = np.sort(np.unique(bits.round(6)))
    least, faint = float(ordered[0]) - 1, float(ordered[len(ordered) // 2]) - 1e-4
    alone = _predict(near, least=least, faint=faint)
    assert alone["right"].to_list() == pairs.right[bits >= faint].tolist()
    beside = np.where(pairs.left < 4, 99.0, 0.0)
    found = _predict(near, least=least, faint=faint, beside=beside)
    kept = (bits >= faint) | (pairs.left < 4)
    assert found["left"].to_list() == pairs.left[kept].tolist()
    # What stands beside is no part of the weight.
    assert found["weight"].to_numpy() == pytest.approx(bits[kept])


@pytest.mark.slow
def test_rivals_are_chosen_with_what_stands_beside(
    near: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[np.ndarray] = []

    def keep(pairs: Scored, _source: np.ndarray) -> np.ndarray:
        seen.append(pairs.weight)
        return np.full(len(pairs.left), True)

    monkeypatch.setattr(model, "foremost", keep)
    beside = np.linspace(-3.0, 3.0, len(near["bits"]))
    _predict(near, least=float(near["bits"].min()) - 1, beside=beside)
    np.testing.assert_allclose(seen[0], near["bits"] + beside)
