"""Open forms: each is read again by what reads such files."""

from __future__ import annotations

import csv
import json
import time
import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

import polars as pl
import pytest
import shapely

from tocsin.schema.settings import Region, Settings
from tocsin.share.cap import check
from tocsin.share.cap.warnings import Sender, warnings
from tocsin.share.forms import HXL, atom, geojson, hxl, rss, standing_alerts
from tocsin.share.stix.write import Producer
from tocsin.share.stix.write import write as stix

COUNTS = "Deaths are those in state-based conflict."
SETTINGS = Settings(region=Region(name="Sahel & more", territories={"Sahel": [432, 483]}))


@pytest.fixture
def tables() -> dict[str, pl.DataFrame]:
    """A rule with a name that a spreadsheet would run, raised in Mali, quiet in Chad."""
    row = {"rule": "=SUM(1)", "origin": date(2022, 12, 1), "since": date(2022, 11, 1)}
    alerts = [
        row | {"territory": "Mali", "gwno": 432, "level": "warning", "probability": 0.62},
        row | {"territory": "Chad", "gwno": 483, "level": "quiet", "probability": 0.01},
        row | {"territory": "Niger", "gwno": 436, "level": "emergency", "probability": 0.9},
    ]
    record = {"rule": "=SUM(1)", "window": "all", "hits": 20, "misses": 3, "false_alarms": 5}
    return {
        "alerts": pl.DataFrame(alerts),
        "alert_rules": pl.DataFrame(
            [{"rule": "=SUM(1)", "sentence": "at least <25> deaths", "within": 3, "kind": "deaths"}]
        ),
        "alert_record": pl.DataFrame([record]),
    }


def test_only_the_region_and_what_stands(tables: dict[str, pl.DataFrame]) -> None:
    assert [row["territory"] for row in standing_alerts(tables, SETTINGS)] == ["Mali"]


def test_geojson_is_drawn_on_the_territory(tables: dict[str, pl.DataFrame]) -> None:
    found = json.loads(geojson(tables, SETTINGS))
    (feature,) = found["features"]
    assert shapely.geometry.shape(feature["geometry"]).contains(shapely.Point(-4, 17))
    assert feature["properties"]["record"] == "hits 20, misses 3, false alarms 5"
    assert feature["properties"]["data_to"] == "2022-12-31"


def test_hxl_has_its_tags_below_the_header(tables: dict[str, pl.DataFrame]) -> None:
    header, tags, row, *rest = hxl(tables, SETTINGS).decode().splitlines()
    assert header.split(",") == list(HXL)
    assert tags.split(",") == list(HXL.values())
    assert all(tag.startswith("#") for tag in tags.split(","))
    assert row.split(",")[2] == "'=SUM(1)"
    assert not rest


def test_the_feed_is_valid_and_its_entries_keep_their_names(
    tables: dict[str, pl.DataFrame],
) -> None:
    one = atom(tables, SETTINGS, date(2026, 11, 26))
    two = atom(tables, SETTINGS, date(2026, 11, 27))
    found = check({"a": one})[0]
    assert found.findings == ()
    assert found.summary.startswith("Atom feed of 1 entry")
    ids = [text.split("</id>")[0] for text in one.decode().split("<id>")[1:]]
    assert ids == [text.split("</id>")[0] for text in two.decode().split("<id>")[1:]]
    assert len(set(ids)) == 2


def test_nothing_that_stands_gives_empty_forms(tables: dict[str, pl.DataFrame]) -> None:
    quiet = tables | {"alerts": tables["alerts"].head(0)}
    assert json.loads(geojson(quiet, SETTINGS))["features"] == []
    assert len(hxl(quiet, SETTINGS).decode().splitlines()) == 2
    assert check({"a": atom(quiet, SETTINGS, date(2026, 11, 26))})[0].valid


@pytest.mark.parametrize(("within", "made", "told"), [
    (3, date(2023, 3, 31), "for January 2023 to March 2023, from data to December 2022"),
    (1, date(2023, 1, 31), "for January 2023, from"),
    (3, date(2023, 4, 1), "These months are over"),
])  # fmt: skip
def test_it_is_said_of_which_months_an_alert_speaks_and_whether_they_are_over(
    tables: dict[str, pl.DataFrame], within: int, made: date, told: str
) -> None:
    whole = tables | {"alert_rules": tables["alert_rules"].with_columns(within=pl.lit(within))}
    for form in (atom, rss):
        text = form(whole, SETTINGS, made).decode()
        assert told in text
        assert ("are over" in text) == (told == "These months are over")
    (feature,) = json.loads(geojson(whole, SETTINGS))["features"]
    last = date(2023, 1 if within == 1 else 3, 31)
    assert feature["properties"]["until"] == last.isoformat()
    assert hxl(whole, SETTINGS).decode().splitlines()[2].split(",")[8] == last.isoformat()


