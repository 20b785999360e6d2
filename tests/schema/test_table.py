"""What a table's rules say of a whole frame at once is what pandera says of it, rule by rule."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

import polars as pl
import pytest
from pandera.errors import SchemaErrors

from tocsin.errors import TableInvalid
from tocsin.schema import TABLES, table

ODD: dict[Any, list[Any]] = {
    pl.Float64: [0.5, -1.0, 0.0, 1.0, math.nan, None, 1e9],
    pl.Int64: [1, -1, 0, 5, 400, None, 10**6],
    pl.Date: [date(2020, 1, 1), date(2019, 1, 1), None],
    pl.String: ["", "word", None, "0" * 64],
    pl.List: [[0.1, 0.9], [], None],
}
"""Values that tables take, and some that they refuse: nothing, and no number, among them."""


def odd_frame(model: type[table.Table], at: int) -> pl.DataFrame:
    """Two rows: each column has the value in this place of those of its kind, then the first."""
    found = []
    for place, (name, column) in enumerate(model.to_schema().columns.items()):
        kind = column.dtype.type
        some = [
            *(one for check in column.checks for one in check.statistics.get("allowed_values", ())),
            *ODD.get(getattr(kind, "base_type", lambda kind=kind: kind)(), [None]),
        ]
        # Neighbours are apart, so that columns which are compared are not always the same.
        values = [some[(at + place * (at % 3)) % len(some)], some[0]]
        found.append(pl.Series(name, values, kind))
    return pl.DataFrame(found)


def broken(model: type[table.Table], frame: pl.DataFrame) -> set[tuple[str | None, str]]:
    """Each rule that pandera finds broken, by the name of its column."""
    try:
        model.validate(frame, lazy=True)
    except SchemaErrors as errors:
        return {(one.column_name, str(one.check)) for one in errors.schema_errors}
    return set()


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["reports", "files", "casualties", "told_ties", "alert_value", "forecast_ledger"]
)
def test_as_many_rules_are_broken_as_pandera_names(name: str) -> None:
    model, seen = TABLES[name], set[tuple[str | None, str]]()
    for at in range(4):
        frame = odd_frame(model, at)
        kept = frame.select(one.all().alias(str(n)) for n, one in enumerate(table._rules(model)))
        named = broken(model, frame)
        assert kept.row(0).count(False) == len(named), named
        seen |= named
        if named:
            with pytest.raises(TableInvalid):
                table.conform(model, frame)
        else:
            assert table.conform(model, frame).equals(frame.select(table.columns(model)))
    assert seen, "no frame broke a rule"
