"""What all tables share: how they are declared, checked and made empty.

A table is declared once, as a pandera model in the file of its noun. A stage returns frames
that pass `check`; the workspace then adds the two columns that every stored table carries
beside `source`: `row_hash` (MD5 of the row's content, written as JSON by DuckDB) and `run_id`
(the run that wrote it). Tables that only grow carry `chain_hash` in place of `row_hash`.
"""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any, cast

import polars as pl

from tocsin.errors import TableInvalid

with warnings.catch_warnings():
    # Where Spark is installed, pandera imports its pandas, which warns of versions of pandas. None
    # of the three is used here.
    warnings.simplefilter("ignore", FutureWarning)
    import pandera.backends.polars.builtin_checks  # noqa: F401  (what checks ask of frames)
    import pandera.polars as pa
    from pandera.backends.polars.checks import PolarsCheckBackend
    from pandera.errors import SchemaErrors

PROVENANCE = ("row_hash", "run_id")


class Table(pa.DataFrameModel):
    """A table with a `source` column: the data set, or the method, that its rows came from."""

    source: str = pa.Field(description="data set and version, or the method, that gave the row")

    class Config:
        strict = True
        ordered = False


def unit(name: str) -> dict[str, Any]:
    """Make the metadata that names a column's unit, for `pandera.Field(metadata=...)`."""
    return {"unit": name}


def columns(model: type[Table]) -> list[str]:
    """List the column names of a table: as declared, with `source` last.

    Args:
        model: the declaration, a value of `tocsin.schema.TABLES`.

    Returns:
        The names.
    """
    names = list(model.to_schema().columns)
    return [name for name in names if name != "source"] + ["source"]


def empty(model: type[Table]) -> pl.DataFrame:
    """Make a frame without rows that has the table's columns and types.

    Args:
        model: the declaration, a value of `tocsin.schema.TABLES`.

    Returns:
        The frame, with its columns in the order of `columns`.
    """
    declared = model.to_schema().columns
    return pl.DataFrame(schema={name: declared[name].dtype.type for name in columns(model)})


def conform(model: type[Table], frame: pl.DataFrame) -> pl.DataFrame:
    """Make a frame fit the declaration of a table, and check every rule of the table.

    Args:
        model: the declaration, a value of `tocsin.schema.TABLES`.
        frame: a frame with exactly the columns of the table, in any order.

    Returns:
        The frame with its columns in the declared order and of the declared types.

    Raises:
        TableInvalid: a column is missing or unknown, has a type that cannot be cast, or breaks
            a rule. The message names the table, the column and the rule.
    """
    wanted = columns(model)
    missing = [name for name in wanted if name not in frame.columns]
    unknown = [name for name in frame.columns if name not in wanted]
    if missing or unknown:
        raise TableInvalid(
            f"missing columns {missing}, unknown columns {unknown}.", where=model.__name__
        )
    declared = model.to_schema().columns
    try:
        typed = frame.select(pl.col(name).cast(declared[name].dtype.type) for name in wanted)
        # pandera asks a frame for each rule by itself, which takes a twentieth of a second; it has
        # to only where a rule is broken, and then it names the rule and the rows.
        if not (typed.is_empty() or _keeps_rules(model, typed)):
            model.validate(typed, lazy=True)
    except (SchemaErrors, pl.exceptions.PolarsError) as error:
        raise TableInvalid(str(error), where=model.__name__) from error
    return typed


def _keeps_rules(model: type[Table], typed: pl.DataFrame) -> bool:
    """Does a frame of the declared columns and types keep every rule of its table?"""
    rules = _rules(model)
    return bool(typed.select(pl.all_horizontal(one.all() for one in rules)).item())


@cache
def _rules(model: type[Table]) -> tuple[pl.Expr, ...]:
    """Every rule of a table as pandera would ask it: no row of a frame may make one of them false.

    A null makes no rule false but the one that a column has none.
    """
    schema = model.to_schema()
    found = []
    for name, column in schema.columns.items():
        if not column.nullable:
            found.append(pl.col(name).is_not_null())
            if column.dtype.type in (pl.Float32, pl.Float64):
                found.append(pl.col(name).is_not_nan())
        if column.unique:
            found.append(pl.col(name).is_duplicated().not_())
        found += [_expression(check, name) for check in column.checks]
    return (*found, *(_expression(check, "*") for check in schema.checks))


def _expression(check: pa.Check, column: str) -> pl.Expr:
    """What a check selects from the frame that it is given: its rule."""
    asked = pa.PolarsData(cast("pl.LazyFrame", _Asked()), column)
    return cast("pl.Expr", PolarsCheckBackend(check).check_fn(asked))


class _Asked:
    """Stands for a frame, and gives back what is selected from it."""

    def select(self, expression: pl.Expr) -> pl.Expr:
        return expression
