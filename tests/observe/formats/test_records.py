"""Whatever bytes come, each record is either read or kept aside with its bytes."""

from __future__ import annotations

import gzip
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tocsin.errors import SourceRefused
from tocsin.observe.formats.characters import hostile, mend_encoding, strip_directions, trim
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source

quick = settings(
    max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


class Sheet:
    def __init__(self, path: Path) -> None:
        source = Source.of_path(path)
        self.header: list[str] = source.header
        self.records: list[Record] = list(source.records())


def written(folder: Path, content: bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_quoted_line_ends_stay_in_one_record(tmp_path: Path) -> None:
    sheet = Sheet(written(tmp_path, b'a,b\n1,"x\ny"\n2,z\n'))
    assert [record.fields for record in sheet.records] == [
        {"a": "1", "b": "x\ny"},
        {"a": "2", "b": "z"},
    ]


def test_a_quote_that_never_closes_costs_one_line(tmp_path: Path) -> None:
    sheet = Sheet(written(tmp_path, b'a,b\n1,"x\n2,y\n3,z\n'))
    assert [bool(record.fault) for record in sheet.records] == [True, False, False]
    assert sheet.records[0].original == b'1,"x\n'


def test_ragged_and_undecodable_lines_keep_their_bytes(tmp_path: Path) -> None:
    sheet = Sheet(written(tmp_path, b"a,b\n1\n1,2,3\n\xff,2\n4,5\n"))
    assert [record.fault and record.fault[0] for record in sheet.records] == [
        "ragged",
        "ragged",
        "encoding",
        None,
    ]
    assert sheet.records[2].original == b"\xff,2\n"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks(tmp_path: Path, encoding: str) -> None:
    sheet = Sheet(written(tmp_path, "a,b\né,2\n".encode(encoding)))
    assert sheet.header == ["a", "b"]
    assert sheet.records[0].fields["a"] == "é"


@pytest.mark.parametrize(
    "content",
    [b"", b"   \n", gzip.compress(b"a,b\n1,2\n")[:-6], b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04xx"],
    ids=["empty", "blank", "cut gzip", "picture", "broken zip"],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(SourceRefused):
        Sheet(written(tmp_path, content))


def test_a_zip_of_one_table(tmp_path: Path) -> None:
    path = tmp_path / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("t.csv", "a,b\n1,2\n")
    assert Sheet(path).records[0].fields == {"a": "1", "b": "2"}


@pytest.mark.slow
@quick
@given(body=st.binary(max_size=400))
def test_no_byte_is_lost(tmp_path: Path, body: bytes) -> None:
    path = written(tmp_path, b"a,b\n" + body)
    sheet = Sheet(path)
    kept = b"".join(record.original for record in sheet.records)
    nothing = b" \t\r\n\v\f\0\x1a"
    blank = b"".join(line for line in body.splitlines(keepends=True) if not line.strip(nothing))
    assert len(kept) + len(blank) >= len(body)


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=12).filter(
    lambda text: not hostile(text) and not text.strip().startswith("#")
)
"""Without hashtags: a row of nothing else says what the columns are."""


def test_a_stroke_before_a_quote_may_end_a_text_or_protect_the_quote(tmp_path: Path) -> None:
    ends = b'"a","b"\n"","""\\"\n"x\\","y"\n'
    assert [r.fields for r in Sheet(written(tmp_path, ends)).records] == [
        {"a": "", "b": '"\\'},
        {"a": "x\\", "b": "y"},
    ]
    protects = b'"a","b"\n"said \\"no\\", and left","y"\n"\\"","\\"no\\""\n'
    assert [r.fields for r in Sheet(written(tmp_path, protects)).records] == [
        {"a": 'said "no", and left', "b": "y"},
        {"a": '"', "b": '"no"'},
    ]


@pytest.mark.slow
@quick
@example(rows=[("", '"\\')])
@given(rows=st.lists(st.tuples(cells, cells), max_size=8))
def test_what_csv_writes_is_read_back(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    import csv
    import io

    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("a", "b"), *rows])
    sheet = Sheet(written(tmp_path, text.getvalue().encode()))
    found = [(r.fields["a"], r.fields["b"]) for r in sheet.records if not r.fault]
    # A text that another program mangled is read as it was meant.
    meant = [tuple(trim(mend_encoding(strip_directions(cell))) for cell in row) for row in rows]
    assert found == meant
