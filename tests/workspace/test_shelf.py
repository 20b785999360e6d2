"""The shelf: a file is taken out whole and brought back whole; ledgers are left alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from tocsin.errors import UsageError
from tocsin.schema import TABLES
from tocsin.workspace import road, shelf
from tocsin.workspace.chain import APPEND_ONLY
from tocsin.workspace.store import Workspace

LOG = "country,month,n\nMali,2021-10,{}\nMali,2021-11,-1\nSyria,2021-10,5\n"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.init(tmp_path / "w") as workspace:
        yield workspace


def written(folder: Path, name: str, deaths: int) -> Path:
    path = folder / name
    path.write_text(LOG.format(deaths))
    return path


def content(opened: Workspace) -> dict[str, pl.DataFrame]:
    return {
        name: opened.read(name, provenance=True).sort("row_hash")
        for name in TABLES
        if name in shelf.TABLES
    }


def same(one: dict[str, pl.DataFrame], two: dict[str, pl.DataFrame]) -> bool:
    return all(one[name].equals(two[name]) for name in one)


@pytest.mark.slow
def test_forgetting_and_bringing_back_leaves_what_was_there(
    opened: Workspace, tmp_path: Path
) -> None:
    road.observe(opened, [written(tmp_path, "a.csv", 3), written(tmp_path, "b.csv", 4)])
    before = content(opened)
    ledgers = {name: opened.head(name) for name in APPEND_ONLY}
    gone = shelf.forget(opened, "a.csv")
    assert (gone.file, [row["file"] for row in shelf.list_files(opened)]) == ("a.csv", ["b.csv"])
    assert opened.count("series") == 2
    shelf.undo(opened)
    assert same(before, content(opened))
    assert ledgers == {name: opened.head(name) for name in APPEND_ONLY}
    with pytest.raises(UsageError, match="No file is set aside"):
        shelf.undo(opened)


@pytest.mark.slow
def test_a_corrected_file_takes_the_place_of_the_old_one(opened: Workspace, tmp_path: Path) -> None:
    road.observe(opened, [written(tmp_path, "a.csv", 3)])
    before = content(opened)
    new = written(tmp_path, "corrected.csv", 9)
    road.observe(opened, [new], replaces="a.csv")
    assert [row["file"] for row in shelf.list_files(opened)] == ["corrected.csv"]
    assert sorted(opened.read("series")["deaths"]) == [5, 9]
    shelf.undo(opened)
    assert same(before, content(opened))


@pytest.mark.slow
def test_a_file_that_cannot_be_read_replaces_nothing(opened: Workspace, tmp_path: Path) -> None:
    road.observe(opened, [written(tmp_path, "a.csv", 3)])
    broken = tmp_path / "broken.csv"
    broken.write_text("")
    [fate] = road.observe(opened, [broken], replaces="a.csv")
    assert "error" in fate
    assert [row["file"] for row in shelf.list_files(opened)] == ["a.csv"]
    with pytest.raises(UsageError, match="No file 'z"):
        road.observe(opened, [broken], replaces="z.csv")
    with pytest.raises(UsageError, match="One file"):
        road.observe(opened, [broken, broken], replaces="a.csv")


@pytest.mark.slow
def test_two_files_of_one_name_are_told_apart_by_their_digests(
    opened: Workspace, tmp_path: Path
) -> None:
    (tmp_path / "x").mkdir()
    road.observe(opened, [written(tmp_path, "a.csv", 3), written(tmp_path / "x", "a.csv", 4)])
    with pytest.raises(UsageError, match="Several"):
        shelf.forget(opened, "a.csv")
    digest = shelf.list_files(opened)[0]["sha256"][:12]
    assert shelf.forget(opened, digest).file == "a.csv"
    assert opened.count("files") == 1


@pytest.mark.slow
def test_where_a_file_lay_is_in_no_table(opened: Workspace, tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", 3)
    road.observe(opened, [path])
    [row] = shelf.list_files(opened)
    assert shelf.place_of(opened, row["sha256"]) == path.resolve()
    assert shelf.place_of(opened, "0" * 64) is None
    everything = str([opened.read(name, provenance=True).to_dicts() for name in TABLES])
    assert str(tmp_path) not in everything


def test_the_commonest_refusal_has_an_example() -> None:
    frame = pl.DataFrame(
        {"rule": ["b", "a", "a"], "source_row": [1, 3, 2], "line": [2, 4, 3],
         "column": ["x", "y", "y"], "value": ["1", "2", "3"], "reason": ["r", "s", "t"]}
    )  # fmt: skip
    assert shelf.commonest_refusal(frame) == {
        "rule": "a", "rows": 2, "line": 3, "column": "y", "value": "3", "reason": "t",
    }  # fmt: skip


def test_reports_of_other_territories_than_the_region_s_are_said(
    opened: Workspace, tmp_path: Path
) -> None:
    rows = ["id,date,country,deaths", "1,2024-01-02,Syria,1", "2,2024-01-03,Mali,2"]
    (tmp_path / "log.csv").write_text("\n".join(rows))
    mapping = tmp_path / "log.toml"
    mapping.write_text(
        'source = "log"\n[columns]\nid = "id"\ndate = "date"\ncountry = "country"\n'
        'deaths_best = "deaths"\n[forms]\ndate = "%Y-%m-%d"\n[constants]\nevent_type = "other"\n'
    )
    [fate] = road.observe(opened, [tmp_path / "log.csv"], mapping=mapping)
    assert fate["accepted"] == 2
    said = [note for note in fate["notes"] if "region" in note]
    run = opened.last_run("observe")
    assert run is not None
    assert said == [shelf.say_elsewhere(opened, run["run_id"])]
    assert said[0].startswith("Outside the region (Mali): 1 of its 2 reports.")
    rows[2] = "2,2024-01-03,Iraq,2"
    (tmp_path / "log.csv").write_text("\n".join(rows))
    [fate] = road.observe(opened, [tmp_path / "log.csv"], mapping=mapping)
    assert not [note for note in fate["notes"] if "region" in note]
