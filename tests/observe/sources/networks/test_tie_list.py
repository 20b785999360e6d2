"""A user's own ties: read with their dates and weights, or refused with the reason."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tocsin.observe import Source, observe_file, reading
from tocsin.schema.vocabulary.folding import seal

FILE = Path(__file__).parents[2] / "data" / "ties.csv"
HEADER = "source,target,channel,weight,from,to,undirected"


def test_the_target_is_exposed_to_the_source() -> None:
    first, second, third, last = observe_file(FILE)["told_ties"].to_dicts()
    assert (first["actor"], first["related"], first["weight"]) == (seal("HTS"), seal("IS"), 0.5)
    assert first["row"] == "row 2 of ties.csv"
    assert first["source"] == "the desk (Ties (ties.csv))"
    assert (second["channel"], second["both_ways"], second["from_date"]) == (
        "ties", True, date(2016, 1, 1),
    )  # fmt: skip
    assert (third["from_date"], third["to_date"]) == (date(2015, 3, 1), date(2016, 12, 31))
    assert (last["from_date"], last["weight"]) == (None, 1.0)


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("a,a,ties,,,,", "range"),
        ("a,,ties,,,,", "missing"),
        ("a,b,rumour,,,,", "class"),
        ("a,b,ties,0,,,", "range"),
        ("a,b,ties,-1,,,", "range"),
        ("a,b,ties,much,,,", "number"),
        ("a,b,ties,,2017,2016,", "date"),
        ("a,b,ties,,soon,,", "date"),
        ("a,b,ties,,,,perhaps", "class"),
    ],
)
def test_what_is_wrong_is_refused_with_its_rule(row: str, rule: str) -> None:
    text = f"{HEADER}\nx,y,sponsor,,,,\n{row}\n"
    tables = reading(Source.of_bytes("t.csv", text.encode())).tables()
    assert tables["told_ties"].height == 1
    assert tables["quarantine"]["rule"].to_list() == [rule]
