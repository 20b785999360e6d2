"""GDELT files are known by the shape of their lines."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from pathlib import Path

import pytest

from tocsin.observe import reading
from tocsin.observe.formats.source import Source
from tocsin.observe.sources.gdelt import GdeltEvents
from tocsin.observe.sources.gdelt.events import COLUMNS


def test_a_file_is_known_by_a_line_of_61_fields() -> None:
    fields = dict.fromkeys(COLUMNS, "")
    fields |= {
        "GlobalEventID": "1", "Day": "20240105", "MonthYear": "202401", "Year": "2024",
        "FractionDate": "2024.01", "IsRootEvent": "1", "EventCode": "190",
        "EventBaseCode": "190", "EventRootCode": "19", "QuadClass": "4",
        "DATEADDED": "20240105000000",
    }  # fmt: skip
    line = "\t".join(fields.values()).encode()
    assert GdeltEvents().knows(Source.of_bytes("export.CSV", line + b"\n"))
    assert not GdeltEvents().knows(Source.of_bytes("export.CSV", line[:-40] + b"\n"))
    assert not GdeltEvents().knows(Source.of_bytes("a.csv", b"id,date\n1,2024-01-05\n"))


LINES = (
    Path(str(files("tocsin.observe") / "specimens" / "gdelt.export.CSV")).read_text().splitlines()
)
ROWS = [cells for line in LINES if len(cells := line.split("\t")) == len(COLUMNS)]


def as_table(header: list[str], rows: list[list[str]]) -> Source:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return Source.of_bytes("gdelt.csv", text.getvalue().encode())


@pytest.mark.parametrize("spelt", [str, str.upper, str.lower])
def test_a_table_with_a_header_is_read_as_gdelts_own_file_is(spelt: object) -> None:
    assert callable(spelt)
    header = ["SQLDATE" if name == "Day" else spelt(name) for name in COLUMNS]
    found = reading(as_table(header, ROWS)).tables()["reports"]
    own = reading(Source.of_bytes("e.CSV", "\n".join(LINES).encode())).tables()["reports"]
    assert found.drop("source_file", "source_row").equals(own.drop("source_file", "source_row"))
    assert found.height == 11


def test_days_with_dashes_and_codes_without_their_nought_are_read() -> None:
    assault = dict(zip(COLUMNS, ROWS[0], strict=True))
    day = assault["Day"]
    meeting = assault | {"GlobalEventID": "7", "EventCode": "43", "EventRootCode": "4"}
    dashed = assault | {"Day": f"{day[:4]}-{day[4:6]}-{day[6:]}"}
    tables = reading(as_table(COLUMNS, [[*dashed.values()], [*meeting.values()]])).tables()
    assert tables["quarantine"].is_empty()
    assert tables["reports"]["date_start"].to_list()[0].strftime("%Y%m%d") == day


def test_the_rest_of_an_articles_address_is_kept_nowhere() -> None:
    wrong = dict(zip(COLUMNS, ROWS[0], strict=True)) | {
        "EventCode": "xx", "SOURCEURL": "https://news.example/a-persons-name",
    }  # fmt: skip
    refused = reading(as_table(COLUMNS, [[*wrong.values()]])).tables()["quarantine"]
    assert refused.height == 1
    assert b"name" not in refused["original"][0].lower().replace(b"fullname", b"")


def test_a_table_that_lacks_what_is_read_is_named_and_not_read() -> None:
    few = [COLUMNS.index(name) for name in ("GlobalEventID", "Day", "ActionGeo_CountryCode")]
    source = as_table([COLUMNS[at] for at in few], [[row[at] for at in few] for row in ROWS])
    assert not GdeltEvents().knows(source)
