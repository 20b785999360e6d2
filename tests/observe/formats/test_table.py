"""Any table file as a frame: every row is there, its line is known, a fault in it is told."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packed import excel, opendocument, parquet
from tocsin.errors import SourceRefused, UsageError
from tocsin.observe import Source, read_table, table_names
from tocsin.observe.formats import table
from tocsin.observe.formats.characters import mend_encoding, strip_directions

TEXT = 'id,place\n 007,"Bangui, north"\n1e5,\n'


def read(content: bytes | str):  # type: ignore[no-untyped-def]
    packed = content.encode() if isinstance(content, str) else content
    return read_table(Source.of_bytes("t.csv", packed))


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        TEXT.encode("utf-16"),
        gzip.compress(TEXT.encode("utf-8-sig")),
        TEXT.replace(", ", "ß").replace(",", ";").replace("ß", ", ").encode(),
        TEXT.replace(", ", "ß").replace(",", "|").replace("ß", ", ").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        excel(TEXT.encode()),
        opendocument(TEXT.encode()),
        parquet(TEXT.encode()),
    ],
    ids=["comma", "utf-16", "gzip", "semicolon", "bar", "crlf", "excel", "opendocument", "parquet"],
)
def test_one_table_in_many_dresses(content: bytes) -> None:
    found = read(content)
    assert found.rows.rows() == [(" 007", "Bangui, north"), ("1e5", None)]
    assert found.lines.to_list() == [2, 3]
    assert found.faults.is_empty()
    assert found.sound() is found.rows


def test_rows_at_fault_are_kept_and_told() -> None:
    found = read(b'a,b\n1\n1,2,3\n\n"x,2\nC\xf4te,2\n"y\nz",5\n6,7\n\xc3\xb4,8\n')
    assert found.rows["a"].to_list() == ["1", "1", "x,2\n", "Côte", "y\nz", "6", "ô"]
    assert found.lines.to_list() == [2, 3, 5, 6, 7, 9, 10]
    assert found.faults.select("row", "line", "rule").rows() == [
        (1, 2, "ragged"), (2, 3, "ragged"), (3, 5, "quote"), (4, 6, "encoding"),
    ]  # fmt: skip
    with pytest.raises(SourceRefused, match=r"t\.csv, line 2"):
        found.sound()


def test_names_of_columns_are_distinct() -> None:
    assert read("n,,n,n_2\n1,2,3,4\n").rows.columns == ["n", "column_2", "n_2", "n_2_2"]


@pytest.mark.parametrize(
    "content",
    [b"", b"  \n", b",,\n1,2,3\n", b"a\xe2\x80\xae,b\n1,2\n", gzip.compress(b"a,b")[:-4]],
    ids=["empty", "blank", "no header", "hidden character", "cut gzip"],
)
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(SourceRefused):
        read(content)


def test_paths_that_lead_to_no_file(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(UsageError):
            read_table(path)
    path = tmp_path / "one.csv"
    path.write_text("a,b\n")
    assert read_table(str(path)).rows.schema == {"a": pl.String, "b": pl.String}


def test_a_source_is_named_after_its_file() -> None:
    names = ["x/a.csv.gz", "B.XLSX", "v1.2.parquet", "c.ods", ".csv", "no ending"]
    assert table_names(names) == ["a", "B", "v1.2", "c", ".csv", "no ending"]
    with pytest.raises(UsageError, match="'a'"):
        table_names(["a.csv", "other/a.csv.zip"])


cells = st.text(st.characters(codec="utf-8"), max_size=8)


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=6))
def test_what_csv_writes_comes_back_cell_by_cell(rows: list[list[str]]) -> None:
    """Also with characters that `observe` refuses; what looks mangled comes as it was meant."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["a", "b", "c"], *rows])
    found = read(text.getvalue())
    # Soft hyphens say nothing.
    shown = [[strip_directions(cell) for cell in row] for row in rows]
    expected = [
        tuple(mend_encoding(cell) if cell.strip() else None for cell in row) for row in shown
    ]
    # Word's own end of a line is read as a space.
    spaced = [tuple(cell and cell.replace("\v", " ") for cell in row) for row in expected]
    assert found.rows.rows() == spaced


WORDS = ["x", " 007", "", '"', '"q"', '"a\nb"', ";", "é", "\x01", "\x1f", "\r", "\u202e", "\u00a0"]
pieces = st.one_of(st.sampled_from([*WORDS, "\n", "\n", "\n", ";", ";"]), st.text(max_size=3))


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(st.lists(pieces, max_size=30).map("".join), st.sampled_from([1, 2, 3, table.BATCH]))
def test_many_rows_at_once_are_the_rows_one_by_one(body: str, batch: int) -> None:
    source = Source.of_bytes("t.csv", ("a;b\n" + body).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table, "BATCH", batch)
        found = read_table(source)
    rows = list(source.rows())
    cells = [[*row.cells, "", ""][:2] for row in rows]
    # Letters that a program mangled are mended in a table, and stand as they are in rows.
    meant = [tuple(mend_encoding(cell) if cell.strip() else None for cell in row) for row in cells]
    assert found.rows.rows() == meant
    assert found.lines.to_list() == [row.line for row in rows]
    faults = [(n, row.line, *row.fault) for n, row in enumerate(rows, start=1) if row.fault]
    assert found.faults.rows() == faults


@pytest.mark.slow
@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_refused(body: bytes) -> None:
    found = read(b"a;b\n" + body)
    assert found.rows.height == found.lines.len()
    assert found.lines.is_sorted()
    assert set(found.faults["rule"]) <= {"ragged", "quote", "encoding", "characters"}


def test_mangled_letters_are_read_as_they_were_meant_and_told() -> None:
    found = read("place,n\nS\u00c3\u00a9var\u00c3\u00a9,1\nSÃO PAULO,2\n,3\n")
    assert found.rows["place"].to_list() == ["Sévaré", "SÃO PAULO", None]
    assert "Mangled letters of 1 cell were" in found.notes[-1]
    assert read("place,n\nSévaré,1\n").notes == ()
