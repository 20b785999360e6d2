"""What a file is, told from its first bytes; every container gives the same records."""

from __future__ import annotations

import io
from contextlib import suppress

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packed import excel, opendocument, parquet
from tocsin.errors import SourceRefused
from tocsin.observe import Source, reading

TEXT = b'country,month,n\nSyria,2020-01,1\n"Congo, DRC",2020-02,2\n'


@pytest.mark.parametrize(
    ("container", "content"),
    [("text", TEXT), ("excel", excel(TEXT)), ("opendocument", opendocument(TEXT)),
     ("parquet", parquet(TEXT))],
)  # fmt: skip
def test_one_table_in_every_container(container: str, content: bytes) -> None:
    source = Source.of_bytes("t", content)
    assert source.container == container
    assert source.header == ["country", "month", "n"]
    assert [record.fields["country"] for record in source.records()] == ["Syria", "Congo, DRC"]
    assert [record.number for record in source.records()] == [1, 2]
    assert reading(source).tables()["series"]["deaths"].to_list() == [1, 2]


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"\x1f\x8b"]))
def test_any_bytes_are_read_or_refused(content: bytes, magic: bytes) -> None:
    source = Source.of_bytes("any", magic + content)
    with suppress(SourceRefused):
        reading(source).tables()


@pytest.mark.slow
@pytest.mark.parametrize("pack", [excel, opendocument, parquet])
def test_a_damaged_container_is_refused(pack) -> None:  # type: ignore[no-untyped-def]
    good = pack(TEXT)
    for at in range(0, len(good), 97):
        content = bytearray(good)
        content[at] ^= 0xFF
        source = Source.of_bytes("damaged", bytes(content))
        with suppress(SourceRefused):
            reading(source).tables()


def test_a_hostile_header_is_no_header() -> None:
    assert Source.of_bytes("t.csv", "country,mon\u202eth,n\nSyria,1,1\n".encode()).header == []


@pytest.mark.slow
def test_a_line_without_end_is_refused() -> None:
    source = Source.of_bytes("t.csv", TEXT + b"x" * (17 * 2**20))
    with pytest.raises(SourceRefused, match="longer"):
        list(source.records())


def test_types_of_parquet_become_text() -> None:
    from datetime import date, datetime

    frame = pl.DataFrame(
        {
            "country": ["Syria", None], "month": [date(2020, 1, 1), None],
            "at": [datetime(2020, 1, 1), datetime(2020, 1, 2)], "n": [1.0, 2.5],
            "many": [[1, 2], []], "raw": [b"a", b"\xff"],
        }
    )  # fmt: skip
    packed = io.BytesIO()
    frame.write_parquet(packed)
    first, second = Source.of_bytes("t.parquet", packed.getvalue()).records()
    assert first.fields == {
        "country": "Syria", "month": "2020-01-01", "at": "2020-01-01", "n": "1.0",
        "many": "[1, 2]", "raw": "a",
    }  # fmt: skip
    assert second.fault is not None
    assert second.fault[0] == "characters"
