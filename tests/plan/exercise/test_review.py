"""What was decided beside what was true."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.plan.exercise import keep_filled, read_decisions, report, review
from tocsin.plan.exercise.review import PLAN

CELL = "Regional early-warning cell"
TRUTH = pl.DataFrame(
    [
        ("2027-03-15 06:00", "Mali", "rise", 90, True),
        ("2027-04-10 09:00", "Chad", "rumour", 50, False),
        ("2027-05-15 06:00", "Niger", "rise", 60, True),
    ],
    schema=["time", "territory", "kind", "size", "happens"],
    orient="row",
)


def decided(*rows: tuple[str, str, str]) -> pl.DataFrame:
    table = [
        {"cell": CELL, "time": time, "kind": kind, "territory": place, "words": ""}
        for time, kind, place in rows
    ]
    columns = ("cell", "time", "kind", "territory", "words")
    return read_decisions(pl.DataFrame(table, schema=dict.fromkeys(columns, pl.String)))


def test_warnings_count_before_and_not_after() -> None:
    found = review(
        TRUTH,
        decided(
            ("2027-03-05 06:00", "warn", "Mali"),
            ("2027-05-16 06:00", "warn", "Niger"),
            ("2027-04-10 10:00", "act", "Chad"),
            ("2027-04-10 11:00", "verify", "Chad"),
        ),
    )
    assert found.turns["warned_days_before"].to_list() == [10, None, None]
    assert found.turns["believed"].to_list() == [False, True, False]
    assert found.turns["checked"].to_list() == [False, True, False]
    assert found.words[0].startswith("Rises of violence: 2; warned of before they came: 1")
    assert [row[0] for row in found.plan.rows()] == [
        "Verification", "Early warning", "Information",
    ]  # fmt: skip


def test_capitals_and_blanks_of_a_decision_tell_nothing_apart() -> None:
    row = {"cell": f" {CELL.upper()} ", "time": "2027-03-05 06:00", "kind": "Stand  Down",
           "territory": "Mali", "words": ""}  # fmt: skip
    [told] = read_decisions(pl.DataFrame([row])).to_dicts()
    assert (told["cell"], told["kind"]) == (CELL, "stand down")


def test_a_warning_of_long_ago_is_none() -> None:
    found = review(TRUTH, decided(("2026-01-01 00:00", "warn", "Mali")))
    assert found.turns["warned_days_before"][0] is None


@pytest.mark.parametrize(
    ("change", "words"),
    [({"cell": "Regional cell"}, "no cell"), ({"kind": "panic"}, "no kind"),
     ({"time": "soon"}, "no time")],
)  # fmt: skip
def test_a_decision_that_cannot_be_read_is_named(change: dict[str, str], words: str) -> None:
    row = {"cell": CELL, "time": "2027-03-05 06:00", "kind": "warn", "territory": "M", "words": ""}
    with pytest.raises(SourceRefused, match=words) as raised:
        read_decisions(pl.DataFrame([row, row | change]))
    assert "row 3" in raised.value.where


def test_a_warning_on_a_false_report_is_no_merit_of_a_later_rise() -> None:
    truth = pl.concat([TRUTH, TRUTH.head(1).with_columns(
        time=pl.lit("2027-05-20 06:00"), territory=pl.lit("Chad"))])  # fmt: skip
    found = review(truth, decided(("2027-04-08 06:00", "warn", "Chad")))
    false, rise = (found.turns.row(place, named=True) for place in (1, 3))
    assert (false["believed"], false["warned_by_mistake"]) == (True, False)
    assert (rise["warned_days_before"], rise["warned_by_mistake"]) == (None, True)
    assert "the only warning was one on a false report: 1; they count" in found.words[1]
    strengths = report(found).split("## Strengths")[1].split("## Areas")[0]
    assert "Chad" not in strengths
    [issue] = [row[1] for row in found.plan.rows() if "rise in Chad" in row[1]]
    assert issue.endswith("without a warning of its own: the one that stood was on a false report.")
    # One of the rise itself, given later, counts.
    both = decided(("2027-04-08 06:00", "warn", "Chad"), ("2027-05-18 06:00", "warn", "Chad"))
    again = review(truth, both).turns.row(3, named=True)
    assert (again["warned_days_before"], again["warned_by_mistake"]) == (2, False)


def test_what_was_done_about_what_truly_happened_believes_no_false_report() -> None:
    truth = pl.concat([TRUTH, TRUTH.head(1).with_columns(
        time=pl.lit("2027-04-20 06:00"), territory=pl.lit("Chad"))])  # fmt: skip
    found = review(truth, decided(("2027-04-18 06:00", "warn", "Chad")))
    assert found.turns["believed"].to_list() == [False] * 4
    assert found.turns["warned_days_before"].to_list() == [None, None, None, 2]


def test_the_report_goes_by_objectives_and_names_what_went_well() -> None:
    decisions = decided(
        ("2027-03-05 06:00", "warn", "Mali"),
        ("2027-04-09 10:00", "act", "Chad"),
        ("2027-04-12 10:00", "stand down", "Chad"),
        ("2027-05-15 08:00", "inform", "Niger"),
        ("2027-05-16 08:00", "act", "Niget"),
    )
    found = review(TRUTH, decisions)
    assert found.words[-1].endswith("count for nothing. Did you mean 'Niger'?")
    text = report(found)
    assert text.count("Rating (for evaluators)") == text.count("## Objective: ") == 4
    assert "Rises of violence: 2; warned of before they came: 1." in text
    assert (
        "False reports: 1; acted on or passed on as a warning: 1, of these taken back: 1." in text
    )
    assert "A false report of Chad on 2027-04-10 was acted on, and taken back." in text
    assert "True events: 2; told to partners or the public: 1." in text
    assert "The rise in Mali on 2027-03-15 was warned of 10 days before." in text
    assert "The rise in Niger on 2027-05-15 came without a warning." in text


def test_a_warning_of_a_false_report_is_no_act_and_days_are_not_rounded_up() -> None:
    found = review(TRUTH, decided(("2027-03-12 12:00", "warn", "Mali"),
                                  ("2027-04-09 10:00", "warn", "Chad")))  # fmt: skip
    assert "A false report of Chad on 2027-04-10 was passed on as a warning." in found.plan["Issue"]
    # 2 days and 18 hours are not 3 days.
    # Of one warning there is no median.
    assert "The warning came 2 days before." in found.words
    assert "was warned of 2 days before." in report(found)
    two = review(TRUTH, decided(("2027-03-12 12:00", "warn", "Mali"),
                                ("2027-05-11 06:00", "warn", "Niger")))  # fmt: skip
    assert any(one.endswith("days before, in the median.") for one in two.words)
    # Nothing came to be served: nobody is told that they did nothing.
    rises = review(TRUTH.filter(pl.col("kind") == "rise"), decided())
    assert "No outage and no displacement came" in report(rises)
    assert "Outages and displacements: 0" not in report(rises)
    late = review(TRUTH, decided(("2027-03-15 03:30", "warn", "Mali")))
    assert "was warned of 2 hours before." in report(late)


def test_where_nothing_was_done_there_is_something_to_mend() -> None:
    quiet = TRUTH.head(1).with_columns(kind=pl.lit("outage"))
    found = review(quiet, decided())
    assert found.words[0] == "No rise of violence came, so that there was nothing to warn of."
    assert found.plan["Capability"].to_list() == ["Services", "Information"]
    assert found.plan["Issue"][0] == "On the outage in Mali on 2027-03-15 nobody acted."
    done = review(quiet, decided(("2027-03-15 07:00", "act", "Mali"),
                                 ("2027-03-15 08:00", "inform", "Mali")))  # fmt: skip
    assert done.plan.is_empty()


def test_who_mends_what_is_kept_when_an_exercise_is_reviewed_again() -> None:
    def made(*rows: tuple[str, ...]) -> pl.DataFrame:
        return pl.DataFrame(list(rows), schema=dict.fromkeys(PLAN, pl.String), orient="row")

    new = made(("A", "one", "do", "", "", ""), ("A", "two", "do", "", "", ""))
    before = made(
        ("A", "two", "do so", "Ms. X's office", "", "2027-05"), ("B", "gone", "do", "", "", ""),
        ("B", "three", "do", "Office Y", "", ""), ("A", "one", "do", "", "", ""),
    )  # fmt: skip
    assert keep_filled(new, before).rows() == [
        ("A", "one", "do", "", "", ""), ("A", "two", "do so", "Ms. X's office", "", "2027-05"),
        ("B", "three", "do", "Office Y", "", ""),
    ]  # fmt: skip
    assert keep_filled(new, pl.DataFrame({"Issue": ["two"]})).equals(new)
