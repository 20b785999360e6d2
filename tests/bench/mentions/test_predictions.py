"""The house's own reading, in the form in which anybody's is scored."""

from __future__ import annotations

import polars as pl

from tocsin.bench.mentions.predictions import facts_of, predict

ROW = {
    "row_id": "SYR-1-h0-ua", "region": "SYR", "technology": "uncrewed-aircraft", "part": 0,
    "text": "Turkish drones hit the silos; rain", "side_a": "SNA", "side_b": "SDF",
    "type_of_violence": "2.0", "deaths_a": "0", "deaths_b": "", "adm_1": "",
    "where_coordinates": "",
}  # fmt: skip


def test_a_mention_is_read_in_its_part() -> None:
    told = predict(pl.DataFrame([ROW, ROW | {"part": 1, "row_id": "SYR-1-h1-ua"}]))
    first, second = told.to_dicts()
    assert (first["said"], first["by"]) == ("attack", "other-state")
    assert first["third"] > 0.8
    assert (second["said"], second["use"] < 0.5) == ("figure", True)


def test_facts_are_read_from_the_file() -> None:
    facts = facts_of(ROW, 652)
    assert (facts.one_sided, facts.deaths_a, facts.deaths_b) == (False, 0, None)
