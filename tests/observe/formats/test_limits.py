"""A bomb of every container is refused, in seconds and in little memory; untidy files are read."""

from __future__ import annotations

import gzip
import io
import json
import random
import string
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from packed import sheet_xml, workbook
from tocsin.errors import SourceRefused
from tocsin.observe.formats import limits
from tocsin.observe.formats.documents import read_json, read_xml
from tocsin.observe.formats.limits import Meter, batch_rows
from tocsin.observe.formats.records import Row
from tocsin.observe.formats.source import Source
from tocsin.observe.formats.table import read_table
from tocsin.observe.mapping.mapped import Mapped, load
from tocsin.observe.reader import Reading

MAPPING = '[columns]\nid = "id"\ndate = "date"\nnotes = "x"\n[constants]\ncountry = "Syria"\n'
LONG = "x" * 300_000


def arrow(**columns: Any) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    packed = io.BytesIO()
    pq.write_table(pa.table(columns), packed, compression="zstd")
    return packed.getvalue()


def ids(count: int) -> dict[str, Any]:
    import pyarrow as pa

    return {"id": pa.array(range(count)), "date": pa.array(["2020-01-01"] * count)}


def same(value: Any, count: int) -> Any:
    """A column of one value, which is held once."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), pa.array([value]))


NAMES = ["id", "date", "x", *(f"c{n}" for n in range(16_381))]


def commas() -> bytes:
    header = ",".join(NAMES[:2_003]).encode()
    return gzip.compress(header + (b"\n1,2020-01-01,y" + b"," * 2_000) * 2_000)


def far_column() -> bytes:
    """A cell in the last column of the header and of each row."""
    head = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in NAMES)
    rows = "".join(
        f'<row><c r="A{n}"><v>1</v></c><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 400)
    )
    return workbook(sheet_xml(f"<row>{head}</row>{rows}"))


def many_cells() -> bytes:
    return workbook(sheet_xml("<row><c/></row><row>" + "<c/>" * 600_000 + "</row>"))


def merged() -> bytes:
    cells = '<mergeCell ref="A1:B2"/>' * 600_000
    whole = sheet_xml("<row><c/></row>")
    return workbook(whole.replace("</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>"))


def with_part(name: str, content: str) -> bytes:
    """A workbook with one more part."""
    packed = io.BytesIO(workbook(sheet_xml("<row><c/></row>")))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def by_lzma() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("t.csv", "id,date,x\n")
    return packed.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "commas in gzip": commas,
    "columns without end": lambda: b"id,date,x" + b"," * 20_000 + b"\n1,2020-01-01,y\n",
    "a far column in Excel": far_column,
    "cells of one row of Excel": many_cells,
    "merged cells of Excel": merged,
    "styles of Excel": lambda: with_part("xl/styles.xml", "<styleSheet>" + "<xf/>" * 600_000),
    "a shared text of Excel": lambda: with_part(
        "xl/sharedStrings.xml", "<sst><si>" + "<r/>" * 600_000
    ),
    "a zip by LZMA": by_lzma,
    "a dictionary of Parquet": lambda: arrow(**ids(20_000), x=same(LONG, 20_000)),
    "a text of Parquet": lambda: arrow(**ids(2_000), x=[LONG] * 2_000),
    "a list of Parquet": lambda: arrow(**ids(2_000), x=[[LONG]] * 2_000),
    "a record of Parquet": lambda: arrow(**ids(2_000), x=[{"a": LONG}] * 2_000),
    "nothing in Parquet": lambda: arrow(**ids(1), x=[[0] * 4_000_000]),
}  # fmt: skip


SLOW = ("a far column in Excel", "a text of Parquet")
"""They are found out only after a while; a tenth of the bounds ends them sooner, and alike."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=pytest.mark.slow if one in SLOW else ()) for one in BOMBS]
)
def test_a_bomb_of_every_container_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in SLOW:
        monkeypatch.setattr(limits, "CELLS_FROM", limits.CELLS_FROM // 10)
        monkeypatch.setattr(limits, "DECODED_FROM", limits.DECODED_FROM // 10)
    (tmp_path / "m.toml").write_text('source = "s"\n' + MAPPING)
    content = BOMBS[name]()
    assert len(content) < 2**20
    reader = Mapped(load(tmp_path / "m.toml"))
    with pytest.raises(SourceRefused) as refused:
        for _ in Reading(Source.of_bytes(name, content), reader):
            pass
    assert "header" not in refused.value.what
    with pytest.raises(SourceRefused):
        read_table(Source.of_bytes(name, content))


@pytest.mark.parametrize(
    ("read", "content"),
    [
        (read_json, b"[" + b"0," * 16_000_001 + b"0]"),
        (read_json, b"[" + b"[]," * 4_000_001 + b"0]"),
        (read_xml, b"<a>" + b"<b/><c/>" * 4_000_001 + b"</a>"),
        (read_xml, b"<a " + b'b="" ' * 16_000_001 + b"/>"),
    ],
    ids=["values", "lists", "elements", "attributes"],
)
def test_a_document_of_too_many_parts_is_refused(
    read: Callable[[bytes, str], Any], content: bytes
) -> None:
    with pytest.raises(SourceRefused, match="about"):
        read(content, "d")


@pytest.mark.slow
def test_a_wide_table_is_held_in_parts(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('source = "s"\n' + MAPPING)
    chance = random.Random(1)
    cell = "".join(chance.choices(string.ascii_letters, k=3))
    header = ",".join(["id", "date", "x", *(f"c{n}" for n in range(2_000))])
    rows = (f"{n},2020-01-01,y," + ",".join([cell] * 2_000) for n in range(600))
    content = "\n".join([header, *rows]).encode()
    found = Reading(Source.of_bytes("wide.csv", content), Mapped(load(tmp_path / "m.toml")))
    heights = [one["reports"].height for one in found if "reports" in one]
    assert sum(heights) == 600
    assert max(heights) <= limits.BATCH_CELLS // 2_000 + 1


@pytest.mark.slow
def test_long_records_are_held_in_parts(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('source = "s"\n' + MAPPING)
    rows = "".join(f"{n},2020-01-01,{'y' * 2**20}\n" for n in range(70))
    source = Source.of_bytes("long.csv", ("id,date,x\n" + rows).encode())
    found = Reading(source, Mapped(load(tmp_path / "m.toml")))
    heights = [one["reports"].height for one in found if "reports" in one]
    assert sum(heights) == 70
    assert max(heights) <= limits.BATCH_BYTES // 2**20


def test_batches_are_as_long_as_they_are_narrow() -> None:
    assert batch_rows(3, 20_000) == 20_000
    assert batch_rows(2_000, 20_000) * 2_000 <= limits.BATCH_CELLS
    assert batch_rows(10**9, 20_000) == 1


def test_a_file_that_decodes_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(0, 10**9, 50))
    monkeypatch.setattr(time, "thread_time", lambda: next(seconds))
    endless = iter(lambda: Row(1, 1, b"", ["a"]), None)
    with pytest.raises(SourceRefused, match="decode"):
        for _ in Meter("t", 1).rows(endless, 1):
            pass


def test_a_sheet_far_to_the_right_is_ragged_and_costs_nothing() -> None:
    rows = "".join(f'<row><c r="A{n}"><v>{n}</v></c><c r="B{n}"><v>2</v></c></row>'
                   for n in range(1, 500))  # fmt: skip
    far = '<row><c r="A500"><v>1</v></c><c r="XFD500"><v>9</v></c></row>' * 500
    found = list(Source.of_bytes("s.xlsx", workbook(sheet_xml(rows + far))).rows())
    assert [row.cells for row in found[:2]] == [["2", "2"], ["3", "2"]]
    assert {row.fault and row.fault[0] for row in found[498:]} == {"ragged"}
    assert found[-1].cells == ["1", "", "9"]


@pytest.mark.slow
def test_a_short_table_may_repeat_itself() -> None:
    content = gzip.compress(b"a,b\n" + b"0,0\n" * 500_000)
    assert read_table(Source.of_bytes("t.csv.gz", content)).rows.height == 500_000
    assert json.loads(b"[]") == read_json(b"[]", "d")
