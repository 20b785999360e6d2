"""Doubt: every rule has a meaning, and a correction names the file's own column."""

from __future__ import annotations

from tocsin.observe.checks.doubt import RULES, Doubt, correction_rows

ROW = {"report_id": "a:1", "source_file": "f.csv", "source_row": 4, "source": "a"}


def test_a_correction_speaks_of_the_files_own_column() -> None:
    doubt = Doubt("deaths_low", "9", "3", "estimates", "'deaths_low' is above the best.")
    [row] = correction_rows([doubt], ROW, 5, {"deaths_low": "Mortos (min)"}.get)  # type: ignore[arg-type]
    assert (row["column"], row["heading"], row["line"]) == ("deaths_low", "Mortos (min)", 5)
    assert row["reason"] == "'Mortos (min)' is above the best."


def test_rules_have_meanings() -> None:
    assert all(meaning for meaning in RULES.values())
