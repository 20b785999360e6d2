"""`tocsin incidents`: pairs of rows that may tell of one event are listed and decided."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from command import tocsin
from retold import made_log

MAPPING = """
source = "Log"
[columns]
id = "native_id"
date = "date_start"
country = "territory"
place = "place"
actor_a = "actor_a"
publisher = "publisher"
deaths_best = "deaths_best"
[forms]
date = "%Y-%m-%d"
[constants]
event_type = "other"
"""


@pytest.mark.slow
def test_pairs_are_listed_filled_in_and_taken(tmp_path: Path) -> None:
    log, _ = made_log(4, events=60, crowd=0.1)
    columns = ("native_id", "date_start", "territory", "place", "actor_a", "publisher")
    log.select(*columns, "deaths_best").write_csv(tmp_path / "log.csv")
    (tmp_path / "map.toml").write_text(MAPPING, "utf-8")
    place = tmp_path / "w"
    tocsin("init", place, "--region", "Mali")
    tocsin("observe", tmp_path / "log.csv", "--mapping", tmp_path / "map.toml", "-w", place)
    tocsin("assess", "-w", place)
    listed = place / "same_events.csv"
    shown = tocsin("incidents", "--twice", "--out", listed, "-w", place)
    assert shown.returncode == 0, shown.stderr
    assert "likely one event)" in shown.stdout
    found = pl.read_csv(listed, infer_schema=False)
    one, two = found.row(0)[:2]
    before = json.loads(tocsin("incidents", "--json", "-w", place).stdout)
    # An empty column decides nothing; a word does, and `status` says that it is to be run again.
    tocsin("assess", "-w", place)
    assert len(json.loads(tocsin("incidents", "--json", "-w", place).stdout)) == len(before)
    first = pl.int_range(pl.len()) == 0
    found.with_columns(pl.when(first).then(pl.lit("yes")).alias("same")).write_csv(listed)
    tocsin("assess", "-w", place)
    after = json.loads(tocsin("incidents", "--json", "-w", place).stdout)
    assert len(after) == len(before) - 1
    told = json.loads(tocsin("incidents", "--twice", "--json", "-w", place).stdout)
    assert [row["same"] for row in told if {row["report_a"], row["report_b"]} == {one, two}] == [
        "yes"
    ]
    listed.write_text("report_a,report_b,same\nx,y,maybe\n", "utf-8")
    refused = tocsin("assess", "-w", place)
    assert refused.returncode == 2
    assert "Line 2 decides nothing" in refused.stderr


def test_all_pairs_are_listed_or_none(tmp_path: Path) -> None:
    tocsin("init", tmp_path / "w", "--region", "Mali")
    refused = tocsin("incidents", "--twice", "--territory", "Mali", "-w", tmp_path / "w")
    assert refused.returncode == 2
    assert "--twice lists all pairs" in refused.stderr
