"""Rows of which a column of their own says that they do not count."""

from __future__ import annotations

import pytest

from tocsin.observe.checks.review import check_own_status
from tocsin.observe.checks.values import Refused


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("Status", "Duplicate"), ("STATUT", "Doublon"), ("Estado", "duplicado"),
        ("Verification status", "INVALID"), ("Status", "to be deleted"), ("الحالة", "مكرر"),
        ("Статус", "Дубликат"), ("Statut", "Fausse alerte"), ("Statut", "Supprimé"),
    ],
)  # fmt: skip
def test_a_row_that_is_no_event_of_its_own_is_refused(column: str, said: str) -> None:
    with pytest.raises(Refused, match="The row is"):
        check_own_status({"Date": "2024-03-01", column: said})


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("Status", "Rejected"), ("Status", "Closed"), ("Status", "Not a duplicate"),
        ("Status", ""), ("Notes", "duplicate"), ("Status of the road", "invalid"),
        ("Status", "duplicates none"), ("Status", 4),
    ],
)  # fmt: skip
def test_what_may_be_said_of_something_else_counts(column: str, said: object) -> None:
    check_own_status({"Date": "2024-03-01", column: said})
