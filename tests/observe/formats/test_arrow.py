"""Columns of Arrow become texts, whatever they hold: no panic, and no row that is lost."""

from __future__ import annotations

import datetime as dt
import io
import json
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.observe.formats.arrow import decoded_bytes, texts
from tocsin.observe.formats.source import Source
from tocsin.observe.formats.table import read_table

FAR = 2**62


@pytest.mark.parametrize(
    ("values", "kind", "wanted"),
    [
        ([1, None], pa.int64(), ["1", ""]),
        ([1.5, None, float("nan")], pa.float64(), ["1.5", "", "NaN"]),
        ([True, None], pa.bool_(), ["true", ""]),
        (["a", None, ""], pa.large_string(), ["a", "", ""]),
        ([b"\xff", None], pa.binary(), ["\udcff", ""]),
        ([b"ab"], pa.binary(2), ["ab"]),
        ([None, None], pa.null(), ["", ""]),
        ([Decimal("1.50"), None], pa.decimal128(10, 2), ["1.50", ""]),
        ([Decimal("9" * 70 + ".25")], pa.decimal256(76, 2), ["9" * 70 + ".25"]),
        ([dt.date(2020, 1, 1), None], pa.date32(), ["2020-01-01", ""]),
        ([dt.datetime(2020, 1, 1)], pa.timestamp("us"), ["2020-01-01"]),
        ([dt.datetime(2020, 1, 1, 1)], pa.timestamp("s"), ["2020-01-01 01:00:00.000"]),
        ([dt.time(1, 2)], pa.time64("us"), ["01:02:00"]),
        ([dt.timedelta(1)], pa.duration("us"), ["P1D"]),
        ([FAR, None, 0], pa.timestamp("us"), [str(FAR), "", "1970-01-01"]),
        ([-FAR], pa.timestamp("ms"), [str(-FAR)]),
        ([2**31 - 1, -(2**31)], pa.date32(), [str(2**31 - 1), str(-(2**31))]),
        ([FAR], pa.date64(), [str(FAR // 86_400_000 * 86_400_000)]),
        ([["x", None], None, []], pa.list_(pa.string()), ['["x", null]', "", "[]"]),
        ([[FAR]], pa.list_(pa.timestamp("us")), [f'["{FAR}"]']),
        ([[dt.date(2020, 1, 1)]], pa.list_(pa.date32(), 1), ['["2020-01-01"]']),
        ([{"a": 1, "b": "x"}, None], pa.struct({"a": pa.int8(), "b": pa.string()}),
         ['{"a": 1, "b": "x"}', ""]),
        ([[("k", 1)], None, []], pa.map_(pa.string(), pa.int64()),
         ['[{"key": "k", "value": 1}]', "", "[]"]),
        ([[{"a": [1]}]], pa.list_(pa.struct({"a": pa.list_(pa.int8())})), ['[{"a": [1]}]']),
    ],
    ids=lambda one: str(one)[:40],
)  # fmt: skip
def test_every_kind_of_value_becomes_a_text(
    values: list[Any], kind: pa.DataType, wanted: list[str]
) -> None:
    # Numbers stand for moments that no calendar of Python holds.
    plain = pa.types.is_temporal(kind) and any(isinstance(one, int) for one in values)
    nested = pa.types.is_list(kind) and pa.types.is_timestamp(kind.value_type)
    if plain:
        whole = pa.int32() if pa.types.is_date32(kind) else pa.int64()
        column = pa.array(values, whole).view(kind)
        if pa.types.is_date64(kind):
            column = pa.array([FAR // 86_400_000 * 86_400_000]).view(kind)
    elif nested:
        column = pa.ListArray.from_arrays([0, 1], pa.array(values[0]).view(kind.value_type))
    else:
        column = pa.array(values, kind)
    assert texts(column) == wanted
    # A part of a column, as a batch is divided, says what it says within the whole.
    assert texts(column.slice(len(values) - 1)) == wanted[-1:]


def test_what_a_dictionary_unfolds_to_is_known_before() -> None:
    named = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0, None]), pa.array(["x" * 1_000, "y"]))
    assert 2_001 <= decoded_bytes(named) < 2_100
    assert decoded_bytes(pa.array([["ab"], None])) < 100
    assert texts(named) == ["x" * 1_000, "y", "x" * 1_000, ""]


@settings(max_examples=30)
@given(st.lists(st.lists(st.one_of(st.none(), st.text(max_size=5)), max_size=3), max_size=5))
def test_lists_are_read_back(lists: list[list[str | None]]) -> None:
    assert [json.loads(one) for one in texts(pa.array(lists, pa.list_(pa.string())))] == lists


def test_a_file_of_such_columns_is_read_and_none_of_its_rows_is_lost() -> None:
    packed = io.BytesIO()
    far = pa.array([FAR, 0]).view(pa.timestamp("us"))
    pq.write_table(pa.table({"id": ["a", "b"], "at": far, "raw": [b"\xff", b"x"]}), packed)
    found = read_table(Source.of_bytes("t.parquet", packed.getvalue()))
    assert found.rows["at"].to_list() == [str(FAR), "1970-01-01"]
    assert found.faults["rule"].to_list() == ["characters"]
    assert found.rows["raw"].to_list() == ["?", "x"]
