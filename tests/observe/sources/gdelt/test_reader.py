"""GDELT files are known by the shape of their lines."""

from __future__ import annotations

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
