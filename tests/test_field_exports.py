"""Untidy exports that are made here: files of servers, forms, spreadsheets and offices abroad.

What went wrong is said of each test; those before are in `test_field_made.py`.
"""

from __future__ import annotations

import io
import json
import tomllib
import zipfile
from datetime import date

import pytest

from test_field_made import GED, LOG, ged, log, read
from tocsin.errors import SourceRefused
from tocsin.observe import Source, reading
from tocsin.observe.mapping.suggest import suggest_mapping


def columns(rows: str, name: str = "t.csv") -> dict[str, str]:
    """What a draft names for each field."""
    draft = tomllib.loads(suggest_mapping(Source.of_bytes(name, rows.encode())))
    return dict(draft["columns"])


@pytest.mark.parametrize(
    ("cell", "form", "days"),
    [
        ("\u200e13/03/2024\u200e", "%d/%m/%Y", 1), ("13\u201103\u20112024", "%d-%m-%Y", 1),
        ("13–03–2024", "%d-%m-%Y", 1), ("\uff12\uff1024\uff0d03\uff0d13", "%Y-%m-%d", 1),
        ("13/03/2024, 14:30:00", "%d/%m/%Y", 1), ("13/03/2024 à 14h30", "%d/%m/%Y", 1),
        ("2024-03-13 10:00:00 GMT+3", "%Y-%m-%d", 1), ("2024-03-13T10:00+01", "%Y-%m-%d", 1),
        ("13 de março de 2024", "%d %B %Y", 1), ("13 مارس 2024", "%d %B %Y", 1),
        ("13-15 March 2024", "%d %B %Y", 3), ("13-15/03/2024", "%d/%m/%Y", 3),
        ("2024-03-13 to 2024-03-15", "%Y-%m-%d", 3), ("13 au 15 mars 2024", "%d %B %Y", 3),
    ],
)  # fmt: skip
def test_days_with_marks_zones_and_ends(cell: str, form: str, days: int) -> None:
    """Every such row was refused by a mapping that named the form of its days."""
    row = read(f'id,date,country\n1,"{cell}",Mali\n', log(form=form)).tables()["reports"]
    assert row.select("date_start", "date_end").row(0) == (
        date(2024, 3, 13), date(2024, 3, 12 + days)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("north", "east"),
    [
        ("\u0661\u0666\u066b\u0662\u0667", "\u2212\u0660\u066b\u0660\u0665"),
        ("N 16 16 12", "W 0 03 00"), ("16:16:12 N", "0:03:00 W"),
        ("https://maps.example/@16.27,-0.05,15z", "https://maps.example/?q=16.27,-0.05"),
    ],
)  # fmt: skip
def test_degrees_with_other_signs(north: str, east: str) -> None:
    """Their points were lost without a word."""
    text = f'id\tdate\tcountry\ty\tx\n1\t2021-01-05\tMali\t"{north}"\t"{east}"\n'
    found = read(text, log(latitude="y", longitude="x")).tables()["reports"]
    assert found.select("latitude", "longitude").row(0) == (16.27, -0.05)


def test_drafts_of_forms_in_other_words() -> None:
    """Questions, Portuguese and hashtags in the place of names told a draft nothing; half a point
    made a mapping that was refused, and an address was taken for the name of a place."""
    asked = columns(
        "Timestamp,When did it happen?,Country,Which group?,How many people were killed?,Place\n"
        "1/3/2024 9:00,2024-03-13,Mali,JNIM,4,https://maps.example/x\n"
    )
    assert asked["deaths_best"] == "How many people were killed?"
    assert (asked["date"], "place" in asked) == ("When did it happen?", False)
    named = columns("Data;País;Distrito;Mortos;lat;lon\n13/03/2024;Moçambique;Palma;4;16.2;?\n")
    assert named == {
        "date": "Data", "country": "País", "adm2": "Distrito", "deaths_best": "Mortos"
    }  # fmt: skip
    tags, rows = "#event+id,#date,#country,#affected+killed\n", "A,2024-03-13,Mali,4\n"
    assert columns(tags + rows)["deaths_best"] == "#affected+killed"
    assert columns(f"{tags}n,d,c,k\n{rows}")["deaths_best"] == "k"
    assert columns(f"n,d,c,k\n{tags}{tags}{rows}")["deaths_best"] == "k"


