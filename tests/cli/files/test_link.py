"""`tocsin link`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tocsin
from tocsin.cli import app

HEADER = "Event ID;Date;Town;Province;Lat;Long;Group;Killed\n"


@pytest.mark.slow
def test_two_files_are_linked(tmp_path: Path) -> None:
    one, two = tmp_path / "agency.csv", tmp_path / "press.csv"
    towns = [("Alfa", 10.0, 20.0), ("Bravo", 11.0, 21.5), ("Charlie", 12.4, 19.2)]
    one.write_text(
        "report_id,event_date,location,latitude,longitude,actor1,fatalities\n"
        + "".join(
            f" x{i:03d},2020-{1 + i // 28:02d}-{1 + i % 28:02d},{towns[i % 3][0]},"
            f"{towns[i % 3][1]},{towns[i % 3][2]},Group {i % 4},{i % 7}\n"
            for i in range(80)
        )
        + "bad,soon,Alfa,10,20,Group 1,2,more\n"
    )
    two.write_text(
        HEADER
        + "".join(
            f"{i:03d};{1 + i % 28:02d}/{1 + i // 28:02d}/2020;{towns[i % 3][0]} town;P;"
            f"{towns[i % 3][1]};{towns[i % 3][2]};GROUP {i % 4};{i % 7}\n"
            for i in range(80)
        )
    )
    links, clusters = tmp_path / "links.csv", tmp_path / "clusters.csv"
    words = ["link", one, two, "--out", links, "--clusters", clusters, "--json"]
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    found = list(csv.DictReader(links.open()))
    assert {(r["source_a"], r["source_b"]) for r in found} == {("agency", "press")}
    right = [r for r in found if r["id_a"].strip()[1:] == r["id_b"]]
    assert len(right) >= 76
    assert len(right) == len(found)
    # Identifiers come out as they stood, and every row has a cluster.
    rows = list(csv.DictReader(clusters.open()))
    assert len(rows) == 161
    assert " x000" in {row["id"] for row in rows}
    told = json.loads(done.stdout)
    assert [(row["rule"], row["line"]) for row in told["unlinked"]] == [("unreadable date", 82)]
    # Python's front door links the same, with the same other names of organisations.
    again = tocsin.link([one, two]).links
    assert again.select("id_a", "id_b").rows() == [(r["id_a"], r["id_b"]) for r in found]
    assert [(row["rule"], row["line"]) for row in told["doubtful"]] == [("ragged", 82)]
