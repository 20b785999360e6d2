"""Columns of Arrow as texts: the cells of a Parquet file, whatever their type holds.

Values that no calendar or decimal of a library can hold come in files, and libraries end in panics
over them. So each kind is turned into text by a way that cannot fail: a day outside of the years 1
to 9999 is the number that stands there, and who reads it as a day refuses the row.
"""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import polars as pl

_DAYS = (-719_162, 2_932_896)
"""The first day of year 1 and the last of 9999, counted from 1970."""
_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_DAY = 86_400


def decoded_bytes(column: Any) -> int:
    """Say how many bytes the texts of a column have where each cell holds its own.

    Args:
        column: an array of pyarrow, of n cells.

    Returns:
        The bytes of all texts in it, nested ones too; a few for every other value.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if isinstance(column, pa.ExtensionArray):
        return decoded_bytes(column.storage)
    if pa.types.is_dictionary(kind):
        lengths = _lengths(column.dictionary)
        return int(pc.sum(lengths.take(column.indices)).as_py() or 0) + 8 * len(column)
    if pa.types.is_struct(kind):
        return sum(map(decoded_bytes, column.flatten()))
    if pa.types.is_map(kind):
        return decoded_bytes(_items(column))
    if pa.types.is_nested(kind):
        return decoded_bytes(column.flatten()) + 8 * len(column)
    return int(pc.sum(_lengths(column)).as_py() or 0)


def _lengths(column: Any) -> Any:
    """The bytes of each cell of a flat column."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_string_view(kind) or pa.types.is_binary_view(kind):
        column = column.cast(pa.large_binary())
    if pa.types.is_null(kind):
        return pa.array([0] * len(column), pa.int64())
    if _is_bytes(kind):
        return pc.binary_length(column).cast(pa.int64())
    return pa.array([16] * len(column), pa.int64())


def texts(column: Any) -> list[str]:
    """Turn a column into texts.

    Args:
        column: an array of pyarrow, of n cells.

    Returns:
        n texts: empty where null, days as ISO 8601, nested values as JSON.

    Raises:
        ValueError: the column's type is none that a table has.
    """
    import pyarrow as pa

    kind = column.type
    if pa.types.is_nested(kind) or isinstance(column, pa.ExtensionArray):
        values = _values(column)
        return [
            "" if one is None else one if isinstance(one, str) else _json(one) for one in values
        ]
    return ["" if one is None else one for one in _flat(column)]


def _json(value: Any) -> str:
    return json.dumps(value, default=str, ensure_ascii=False)


def _flat(column: Any) -> list[str | None]:
    """The texts of a column whose values hold no others."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        return _flat(column.cast(kind.value_type))
    if pa.types.is_null(kind):
        return [None] * len(column)
    if _is_bytes(kind) or pa.types.is_binary_view(kind) or pa.types.is_string_view(kind):
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            column = column.cast(pa.large_binary())
        return [
            one.decode("utf-8", "surrogateescape") if isinstance(one, bytes) else one
            for one in column.to_pylist()
        ]
    if pa.types.is_decimal(kind):
        return [None if one is None else format(one, "f") for one in column.to_pylist()]
    if pa.types.is_temporal(kind):
        return _moments(column)
    return list(_polars(column).cast(pl.String))


def _moments(column: Any) -> list[str | None]:
    """Days and times; one that no calendar holds is the number that stands there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_date32(kind) or pa.types.is_time32(kind):
        whole = column.cast(pa.int32())
    elif pa.types.is_interval(kind):
        return [None if one is None else str(one) for one in column.to_pylist()]
    else:
        whole = column.cast(pa.int64())
    low, high = _bounds(kind)
    numbers = whole.cast(pa.int64())
    inside = pc.fill_null(pc.and_(pc.greater_equal(numbers, low), pc.less_equal(numbers, high)),
                          False)  # fmt: skip
    kept = pc.if_else(inside, whole, pa.scalar(None, whole.type)).cast(kind)
    series = _polars(kept)
    midnight = isinstance(series.dtype, pl.Datetime) and bool(
        (series.dt.truncate("1d") == series).all()
    )
    lasting = isinstance(series.dtype, pl.Duration)
    shown = series.dt.date() if midnight else series
    told = list(shown.dt.to_string("iso") if lasting else shown.cast(pl.String))
    raw = numbers.to_pylist()
    return [
        text if fits or number is None else str(number)
        for text, fits, number in zip(told, inside.to_pylist(), raw, strict=True)
    ]


def _bounds(kind: Any) -> tuple[int, int]:
    """The least and the greatest number that a text can be made of."""
    import pyarrow as pa

    if pa.types.is_date32(kind):
        return _DAYS
    if pa.types.is_date64(kind):
        return _DAYS[0] * _DAY * 1000, (_DAYS[1] + 1) * _DAY * 1000 - 1
    unit = _UNITS[kind.unit]
    if pa.types.is_time(kind):
        return 0, _DAY * unit - 1
    # A zone of time may move a moment by most of a day.
    least, most = ((_DAYS[0] + 1) * _DAY * unit, _DAYS[1] * _DAY * unit - 1)
    return max(least, -(2**63) + 1), min(most, 2**63 - 1)


def _values(column: Any) -> list[Any]:
    """The values of a nested column, with texts where JSON has no kind of its own."""
    import pyarrow as pa

    kind = column.type
    if isinstance(column, pa.ExtensionArray):
        return _values(column.storage)
    if pa.types.is_struct(kind):
        names = [kind.field(n).name for n in range(kind.num_fields)]
        parts = [_values(part) for part in column.flatten()]
        gone = column.is_null().to_pylist()
        rows = zip(*parts, strict=True) if parts else iter([()] * len(column))
        return [None if null else dict(zip(names, row, strict=True))
                for null, row in zip(gone, rows, strict=True)]  # fmt: skip
    if pa.types.is_map(kind):
        offsets, gone = column.offsets.to_pylist(), column.is_null().to_pylist()
        pairs, ends = _values(_items(column)), [at - offsets[0] for at in offsets]
        return [
            None if null else pairs[start:stop]
            for null, (start, stop) in zip(gone, pairwise(ends), strict=True)
        ]
    if pa.types.is_nested(kind) and hasattr(column, "flatten") and hasattr(column, "value_lengths"):
        return _divide_lists(column, _values(column.flatten()))
    if pa.types.is_nested(kind):
        raise ValueError(f"a column of {kind} is not read")
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return list(column.to_pylist())
    return list(_flat(column))


def _items(column: Any) -> Any:
    """The entries of a column of maps, as a column of pairs."""
    import pyarrow as pa

    offsets = column.offsets.to_pylist()
    start, stop = (offsets[0], offsets[-1]) if offsets else (0, 0)
    pairs = [column.keys.slice(start, stop - start), column.items.slice(start, stop - start)]
    return pa.StructArray.from_arrays(pairs, names=["key", "value"])


def _divide_lists(column: Any, inner: list[Any]) -> list[Any]:
    """The inner values divided into the lists of a column."""
    found: list[Any] = []
    at = 0
    for length in column.value_lengths().to_pylist():
        if length is None:
            found.append(None)
            continue
        found.append(inner[at : at + length])
        at += length
    return found


def _polars(column: Any) -> pl.Series:
    return pl.Series(pl.from_arrow(column))


def _is_bytes(kind: Any) -> bool:
    import pyarrow as pa

    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
    )