def test_ids_that_a_spreadsheet_rounded() -> None:
    """Events whose ids lost their last digits were refused as repetitions of one."""
    rows = "id,date,country\n1.23E+11,2024-03-13,Mali\n1.23E+11,2024-03-14,Mali\n"
    assert read(rows, LOG).tables()["reports"]["native_id"].n_unique() == 2
    again = "id,date,country\n7,2024-03-13,Mali\n7,2024-03-14,Mali\n"
    assert "same id" in read(again, LOG).tables()["quarantine"]["reason"][0]
    assert "some ids stand in several rows" in suggest_mapping(
        Source.of_bytes("t.csv", again.encode())
    )


def test_quotes_and_marks_within_cells() -> None:
    """Inches, strokes before quotes and marks of direction cost rows, or letters of names."""
    rows = (
        'id,date,country,place\n1,2024-03-13,Mali,5" shell at Gao\n'
        '2,2024-03-13,Mali,"the \\"old\\", north"\n'
        "3,2024-03-13,Mali,\u202b\u063a\u0627\u0648\u202c\n"
        "4,2024-03-13,\u200eMali,Gao\u200f\n5,2024-03-13,Mali,a\u202eb\n\x1a\0\0"
    )
    tables = read(rows, log(place="place")).tables()
    assert tables["reports"]["place"].to_list() == [
        '5" shell at Gao', 'the "old", north', "\u063a\u0627\u0648", "Gao"
    ]  # fmt: skip
    assert tables["quarantine"]["rule"].to_list() == ["characters"]


def test_ucdps_server_answers_in_pages() -> None:
    """Its answers were no known source, and a mapping lost the types of violence."""
    names = [*GED, "code_status"]
    row = dict(zip(names, ged("2024-03-13").splitlines()[1].split(";"), strict=False))
    pages = [
        {"TotalCount": 2, "Result": [row | {"id": at, "date_start": "2024-03-13T00:00:00"}]}
        for at in (1, 2)
    ]
    for text in (json.dumps(pages), "\n".join(map(json.dumps, pages))):
        found = read(text, name="answer.json")
        assert found.reader.kind == "ucdp-ged"
        assert found.tables()["reports"]["event_type"].to_list() == ["state-based"] * 2


@pytest.mark.slow
def test_a_hidden_sheet_is_not_read() -> None:
    """A copy that an office had hidden was added to its log."""
    openpyxl = pytest.importorskip("openpyxl")
    book, content = openpyxl.Workbook(), io.BytesIO()
    for sheet in (book.active, book.create_sheet("old")):
        for row in (["id", "date", "country"], [sheet.title, "2021-01-05", "Mali"]):
            sheet.append(row)
    book["old"].sheet_state = "hidden"
    book.save(content)
    found = read(content.getvalue(), LOG, "t.xlsx")
    assert found.tables()["reports"]["native_id"].to_list() == ["Sheet"]
    assert "'old' is hidden" in " ".join(found.source.notes)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"7z\xbc\xaf\x27\x1c", "archive"), (b"x" * 257 + b"ustar\0", "archive"),
        (b"ARROW1\0\0", "Feather"), (b"\x89PNG\r\n", "picture"), (b"\x80\x04\x95", "pickle"),
        (b"version https://git-lfs.github.com/spec/v1\n", "pointer"),
        (b'<?xml version="1.0"?><kml xmlns="x"/>', "Google Earth"),
        (b"<!DOCTYPE html><html><title>Login</title></html>", "sign in"),
        (b'{"status": 401, "error": "Access denied"}', "Access denied"),
        (b"WEEK,COUNTRY,ADMIN1,EVENTS,FATALITIES\n2024-03-16,Mali,Gao,3,7\n", "area and week"),
        (b"COUNTRY,YEAR,FATALITIES\nMali,2024,7\n", "country and year"),
        (b"dyad_id,location,year,bd_best\n1,Mali,2023,500\n", "battle-related"),
    ],
)  # fmt: skip
def test_more_that_is_not_read_is_named(content: bytes, said: str) -> None:
    with pytest.raises(SourceRefused, match=said) as caught:
        read(content).tables()
    assert caught.value.remedy


def test_zips_that_are_documents_are_named_by_the_draft_too() -> None:
    """The advice was to unpack them."""
    for member, said in (("word/document.xml", "Word"), ("a/roads.shp", "shapefile")):
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr(member, "x")
            archive.writestr("other", "x")
        source = Source.of_bytes("t.zip", content.getvalue())
        for look in (reading, suggest_mapping):
            with pytest.raises(SourceRefused, match=said):
                look(source)
