"""A user's own ledger: first uses, never-adopters, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tocsin.observe import Source, observe_file, reading

FILE = Path(__file__).parents[2] / "data" / "adoptions.csv"


def test_first_uses_have_their_bounds() -> None:
    first, second, never, open_ = observe_file(FILE)["told_adoptions"].to_dicts()
    assert (first["from_date"], first["to_date"], first["confidence"]) == (
        date(2016, 1, 1), date(2016, 12, 31), 0.9,
    )  # fmt: skip
    assert (second["technology"], second["to_date"]) == (
        "improvised-explosives", date(2018, 12, 31),
    )  # fmt: skip
    assert (never["from_date"], never["to_date"], never["confidence"]) == (None, None, 0.95)
    assert (open_["from_date"], open_["to_date"]) == (date(2016, 3, 1), None)


def test_a_time_is_both_bounds() -> None:
    text = "actor,technology,time\nIS,cyber,2016-05-17\n"
    [row] = reading(Source.of_bytes("a.csv", text.encode())).tables()["told_adoptions"].to_dicts()
    assert row["from_date"] == row["to_date"] == date(2016, 5, 17)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("IS,catapults,2016,", "class"),
        (",cyber,2016,", "missing"),
        ("IS,cyber,2016,1.5", "range"),
        ("IS,cyber,once,", "date"),
    ],
)
def test_what_is_wrong_is_refused_with_its_rule(row: str, rule: str) -> None:
    text = f"actor,technology,time,confidence\nHTS,cyber,2017,\n{row}\n"
    tables = reading(Source.of_bytes("a.csv", text.encode())).tables()
    assert tables["told_adoptions"].height == 1
    assert tables["quarantine"]["rule"].to_list() == [rule]
