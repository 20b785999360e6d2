"""Placeholders: what says that a value is not known, and what only looks like it."""

from __future__ import annotations

from datetime import date

import pytest

from tocsin.schema.vocabulary.placeholder import is_placeholder, is_placeholder_day


@pytest.mark.parametrize(
    "cell",
    ["", " ", "NA", "n/a", "N/A", "nan", "NaN", "NULL", "None", "unknown", "UNKNOWN", "-", "--",
     "—", "?", "...", "Inconnu", "Non renseigné", "Desconocido", "sin datos", "غير معروف", "#N/A"],
)  # fmt: skip
def test_not_known(cell: str) -> None:
    assert is_placeholder(cell)


@pytest.mark.parametrize("cell", ["0", "Nan", "Na", "Unknown Hill", "999", "nil", "-1"])
def test_known(cell: str) -> None:
    assert not is_placeholder(cell)


def test_days() -> None:
    assert is_placeholder_day(date(1970, 1, 1))
    assert is_placeholder_day(date(5138, 11, 16))
    assert not is_placeholder_day(date(2000, 1, 1))
    assert is_placeholder_day(date(2000, 1, 1), unsure=True)
    assert not is_placeholder_day(date(2024, 1, 1), unsure=True)
