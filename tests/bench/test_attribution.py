"""The measure measures: known errors, and on Central Africa the model beats both peers."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.assess.incidents import incidents
from tocsin.bench.attribution import (
    FOLDS,
    Answer,
    calibration_error,
    fold_of,
    predict_masked,
    scores,
)


def test_calibration_error_of_known_cases() -> None:
    ones = np.ones(4)
    sure = np.full(4, 0.75)
    assert calibration_error(sure, np.array([True, True, True, False]), ones) == pytest.approx(0)
    assert calibration_error(sure, np.zeros(4, dtype=bool), ones) == pytest.approx(0.75)


def test_scores_of_a_known_answer() -> None:
    p = np.array([0.5, 0.25, 0.25])
    found = scores([Answer(1, "i", p, p, p, 0), Answer(1, "j", p, p, p, 2)])
    assert found["log_score"] == pytest.approx(-(np.log(0.5) + np.log(0.25)) / 2)
    assert found["top_1"] == 0.5
    assert found["ece_top"] == pytest.approx(0.0)


def test_folds_are_of_equal_size() -> None:
    counts = np.bincount([fold_of(f"i-{n}") for n in range(5000)], minlength=FOLDS)
    assert counts.min() > 900


@pytest.mark.slow
def test_central_africa_masked(seen: dict[str, pl.DataFrame]) -> None:
    events, _ = incidents(seen["reports"].filter(pl.col("gwno") == 482))
    tags = {"incident_id": pl.String, "technology": pl.String, "probability": pl.Float64}
    answers = predict_masked(
        events, seen["actors"], pl.DataFrame(schema=tags), part="validation", folds=1
    )
    assert len(answers) > 30
    ours, peer, strong = (
        scores(answers, which) for which in ("probabilities", "baseline", "baseline_kind")
    )
    assert ours["log_score"] < min(peer["log_score"], strong["log_score"])
    assert ours["top_1"] >= peer["top_1"]
