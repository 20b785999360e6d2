"""Explanations: a part that the model does not read moves nothing; analogues are alike."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.issue.explain import analogues, explain
from tocsin.anticipate.models.baselines import negative_binomial
from tocsin.anticipate.models.benchmarks import last_twelve_neighbours
from tocsin.errors import UsageError

MONTHS = tuple(add_months(date(2010, 1, 1), step) for step in range(72))
NAMES = ("Syria", "Iraq", "Iceland", "Mali", "Peru")


def history() -> Panel:
    deaths = np.zeros((5, 72))
    deaths[0, 60:] = np.arange(12) * 10
    deaths[1, 40:] = 50
    deaths[3, 20:32] = np.arange(12) * 10 + 1
    deaths[3, 32:35] = (200, 300, 400)
    deaths[4, 70:] = 7
    return Panel(tuple(range(1, 6)), NAMES, MONTHS, "n", deaths)


def test_what_a_model_does_not_read_moves_nothing() -> None:
    found = explain(history(), "Syria", negative_binomial, horizon=3, draws=200)
    moved = {row["part"]: row["difference"] for row in found["moved_by"]}
    assert moved["its neighbours' last year"] == 0
    assert moved["the rest of the world's last year"] == 0
    assert moved["its last three months"] > 0
    assert found["moved_by"][0]["part"] in {
        "its last three months", "its history before the last year",
    }  # fmt: skip
    assert any("the mean goes up" in sentence for sentence in found["words"])


def test_neighbours_move_a_model_that_reads_them() -> None:
    found = explain(history(), "Syria", last_twelve_neighbours, horizon=3, draws=200)
    moved = {row["part"]: row["difference"] for row in found["moved_by"]}
    assert moved["Iraq's last year"] == moved["its neighbours' last year"]
    assert moved["Iraq's last year"] > 0
    assert "Iceland's last year" not in moved


def test_the_nearest_case_is_the_one_that_looks_alike() -> None:
    found = analogues(history(), 0, horizon=3)
    assert found[0]["country"] == "Mali"
    assert found[0]["month"] == "2012-08"
    assert found[0]["followed"] == 900
    assert [row["distance"] for row in found] == sorted(row["distance"] for row in found)
    months = [(row["country"], int(row["month"][:4]) * 12 + int(row["month"][5:])) for row in found]
    for name, month in months:
        same = [other for who, other in months if who == name and other != month]
        assert all(abs(other - month) >= 12 for other in same)


def test_a_short_history_has_no_analogues_and_says_what_it_can() -> None:
    short = Panel((1,), ("Mali",), MONTHS[:2], "n", np.array([[0.0, 3.0]]))
    found = explain(short, "Mali", negative_binomial, horizon=2, draws=50)
    assert found["analogues"] == []
    assert len(found["words"]) >= 2
    with pytest.raises(UsageError, match="Atlantis"):
        explain(short, "Atlantis", negative_binomial)
