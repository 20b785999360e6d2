"""The header is found where it stands, and a first row of data is never taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.observe.formats.header import find_header
from tocsin.observe.formats.source import Source
from tocsin.observe.formats.table import read_table


@pytest.mark.parametrize(
    ("text", "names", "lines"),
    [
        ("Our log;;\nNo;Day;Country\n1;2024-03-05;Mali\n", ["No", "Day", "Country"], [3]),
        ("Our log\nof 2024\n\nNo,Day,Country\n1,2024-03-05,Mali\n", ["No", "Day", "Country"], [5]),
        ("Log, north, 2024\nNo;Day;Place\n1;2024-03-05;Gao\n\n2;2024-03-06;Gao\n",
         ["No", "Day", "Place"], [3, 5]),
        ("sep=;\nNo;Day\n1;2024-03-05\n", ["No", "Day"], [3]),
        ("No,Day,Country\n1,2024-03-05,Mali\n", ["No", "Day", "Country"], [2]),
        ("country,n\nMali,1\n", ["country", "n"], [2]),
        ("No,Day,Place\n#id,#date,#loc\n1,2024-03-05,Gao\n", ["No", "Day", "Place"], [3]),
        ("No;Day;Dead;\n;;men;women\n1;2024-03-05;2;0\n", ["No", "Day", "Dead men", "Dead women"],
         [3]),
    ],
)  # fmt: skip
def test_names_and_lines(text: str, names: list[str], lines: list[int]) -> None:
    source = Source.of_bytes("a.csv", text.encode())
    assert source.columns == names
    assert [row.line for row in source.rows()] == lines
    assert read_table(source).lines.to_list() == lines


def test_a_document_has_no_title() -> None:
    found = Source.of_bytes("a.json", b'{\n"type": "a", "id": "b", "c": "d"}\n')
    assert found.names == ["{"]


def test_a_document_says_itself_how_it_is_written() -> None:
    raw = '<?xml version="1.0" encoding="ISO-8859-1"?>\n<a>Sévaré</a>\n'.encode("latin-1")
    assert Source.of_bytes("a.xml", raw).content() == raw


def test_what_is_unusual_is_said() -> None:
    plain = Source.of_bytes("a.csv", b"No,Day\n1,2024-03-05\n")
    titled = Source.of_bytes("a.csv", "Log\nNo,Day,Lieu\n1,2024-03-05,Sévaré\n".encode("cp1252"))
    assert [row.cells[2] for row in titled.rows()] == ["Sévaré"]
    assert plain.notes == []
    assert [note.split(";")[0] for note in titled.notes] == [
        "The text is no UTF-8", "The header stands in line 2"
    ]  # fmt: skip


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "day", ""], ["x", "unknown", "note"], ["y", "also", "note"]],
        [["id", "day", "place"], ["", "", "x"], ["A", "2024-03-05", "Gao"]],
        [["id", "dead", ""], ["", "2", "3"], ["A", "2", "3"]],
    ],
)
def test_a_row_of_data_is_no_second_line_of_the_header(rows: list[list[str]]) -> None:
    assert find_header(rows).last == 0


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.sampled_from(["", "a", "b", "1", "2024-03-05"]), max_size=4), max_size=5)
)
def test_a_header_never_lies_beyond_the_rows(rows: list[list[str]]) -> None:
    found = find_header(rows)
    assert 0 <= found.first <= found.last < max(1, len(rows))
    assert not found.last or len(found.names) >= 2
