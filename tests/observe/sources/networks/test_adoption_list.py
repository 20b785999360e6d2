"""A user's own ledger: first uses, never-adopters, and what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
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
        ("IS,cyber,2016,high", "number"),
        ("IS,cyber,2016,120 %", "range"),
    ],
)
def test_what_is_wrong_is_refused_with_its_rule(row: str, rule: str) -> None:
    text = f"actor,technology,time,confidence\nHTS,cyber,2017,\n{row}\n"
    tables = reading(Source.of_bytes("a.csv", text.encode())).tables()
    assert tables["told_adoptions"].height == 1
    assert tables["quarantine"]["rule"].to_list() == [rule]


def _read(row: str) -> dict[str, pl.DataFrame]:
    text = f"actor,technology,from,to,confidence\n{row}\n"
    return reading(Source.of_bytes("a.csv", text.encode())).tables()


@pytest.mark.parametrize("said", ["80 %", "80%", '"0,8"', "0.8", '"80,0 %"'])
def test_a_share_may_be_written_as_people_write_it(said: str) -> None:
    assert _read(f"IS,cyber,2016,,{said}")["told_adoptions"]["confidence"].to_list() == [0.8]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("uncrewed aircrafts", "uncrewed-aircraft"), ("drones", "uncrewed-aircraft"),
        ("IED", "improvised-explosives"), ("improvized explosives", "improvised-explosives"),
        ("mortar", "guided-or-indirect-fire"), ("cybre", "cyber"),
    ],
)  # fmt: skip
def test_a_class_that_is_not_known_is_refused_with_the_nearest(said: str, meant: str) -> None:
    [reason] = _read(f"IS,{said},2016,,0.8")["quarantine"]["reason"]
    assert f"Did you mean '{meant}'?" in reason


def test_a_day_that_is_not_known_is_not_never() -> None:
    unknown = _read("IS,cyber,unknown,,0.9")
    assert unknown["told_adoptions"].is_empty()
    assert "neither a day nor 'never'" in unknown["quarantine"]["reason"][0]
    for row in ("IS,cyber,,,0.9", "IS,cyber,never,,0.9", "IS,cyber,Never,never,0.9"):
        [told] = _read(row)["told_adoptions"].to_dicts()
        assert (told["from_date"], told["to_date"]) == (None, None)
