"""Tables whose fields go down the first column are turned, where that is certain, and no others."""

from __future__ import annotations

import io

import openpyxl
import polars as pl
import pytest

from tocsin.observe import Source, read_table, reading
from tocsin.observe.mapping.mapped import Mapped
from tocsin.observe.mapping.suggest import suggest_mapping
from tocsin.observe.sheet import correction_sheet
from tocsin.schema.mapping import MappingFile

LOG = [
    ["Date", "2024-03-05", "2024-03-17", "2024-04-02"],
    ["Country", "Mali", "Mali", "Atlantis"],
    ["Place", "Gao", "Mopti", "Nowhere"],
    ["Killed", "3", "0", "1"],
]
MAPPING = MappingFile(
    columns={"date": "Date", "country": "Country", "place": "Place", "deaths_best": "Killed"}
)


def text(rows: list[list[str]]) -> bytes:
    return "\n".join(",".join(row) for row in rows).encode()


def test_events_that_stand_beside_each_other_are_read_and_said() -> None:
    source = Source.of_bytes("log.csv", text(LOG))
    found = reading(source, Mapped(MAPPING)).tables()
    told = found["reports"].select("source_row", "place", "deaths_best").rows()
    assert told == [(1, "Gao", 3), (2, "Mopti", 0)]
    assert "line 2 means column B" in " ".join(source.notes)


def test_what_is_refused_is_told_by_its_column() -> None:
    source = Source.of_bytes("log.csv", text(LOG))
    refused = reading(source, Mapped(MAPPING)).tables()["quarantine"]
    # The fourth column of the file, which a spreadsheet calls D.
    assert refused.select("line", "column", "value").rows() == [(4, "Country", "Atlantis")]
    book = openpyxl.load_workbook(io.BytesIO(correction_sheet(source, refused)))
    assert [cell.value for cell in book["Correct here"][2]] == [
        "2024-04-02",
        "Atlantis",
        "Nowhere",
        "1",
    ]


def test_a_title_and_missing_cells_do_not_hinder_it() -> None:
    rows = [["Incidents of the north"], [], *LOG[:2], LOG[2][:2], LOG[3]]
    table = read_table(Source.of_bytes("log.csv", text(rows)))
    assert table.rows.columns == ["Date", "Country", "Place", "Killed"]
    assert table.rows["Place"].to_list() == ["Gao", None, None]
    assert any("What stands above them was not read." in note for note in table.notes)


def test_a_form_of_one_event_is_one_row() -> None:
    draft = suggest_mapping(Source.of_bytes("form.csv", text([row[:2] for row in LOG])))
    assert 'date = "Date"' in draft
    assert 'deaths_best = "Killed"' in draft


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["Date", "Country", "Place", "Killed"],
            *[list(row) for row in zip(*LOG, strict=True)][1:],
        ],
        # A list of fields and what they mean.
        [["Date", "day of the event"], ["Country", "a name"], ["Killed", "a number"]],
        # Two fields of one name: nobody can tell which is meant.
        [*LOG, ["Killed", "9", "9", "9"]],
        [*LOG, ["2024", "9", "9", "9"]],
    ],
)
def test_other_tables_stand_as_they_are(rows: list[list[str]]) -> None:
    source = Source.of_bytes("t.csv", text(rows))
    assert source.across is None
    assert source.names == rows[0]


def test_a_table_of_very_many_fields_is_not_held() -> None:
    rows = [*LOG, *[[f"field {n}", "1", "2", "3"] for n in range(300)]]
    assert Source.of_bytes("t.csv", text(rows)).across is None


def test_the_turned_table_is_the_standing_one() -> None:
    standing = [list(row) for row in zip(*LOG, strict=True)]
    one, two = (read_table(Source.of_bytes("t.csv", text(rows))).rows for rows in (LOG, standing))
    assert one.equals(two.select(pl.all()))
