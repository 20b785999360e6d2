"""Scores of predictions: right answers score best, missing ones worst."""

from __future__ import annotations

from math import log
from pathlib import Path

import polars as pl
import pytest

from tocsin.bench.mentions.scores import FLOOR, read_predictions, score
from tocsin.errors import TableInvalid


def labels() -> pl.DataFrame:
    """Four made-up rows of one class: two uses, a title, and words of another meaning."""
    rows = {
        "row_id": ["1", "2", "3", "4"],
        "technology": ["uncrewed-aircraft"] * 4,
        "region": ["SYR", "SYR", "MMR", "MMR"],
        "sha256": ["s", "t", "u", "v"],
        "weight": [1.0, 3.0, 1.0, 1.0],
        "is_class": ["1", "1", "1", "0"],
        "said": ["attack", "watch", "title", "figure"],
        "by": ["other-state", "nobody", "nobody", "nobody"],
        "against": ["organisation", "nobody", "nobody", "nobody"],
        "user": ["third", "not-b", "", ""],
        "this_event": ["1", "u", "0", "0"],
        "use": [True, True, False, False],
        "certainty": ["3", "1", "2", "3"],
    }
    return pl.DataFrame(rows)


def value(found: pl.DataFrame, measure: str, region: str = "all") -> float:
    row = found.filter(
        (pl.col("technology") == "all")
        & (pl.col("region") == region)
        & (pl.col("measure") == measure)
    )
    return float(row["value"].item())


def test_who_knows_all_scores_best() -> None:
    told = pl.DataFrame(
        {
            "row_id": ["1", "2", "3", "4"],
            "is_class": [1.0, 1.0, 1.0, 0.0],
            "use": [1.0, 1.0, 0.0, 0.0],
            "this_event": [1.0, 0.5, 0.0, 0.0],
            "said": ["attack", "watch", "title", ""],
            "by": ["other-state", "nobody", "nobody", ""],
            "a": [0.0, 0.5, 0.0, 0.0],
            "b": [0.0, 0.0, 0.0, 0.0],
            "third": [1.0, 0.5, 0.0, 0.0],
        }
    )
    found = score(labels(), told, draws=20)
    for measure in ("use_f1", "no_use_f1", "is_class_f1", "said_accuracy", "user_accuracy"):
        assert value(found, measure) == 1.0, measure
    assert value(found, "use_log_score") == pytest.approx(log(1 - FLOOR))
    assert value(found, "user_log_score") == pytest.approx(0.0)
    assert value(found, "said_kappa") == pytest.approx(1.0)


def test_what_is_not_told_costs_most() -> None:
    told = pl.DataFrame({"row_id": ["1"], "use": [1.0], "a": [0.0], "b": [0.0], "third": [1.0]})
    found = score(labels(), told, draws=20)
    assert value(found, "use_log_score") == pytest.approx((log(1 - FLOOR) + 3 * log(FLOOR)) / 4)
    assert value(found, "user_log_score") == pytest.approx(log(FLOOR) / 2)
    assert value(found, "user_accuracy") == 0.5


def test_recall_is_weighted_by_the_sample() -> None:
    told = pl.DataFrame({"row_id": ["1", "2", "3", "4"], "use": [1.0, 0.0, 0.0, 0.0]})
    assert value(score(labels(), told, draws=20), "use_recall") == pytest.approx(1 / 4)


def test_doubtful_rows_can_be_left_out() -> None:
    told = pl.DataFrame({"row_id": ["1", "2", "3", "4"], "use": [1.0, 0.0, 0.0, 0.0]})
    assert value(score(labels(), told, certainty=2, draws=20), "use_f1") == 1.0


def test_the_same_seed_gives_the_same_interval() -> None:
    told = pl.DataFrame({"row_id": ["1", "2", "3", "4"], "use": [0.9, 0.4, 0.2, 0.1]})
    assert score(labels(), told, draws=50).equals(score(labels(), told, draws=50))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("use\n0.5\n", "'row_id' is missing"),
        ("row_id,use\n1,0.5\n1,0.5\n", "stands twice"),
        ("row_id,use\n1,1.5\n", "no probability"),
        ("row_id,use\n1,often\n", "no probability"),
    ],
)
def test_a_bad_file_is_refused_in_words(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "told.csv"
    path.write_text(text)
    with pytest.raises(TableInvalid, match=said):
        read_predictions(path)
