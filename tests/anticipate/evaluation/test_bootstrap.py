"""The paired bootstrap: the point is the plain mean, the interval knows the pairing."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.evaluation.bootstrap import differences
from tocsin.anticipate.evaluation.breakdown import METRICS


def rows(shift: float, noise: float) -> pl.DataFrame:
    random = np.random.default_rng(3)
    level = random.gamma(0.5, 20, (60, 24))
    found = []
    for name, scores in (("b", level), ("m", level * shift + noise * random.random(level.shape))):
        for w, window in enumerate((2018, 2019)):
            part = scores[:, w * 12 : (w + 1) * 12]
            found.append(
                pl.DataFrame(
                    {
                        "window": window,
                        "model": name,
                        "benchmark": name == "b",
                        "country": np.repeat([f"c{i}" for i in range(60)], 12),
                        **{metric: part.ravel() for metric in METRICS},
                    }
                )
            )
    return pl.concat(found)


def test_the_point_is_the_plain_mean() -> None:
    given = rows(0.9, 1.0)
    found = differences(given, seed=1, repeats=200)
    mean = {
        (window, model): part["crps"].mean()
        for (window, model), part in given.group_by("window", "model")
    }
    one = found.filter(pl.col("window") == "2018", pl.col("metric") == "crps").to_dicts()[0]
    assert one["difference"] == pytest.approx(mean[2018, "m"] - mean[2018, "b"])
    whole = found.filter(pl.col("window") == "all", pl.col("metric") == "crps").to_dicts()[0]
    share = [mean[year, "m"] / mean[year, "b"] for year in (2018, 2019)]
    assert whole["ratio"] == pytest.approx(np.mean(share))
    assert one["difference_low"] < one["difference"] < one["difference_high"]


def test_pairing_leaves_an_exact_ratio_without_doubt() -> None:
    found = differences(rows(0.9, 0.0), seed=1, repeats=200)
    assert found["ratio_low"].to_list() == pytest.approx([0.9] * found.height)
    assert found["ratio_high"].to_list() == pytest.approx([0.9] * found.height)
    assert set(found["p_better"]) == {1.0}


def test_the_same_seed_draws_the_same_countries() -> None:
    given = rows(1.0, 5.0)
    assert differences(given, seed=4, repeats=50).equals(differences(given, seed=4, repeats=50))
    other = differences(given, seed=5, repeats=50)
    assert not other.equals(differences(given, seed=4, repeats=50))


def test_a_benchmark_that_was_right_leaves_an_infinite_ratio_and_no_warning() -> None:
    right = rows(0.9, 1.0).with_columns(
        pl.when("benchmark").then(0.0).otherwise(pl.col(metric)).alias(metric) for metric in METRICS
    )
    found = differences(right, seed=1, repeats=50)
    assert set(found["ratio"]) == set(found["ratio_high"]) == {np.inf}
    assert set(found["p_better"]) == {0.0}


def _two(model: tuple[float, float], benchmark: tuple[float, float]) -> pl.DataFrame:
    """Two countries, a row each, in one window: the draws can be counted by hand."""
    return pl.DataFrame(
        [
            {"window": 2018, "model": name, "benchmark": name == "b", "country": country}
            | dict.fromkeys(METRICS, score)
            for name, scores in (("m", model), ("b", benchmark))
            for country, score in zip(("one", "two"), scores, strict=True)
        ]
    )


def test_the_interval_of_two_countries_is_that_of_their_draws() -> None:
    """A quarter of the draws hold one country twice, a quarter the other, half hold both."""
    found = differences(_two((1.0, 8.0), (3.0, 4.0)), seed=1).filter(pl.col("window") == "2018")
    assert set(found["metric"]) == set(METRICS)
    row = found.to_dicts()[0]
    assert (row["model"], row["against"]) == ("m", "b")
    assert (row["difference"], row["difference_low"], row["difference_high"]) == (1.0, -2.0, 4.0)
    assert row["ratio"] == pytest.approx(9 / 7)
    assert (row["ratio_low"], row["ratio_high"]) == (pytest.approx(1 / 3), 2.0)
    assert row["p_better"] == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize("seed", range(8))
def test_the_interval_of_one_draw_is_that_draw_and_not_the_point(seed: int) -> None:
    found = differences(_two((1.0, 8.0), (3.0, 4.0)), seed=seed, repeats=1)
    better = (found["difference_low"] < 0).cast(float).to_list()
    assert found["p_better"].to_list() == better
    assert found["difference_low"].to_list() == found["difference_high"].to_list()
    assert found["ratio_low"].to_list() == found["ratio_high"].to_list()


def test_a_draw_of_countries_without_a_row_in_a_window_is_equal_there() -> None:
    """A quarter of the draws hold only the country that has no row in the later window."""
    later = _two((1.0, 8.0), (3.0, 4.0)).filter(pl.col("country") == "two")
    given = pl.concat(
        [_two((1.0, 1.0), (1.0, 1.0)), later.with_columns(window=pl.lit(2019, pl.Int64))]
    )
    row = differences(given, seed=1).filter(pl.col("window") == "2019").to_dicts()[0]
    assert (row["difference"], row["difference_low"], row["difference_high"]) == (4.0, 0.0, 4.0)
    assert (row["ratio"], row["ratio_low"], row["ratio_high"]) == (2.0, 1.0, 2.0)


def test_equal_scores_are_no_better_and_two_zeros_are_equal() -> None:
    row = differences(_two((0.0, 0.0), (0.0, 0.0)), seed=1, repeats=50).to_dicts()[0]
    assert (row["difference"], row["ratio"], row["p_better"]) == (0.0, 1.0, 0.0)
    assert (row["ratio_low"], row["ratio_high"]) == (1.0, 1.0)
    small = differences(_two((0.5, 0.5), (0.25, 0.25)), seed=1, repeats=50).to_dicts()[0]
    assert (small["ratio"], small["difference"]) == (2.0, 0.25)


def test_all_windows_weigh_the_same_and_blocks_may_be_other_than_countries() -> None:
    later = _two((5.0, 5.0), (1.0, 1.0)).with_columns(pl.lit(2019, pl.Int64).alias("window"))
    given = pl.concat([_two((1.0, 1.0), (1.0, 1.0)), later, later])
    found = differences(
        given.rename({"country": "block"}), seed=1, repeats=20, block="block"
    ).filter(pl.col("metric") == "crps")
    assert found["window"].to_list() == ["2018", "2019", "all"]
    assert found["difference"].to_list() == [0.0, 4.0, 2.0]
    assert found["ratio"].to_list() == [1.0, 5.0, 3.0]
