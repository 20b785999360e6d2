"""`tocsin link`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import tocsin
from offers import offer
from tocsin.assess.linkage.pairs.comparisons import Comparison, Level
from tocsin.assess.linkage.pairs.features import FEATURES, Feature
from tocsin.assess.linkage.pairs.registry import Addition
from tocsin.cli import app
from tocsin.errors import UsageError

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


def _large() -> Addition:
    """A comparison of another package: whether both tell of many deaths."""
    most = Feature("greatest(high_l, high_r)", lambda a, b: np.maximum(a["high"], b["high"]))
    levels = (Level("many", (("most", ">=", 5),), 0.3), Level("few", (), 0.7))
    return Addition(Comparison("large", "counted", levels), {"most": most})


@pytest.mark.slow
def test_a_comparison_of_another_package_is_used_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(monkeypatch, "tocsin.comparisons", large=_large())
    monkeypatch.setitem(FEATURES, "most", None)  # so that what is added is gone after the test
    del FEATURES["most"]
    files = [tmp_path / "agency.csv", tmp_path / "press.csv"]
    for late, file in enumerate(files):
        rows = [
            f"{i},2021-{1 + i // 2:02d}-{3 + 14 * odd + late * (i % 3)},Gao,{i + late * odd}"
            for i, odd in enumerate([0, 1] * 8)
        ]
        file.write_text("\n".join(["id,date,place,deaths", *rows]))

    def link(*more: str) -> None:
        words = ["link", *map(str, files), "--out", str(tmp_path / "links.csv"), *more]
        CliRunner().invoke(app, words, catch_exceptions=False)

    link("--comparison", "large")
    found = [float(row["probability"]) for row in csv.DictReader((tmp_path / "links.csv").open())]
    again = tocsin.link(files, comparisons=["large"]).links["probability"]
    assert found == pytest.approx(again.to_list(), abs=1e-6)
    assert found != pytest.approx(tocsin.link(files).links["probability"].to_list(), abs=1e-6)
    with pytest.raises(UsageError) as caught:
        link("--comparison", "larg")
    assert "Did you mean 'large'" in caught.value.remedy


def test_a_file_of_which_no_row_can_be_compared_ends_with_a_sentence(tmp_path: Path) -> None:
    one, two = tmp_path / "agency.csv", tmp_path / "press.csv"
    header = "id,date,latitude,longitude\n"
    one.write_text(header + "a1,2022-03-31,16.27,-0.04\na2,2022-04-02,14.49,-4.19\n")
    two.write_text(header + "p1,31/03/2565,16.27,-0.04\np2,02/04/2565,14.49,-4.19\n")
    found = CliRunner().invoke(app, ["link", str(one), str(two), "--out", str(tmp_path / "l.csv")])
    assert found.exit_code == 1
    assert "2565 may be a year of the Buddhist calendar" in found.stdout
    assert "No row of press could be compared" in found.stderr


def test_weeks_and_numbers_of_days_are_read(tmp_path: Path) -> None:
    one, two = tmp_path / "agency.csv", tmp_path / "press.csv"
    header = "id,date,latitude,longitude\n"
    one.write_text(header + "a1,2022-03-31,16.27,-0.04\na2,2022-06-03,14.49,-4.19\n")
    for days in (("2022-W13", "2022-W22"), ("44651", "44715")):
        points = zip(days, ("16.27,-0.04", "14.49,-4.19"), strict=True)
        two.write_text(header + "".join(f"p{day},{day},{at}\n" for day, at in points))
        out = tmp_path / "l.csv"
        found = CliRunner().invoke(app, ["link", str(one), str(two), "--out", str(out)])
        assert found.exit_code == 0, found.output
        assert len(list(csv.DictReader(out.open()))) == 2
