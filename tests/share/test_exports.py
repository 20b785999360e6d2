"""Forms of a brief by name; a faulty one is named and the others are written."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from offers import offer
from tocsin.errors import PluginFailed, UsageError
from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.share import brief
from tocsin.share.cap import check
from tocsin.share.exports import EXPORTS, PUBLIC, Brief, cap, csv

GROUP = "tocsin.exports"
TABLES_EMPTY = {name: empty(model) for name, model in TABLES.items()}
RECORD = {
    "model": "=cmd()", "target": "ged_sb", "window": "all", "horizon": 0, "region": "all", "n": 3,
    "crps": 1.0, "crps_log": 0.1, "coverage": 0.9, "chosen": True, "source": "test",
}  # fmt: skip


ALERT = {
    "rule": "serious", "territory": "Mali", "gwno": 432, "level": "warning", "probability": 0.6,
    "origin": date(2026, 10, 1), "since": date(2026, 10, 1),
}  # fmt: skip
RULE = {"rule": "serious", "within": 3, "sentence": "deaths rise"}
MALI = Settings.model_validate({"region": {"name": "Sahel", "territories": {"Sahel": [432]}}})


def test_csv_holds_what_the_brief_shows_and_no_formula() -> None:
    tables = TABLES_EMPTY | {
        "track_record": pl.DataFrame([RECORD]),
        "reports": pl.DataFrame({"headline": ["kept inside"]}),
    }
    found = csv(Brief(tables, Settings(), date(2026, 1, 1)))
    assert list(found) == ["track_record.csv"]
    text = found["track_record.csv"].decode()
    assert text.splitlines()[1].startswith("'=cmd()")
    assert "reports" not in PUBLIC


def test_cap_gives_drafts_that_are_valid_and_says_where_there_is_nothing_to_warn_of() -> None:
    tables = TABLES_EMPTY | {
        "alerts": pl.DataFrame([ALERT, ALERT | {"gwno": 2, "territory": "United States"}]),
        "alert_rules": pl.DataFrame([RULE]),
    }
    found = cap(Brief(tables, MALI, date(2026, 11, 26)))
    (checked,) = check(found)
    assert checked.valid
    (content,) = found.values()
    assert b"<status>Draft</status>" in content
    assert cap(Brief(tables, MALI, date(2026, 11, 26))) == found
    with pytest.raises(UsageError, match="nothing to warn of"):
        cap(Brief(tables, MALI, date(2027, 6, 1)))


@pytest.mark.slow
def test_feeds_are_the_same_bytes_whatever_the_clock_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tables = TABLES_EMPTY | {
        "alerts": pl.DataFrame([ALERT]), "alert_rules": pl.DataFrame([RULE]),
    }  # fmt: skip
    told = set()
    try:
        for zone in ("UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe",
                     "Africa/Cairo", "Asia/Kathmandu", "Africa/Bamako"):  # fmt: skip
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            made = (Brief(tables, MALI, date(2026, month, 25)) for month in (3, 10))
            told.add(
                tuple(
                    EXPORTS.find(name)(one)[file]
                    for one in made
                    for name, file in (("atom", "alerts.atom"), ("rss", "alerts.rss"),
                                       ("geojson", "alerts.geojson"), ("stix", "stix.json"))
                )
            )  # fmt: skip
            told.add(tuple(cap(Brief(tables, MALI, date(2026, 10, 25))).values()))
    finally:
        monkeypatch.undo()
        time.tzset()
    assert len(told) == 2


def test_an_export_of_another_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def words(brief: Brief) -> dict[str, bytes]:
        brief.tables.clear()  # type: ignore[attr-defined]
        return {"region.txt": brief.settings.region.name.encode()}

    offer(monkeypatch, GROUP, words=words)
    written = brief(TABLES_EMPTY, Settings(), out=tmp_path, formats=["words", "csv"])
    assert written == [tmp_path / "region.txt"]
    assert (tmp_path / "region.txt").read_text() == Settings().region.name
    assert "forecasts" in TABLES_EMPTY


@pytest.mark.parametrize(
    ("gives", "words"),
    [
        (None, "gave no files"),
        ({}, "gave no files"),
        ({"a.txt": "text"}, "gave 'a.txt' as str"),
        ({"../a.txt": b""}, "no file name"),
        ({"a/b": b""}, "no file name"),
        ({".hidden": b""}, "no file name"),
        ({3: b""}, "no file name"),
    ],
)
def test_a_faulty_export_is_named_and_the_others_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gives: object, words: str
) -> None:
    offer(monkeypatch, GROUP, faulty=lambda brief: gives, good=lambda brief: {"good.txt": b"x"},
          broken="no_such_package:x", again=lambda brief: {"good.txt": b"y"})  # fmt: skip
    out = tmp_path / "brief"
    with pytest.raises(PluginFailed, match=r"export 'faulty' of the package 'demo 1\.0'") as told:
        brief(TABLES_EMPTY, Settings(), out=out, formats=["faulty", "good"])
    assert words in told.value.what
    assert (out / "good.txt").read_bytes() == b"x"
    with pytest.raises(PluginFailed, match=r"'broken'.*no_such_package"):
        brief(TABLES_EMPTY, Settings(), out=out, formats=["broken", "good"])
    with pytest.raises(PluginFailed, match=r"'again'.*another form wrote"):
        brief(TABLES_EMPTY, Settings(), out=out, formats=["good", "again"])
    assert sorted(path.name for path in out.iterdir()) == ["good.txt"]


def test_an_unknown_form_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean 'html'"):
        brief(TABLES_EMPTY, Settings(), out=tmp_path / "brief", formats=["htm"])
    assert not (tmp_path / "brief").exists()
    assert EXPORTS.names()[:4] == ["html", "json", "pdf", "csv"]
