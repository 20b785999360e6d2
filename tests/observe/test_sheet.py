"""A sheet to correct has the file's own columns, and gives back what it was made of."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.errors import SourceRefused, UsageError
from tocsin.observe import Source
from tocsin.observe.sheet import check_same, correction_sheet

TEXT = b"country,month,n\nMali,2021-10,3\nMali,2021-11,-1\nMali,2021-12,\x01x\n"


def refused(*numbers: int) -> pl.DataFrame:
    rows = [(n, n + 1, "n", "number", "'n' is wrong.") for n in numbers]
    names = ["source_row", "line", "column", "rule", "reason"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_the_sheet_is_read_as_the_file_is() -> None:
    sheet = correction_sheet(Source.of_bytes("c.csv", TEXT), refused(2, 3))
    source = Source.of_bytes("c.xlsx", sheet)
    assert source.header == ["country", "month", "n"]
    assert [row.cells for row in source.rows()] == [
        ["Mali", "2021-11", "-1"],
        ["Mali", "2021-12", "x"],
    ]


def test_what_is_no_table_or_has_changed_gives_none() -> None:
    with pytest.raises(UsageError, match="no table"):
        correction_sheet(Source.of_bytes("b.json", b"{}"), refused(1))
    with pytest.raises(SourceRefused, match="changed"):
        check_same(Source.of_bytes("c.csv", TEXT), "0" * 64)
