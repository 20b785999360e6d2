"""Marks of reports, confidence of attributes and fused deaths, of judgements made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from tocsin.assess.reliability import credibility
from tocsin.assess.reliability.copying import Copying, nobody_copies
from tocsin.assess.reliability.credibility import (
    attribute_confidence,
    fused_casualties,
    report_credibility,
)
from tocsin.assess.reliability.dawid_skene import Truth
from tocsin.assess.reliability.sources import Judgement, Reliability
from tocsin.assess.reliability.votes import Testimony as Heard
from tocsin.assess.reliability.votes import Votes

SPOKEN = pl.DataFrame(
    [
        ("i0", "r0", 0, 0, 1.0, 10, 15, 20),
        ("i0", "r1", 1, 0, 0.8, 40, 50, 60),
        ("i0", "r2", 2, 0, 0.5, None, None, None),
        ("i1", "r3", 0, 1, 1.0, 3, 4, 9),
    ],
    schema=["incident_id", "report_id", "who", "item", "probability", "deaths_low", "deaths_best",
            "deaths_high"],
    orient="row",
)  # fmt: skip
INCIDENTS = pl.DataFrame(
    {
        "incident_id": ["i0", "i1"],
        "event_type": ["state-based", "one-sided"],
        "gwno": [652, 482],
        "date_start": [date(2020, 1, 1)] * 2,
    }
)
# A second report of the first source on the first incident is not spoken for.
REPORTS = [("i0", "r0", 0), ("i0", "r1", 1), ("i0", "r2", 2), ("i0", "r4", 0), ("i1", "r3", 0)]
SPEAKERS = pl.DataFrame(REPORTS, schema=["incident_id", "report_id", "who"], orient="row")
HEARD = Heard(SPOKEN, INCIDENTS, ["a", "b", "c"], SPEAKERS)


def judgement(
    rows: list[int], value: list[int], posterior: list[float], *, voice: list[float]
) -> Judgement:
    """Votes of some rows of the first incident; each vote has a cell of its own."""
    n = len(rows)
    zeros = np.zeros(n, np.int64)
    weight = SPOKEN["probability"].to_numpy()[rows]
    owner = np.zeros(len(posterior), np.int64)
    votes = Votes(zeros, np.array(rows), np.array(value), owner, weight, np.array(rows))
    accuracy = np.array([0.6, 0.9, 0.7])[:n]
    truth = Truth(np.array(posterior), accuracy, zeros, zeros, zeros, 1.0, 1.0)
    return Judgement(votes, truth, np.arange(n), np.array(voice), pl.DataFrame())


def learned(copying: Copying | None = None, *, second: float = 1.0) -> Reliability:
    judged = {
        "date": judgement([0, 1, 2], [0, 0, 1], [0.9, 0.1], voice=[1.0, 0.75, 1.0]),
        "deaths": judgement([0, 1], [0, 1], [0.7, 0.2], voice=[1.0, second]),
    }
    return Reliability(HEARD, judged, copying or nobody_copies(3))


def test_a_report_has_the_mean_of_its_votes_and_the_grade_of_its_cell_or_source() -> None:
    rows = [
        ("overall", "a", None, None, "A"), ("overall", "b", None, None, "C"),
        ("overall", "c", None, None, "D"), ("overall", "a", "state-based", 652, "B"),
        ("overall", "b", "state-based", 652, "F"), ("date", "a", "state-based", 652, "E"),
    ]  # fmt: skip
    names = ["attribute", "rated_source", "event_type", "gwno", "grade"]
    ratings = pl.DataFrame(rows, schema=names, orient="row")
    links = SPEAKERS.drop("who")
    found = report_credibility(learned(), ratings, links)
    marks = found.select("report_id", "probability", "corroboration", "grade", "credibility").rows()
    expected = [
        ("r0", 0.8, 1.3, "B", 2), ("r1", 0.55, 1.5, "C", 4), ("r2", 0.1, 1.8, "D", 5),
        ("r4", 0.8, 1.3, "B", 2), ("r3", None, 0.0, "A", 6),
    ]  # fmt: skip
    for row, (report, probability, beside, grade, number) in zip(marks, expected, strict=True):
        assert (row[0], row[3], row[4]) == (report, grade, number)
        assert row[1] == (None if probability is None else pytest.approx(probability))
        assert row[2] == pytest.approx(beside)


def test_other_voices_count_less_what_they_share_with_this_one_and_with_earlier_others() -> None:
    probability = np.array([[0, 0, 0], [0.8, 0, 0], [0.5, 0.6, 0]])
    rate = np.array([[0, 0, 0], [0.5, 0, 0], [0.4, 0.9, 0]])
    dependent = {(0, 1): 0.4, (0, 2): 0.2, (1, 2): 0.54}
    weight = [1.0, 0.8, 0.5]

    def shared(one: int, two: int) -> float:
        return dependent[min(one, two), max(one, two)]

    expected = [0.0] * 4
    for one in range(3):
        for other in range(3):
            if other != one:
                fresh = weight[other] * (1 - shared(one, other))
                for earlier in range(other):
                    if earlier != one:
                        fresh *= 1 - shared(other, earlier)
                expected[one] += fresh
    found = credibility._others(learned(Copying(probability, rate, rate)))
    assert found.name == "corroboration"
    assert found.to_list() == pytest.approx(expected)


def test_an_attribute_is_told_by_the_surest_report_of_the_likeliest_value() -> None:
    rows = {row["attribute"]: row for row in attribute_confidence(learned()).to_dicts()}
    assert set(rows) == {"date", "deaths"}
    day, deaths = rows["date"], rows["deaths"]
    # Of the two that agree, the second source is right more often.
    assert (day["incident_id"], day["report_id"], day["n_sources"]) == ("i0", "r1", 3)
    assert (day["confidence"], day["n_values"]) == (0.9, 2)
    assert day["n_independent"] == pytest.approx(1 + 0.75 * 0.8 + 0.5)
    assert day["credibility"] == 2
    assert (deaths["report_id"], deaths["confidence"], deaths["credibility"]) == ("r0", 0.7, 3)
    assert deaths["n_independent"] == pytest.approx(1.8)


def test_fused_deaths_leave_out_what_is_copied_or_hardly_belongs() -> None:
    both = fused_casualties(learned()).to_dicts()
    assert [row["incident_id"] for row in both] == ["i0", "i1"]
    assert (both[0]["n_sources"], both[0]["n_independent"], both[0]["agree"]) == (2, 2, False)
    assert 15 < both[0]["q50"] < 50
    # A voice of 0.6 in a report that belongs with 0.8 is less than half a voice.
    copied = fused_casualties(learned(second=0.6)).to_dicts()
    assert (copied[0]["n_sources"], copied[0]["n_independent"]) == (2, 1)
    assert (copied[0]["q05"], copied[0]["q50"], copied[0]["q95"]) == (10, 15, 20)
    # One source alone passes through.
    assert (both[1]["q05"], both[1]["q50"], both[1]["q95"]) == (3, 4, 9)
    assert (both[1]["n_sources"], both[1]["agree"]) == (1, True)


def test_a_count_that_nobody_checks_has_the_first_guess_of_reliability() -> None:
    right, voice = credibility._deaths_of(learned(second=0.4), np.array([0, 1, 3]))
    assert right.tolist() == [0.6, 0.9, 0.8]
    assert voice.tolist() == [1.0, 0.4, 1.0]


def test_what_one_voice_and_a_copy_say_cannot_be_judged() -> None:
    [row] = [
        row for row in attribute_confidence(learned(second=0.1)).to_dicts()
        if row["attribute"] == "deaths"
    ]  # fmt: skip
    assert row["n_independent"] == pytest.approx(1.08)
    assert (row["confidence"], row["credibility"]) == (0.7, 6)


def test_who_does_not_tell_of_an_incident_neither_counts_nor_shares() -> None:
    more = pl.DataFrame(
        [("i1", "r5", 2, 1, 0.7, 3, 4, 5), ("i2", "r6", 1, 2, 1.0, None, None, None)],
        schema=SPOKEN.schema, orient="row",
    )  # fmt: skip
    third = INCIDENTS.head(1).with_columns(incident_id=pl.lit("i2"))
    heard = replace(
        HEARD, spoken=pl.concat([SPOKEN, more]), incidents=pl.concat([INCIDENTS, third])
    )
    probability = np.array([[0, 0, 0], [0.8, 0, 0], [0.5, 0.6, 0]])
    found = replace(learned(Copying(probability, probability, probability)), testimony=heard)
    assert fused_casualties(found)["incident_id"].to_list() == ["i0", "i1"]
    assert fused_casualties(found)["n_sources"].to_list() == [2, 2]
    # Of the second incident the second source, whom the third often copies, does not tell.
    beside = credibility._others(found).to_list()
    assert beside[3:] == pytest.approx([0.7 * (1 - 0.25), 1.0 * (1 - 0.25), 0.0])


def test_of_reports_that_tie_in_everything_the_first_tells() -> None:
    alike = judgement([0, 1, 2], [0, 0, 1], [0.9, 0.1], voice=[1.0, 1.0, 1.0])
    truth = replace(alike.truth, accuracy=np.full(3, 0.8))
    found = replace(learned(), judged={"date": replace(alike, truth=truth)})
    assert attribute_confidence(found)["report_id"].to_list() == ["r0"]