def test_rss_is_valid_and_says_what_the_atom_feed_says(tables: dict[str, pl.DataFrame]) -> None:
    one = rss(tables, SETTINGS, date(2026, 11, 26))
    told = check({"a": one})[0]
    assert told.findings == ()
    items = ET.fromstring(one).findall("channel/item")
    entries = ET.fromstring(atom(tables, SETTINGS, date(2026, 11, 26)))
    ids = [one.findtext("{*}id") for one in entries.findall("{*}entry")]
    assert [item.findtext("guid") for item in items] == ids
    assert "Record of the rule" in str(items[0].findtext("description"))


@pytest.mark.parametrize("zone", [
    "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu",
    "Africa/Bamako",
])  # fmt: skip
def test_feeds_are_right_over_each_change_of_the_clock(
    tables: dict[str, pl.DataFrame], zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever they are made, their times are those of UTC, and their bytes are the same."""
    days = [date(2026, month, day) for month, day in (
        (3, 8), (3, 29), (4, 5), (4, 24), (10, 4), (10, 25), (10, 30), (11, 1))]  # fmt: skip
    try:
        for day in days:
            made = []
            for clock in ("UTC", zone):
                monkeypatch.setenv("TZ", clock)
                time.tzset()
                made.append((atom(tables, SETTINGS, day), rss(tables, SETTINGS, day)))
            assert made[0] == made[1]
            told = ET.fromstring(made[1][0]).findtext("{http://www.w3.org/2005/Atom}updated")
            built = ET.fromstring(made[1][1]).findtext("channel/lastBuildDate")
            assert told is not None
            assert built is not None
            whole = datetime(day.year, day.month, day.day, tzinfo=UTC)
            assert datetime.fromisoformat(told) == parsedate_to_datetime(built) == whole
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("probability", "words", "cap_value"),
    [(0.9996, "over 99%", "0.99"), (0.62, "62%", "0.62"), (0.004, "under 1%", "0.01")],
)
def test_all_forms_say_the_same_of_one_alert(
    tables: dict[str, pl.DataFrame], probability: float, words: str, cap_value: str
) -> None:
    """Months, probability, the rule with its threshold, the record, the territory and the end."""
    mali = pl.col("territory") == "Mali"
    tables["alerts"] = tables["alerts"].with_columns(
        probability=pl.when(mali).then(probability).otherwise("probability")
    )
    made = date(2023, 1, 20)
    at = datetime(2023, 1, 20, tzinfo=UTC)
    bundle = json.loads(stix(tables, SETTINGS, Producer("Office", "GREEN", at)))["objects"]
    (report,) = (one for one in bundle if one["type"] == "report")
    sent = warnings(
        tables, Sender("a@example.org", "Draft", at), territories=[432, 483], target="ged_sb"
    )
    (message,) = (one.decode() for one in sent.messages.values())
    texts = [atom(tables, SETTINGS, made).decode(), rss(tables, SETTINGS, made).decode(),
             report["name"] + report["description"], message]  # fmt: skip
    for text in texts:
        plain = text.replace("&lt;", "<").replace("&gt;", ">")
        for said in ("Mali", words, "January 2023 to March 2023", "December 2022",
                     "at least <25> deaths", COUNTS):  # fmt: skip
            assert said in plain, said
        assert "months are over" not in text
        assert "100%" not in text
    (feature,) = json.loads(geojson(tables, SETTINGS))["features"]
    row = list(csv.DictReader(hxl(tables, SETTINGS).decode().splitlines()))[1]
    for told in (feature["properties"], row):
        assert (told["until"], told["data_to"]) == ("2023-03-31", "2022-12-31")
        assert float(told["probability"]) == probability
        assert told["counts"] == COUNTS
    assert {f"probability:{probability:.4f}", "until:2023-03-31"} <= set(report["labels"])
    assert "<expires>2023-04-01T00:00:00-00:00</expires>" in message
    assert f"<value>{cap_value}</value>" in message
    late = json.loads(
        stix(tables, SETTINGS, Producer("Office", "GREEN", datetime(2023, 5, 1, tzinfo=UTC)))
    )
    assert "months are over" in next(
        one["description"] for one in late["objects"] if one["type"] == "report"
    )
