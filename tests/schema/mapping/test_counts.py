"""Counts as offices write them: what stands behind a number, and what makes it no count of dead."""

from __future__ import annotations

import pytest

from tocsin.schema.mapping.counts import written_count


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("7 (à confirmer)", 7),
        ("3 (dont 1 civil)", 3),
        ("15 dont 6 soldats", 15),
        ("15, including 6 soldiers", 15),
        ("2 assaillants tués", 2),
        ("4 soldats turcs tués", 4),
        ("+/- 12", 12),
        ("± 12", 12),
        ("5 منهم طفلان", 5),
    ],
)
def test_what_stands_behind_a_number_is_kept_as_doubt(text: str, best: int) -> None:
    found = written_count(text)
    assert found is not None
    assert (found.best, found.exact) == (best, False)


@pytest.mark.parametrize("text", ["pas de victime", "aucun mort", "no casualties", "sin víctimas"])
def test_none_are_none(text: str) -> None:
    found = written_count(text)
    assert found is not None
    assert (found.best, found.exact) == (0, True)


@pytest.mark.parametrize(
    "text",
    [
        "12 (blessés)", "8 (wounded)", "15 dont 6 blessés", "20 kidnapped", "2 (enlevés)", "4 (+3)",
        "3 (5)", "12 (6 blessés)", "3 hommes blessés et tués", "12-", "(4)", "9 maisons brûlées",
    ],
)  # fmt: skip
def test_what_counts_others_is_no_count_of_dead(text: str) -> None:
    assert written_count(text) is None
