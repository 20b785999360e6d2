"""Tables that only grow: rows are added, never replaced, each chained to the one before.

The `chain_hash` of such a table is SHA-256 over the hash of the row before and this row's
content, so that a row changed, removed or put in later breaks the chain from there on. Who
notes the last hash (the head) elsewhere can also tell a ledger that was cut at the end.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterator

import duckdb
import polars as pl

from tocsin.errors import WorkspaceError
from tocsin.schema import PROVENANCE, TABLES, columns

APPEND_ONLY: dict[str, tuple[str, ...]] = {
    "forecast_ledger": ("issue", "target", "gwno", "month"),
    "forecast_scores": ("issue", "target", "gwno", "month", "revision"),
    "alert_ledger": ("issue", "rule", "gwno"),
}
"""The tables, and what names a row. A row that is there already stays as it is."""
CHAIN_HASH = "chain_hash"
"""The column that chains a row to the one before; other tables have `row_hash`, which does not."""
START = "0" * 64


def provenance(table: str) -> tuple[str, ...]:
    """Name the columns that the workspace adds to a table: a row's hash, and the run that wrote it.

    Args:
        table: a name in `tocsin.schema.TABLES`.

    Returns:
        The names of two columns.
    """
    return (CHAIN_HASH, "run_id") if table in APPEND_ONLY else PROVENANCE


def append(
    connection: duckdb.DuckDBPyConnection, table: str, run_id: str, frame: pl.DataFrame
) -> int:
    """Add the rows whose key is not there yet to a table that only grows, in their order.

    Args:
        connection: a connection to the workspace's database, within a transaction.
        table: the name of the table, one of `APPEND_ONLY`.
        run_id: the run that writes the rows.
        frame: rows that conform to the table.

    Returns:
        How many rows were added.
    """
    key = list(APPEND_ONLY[table])
    named = ", ".join(f'"{name}"' for name in key)
    held = connection.sql(f'SELECT {named} FROM "{table}"').pl()
    fresh = frame.unique(key, keep="first", maintain_order=True)
    if not held.is_empty():
        held = held.cast({name: frame.schema[name] for name in key})
        fresh = fresh.join(held, on=key, how="anti", maintain_order="left")
    if fresh.is_empty():
        return 0
    last = connection.execute(
        f'SELECT {CHAIN_HASH} FROM "{table}" ORDER BY rowid DESC LIMIT 1'
    ).fetchall()
    links = list(_links(str(last[0][0]) if last else START, fresh))
    incoming = fresh.with_columns(pl.Series(CHAIN_HASH, links), pl.lit(run_id).alias("run_id"))
    connection.register("incoming", incoming)
    connection.execute(f'INSERT INTO "{table}" BY NAME SELECT * FROM incoming')
    connection.unregister("incoming")
    return fresh.height


def verify_chain(frame: pl.DataFrame, table: str, *, where: str = "") -> str:
    """Check the chain of a whole table that only grows.

    Args:
        frame: all rows in the order in which they were written, with `chain_hash`.
        table: the name of the table, one of `APPEND_ONLY`.
        where: the path of the workspace, for errors.

    Returns:
        The head, which is the hash of the last row, or `START` if the table is empty.

    Raises:
        WorkspaceError: a row is not what was written, or one is missing before it.
    """
    head = START
    links = _links(head, frame.select(columns(TABLES[table])), frame[CHAIN_HASH].to_list())
    for row, (link, kept) in enumerate(zip(links, frame[CHAIN_HASH], strict=True), start=1):
        if link != kept:
            raise WorkspaceError(
                f"The ledger '{table}' was changed: row {row} is not what was written.",
                where=where,
                remedy="Restore the workspace from a copy; scores from here on prove nothing.",
            )
        head = link
    return head


def _links(start: str, frame: pl.DataFrame, kept: list[str] | None = None) -> Iterator[str]:
    """The hash of each row; with `kept`, each from the hash that was kept before it."""
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    plain = frame.select(pl.exclude(lists)).rows()
    arrays = [frame[name].to_list() for name in lists]
    before = start
    for i, row in enumerate(plain):
        digest = hashlib.sha256(before.encode())
        digest.update(json.dumps(row, default=str).encode())
        for values in arrays:
            digest.update(array("d", values[i]).tobytes())
        link = digest.hexdigest()
        yield link
        before = kept[i] if kept else link
