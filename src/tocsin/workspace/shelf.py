"""The shelf: which files a workspace has read, and taking one out again, with an undo.

A file that is forgotten is set aside in the database until the next one is, so that it can be
brought back. Ledgers of forecasts are never touched, since they say what was issued when.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.errors import UsageError
from tocsin.schema import DECISIONS
from tocsin.workspace.database import KEYS
from tocsin.workspace.status import OUT_OF_DATE, status
from tocsin.workspace.store import Workspace

TABLES = tuple(name for name in KEYS if name not in DECISIONS)
"""The tables to which files bring rows."""
_LABEL = "CREATE OR REPLACE TABLE set_aside AS SELECT ? AS file, ? AS replaced_by"


PLACES = 3
"""Territories outside the region that are named where reports of a file tell of more."""


@dataclass(frozen=True)
class Change:
    """This says what taking a file out, or bringing it back, did.

    `file` is its name, and `rows` the number of rows that went or came back.
    """

    file: str
    rows: int
    stale: list[str] = field(default_factory=list)
    """Steps whose results rest on what has changed."""
    shorter: list[str] = field(default_factory=list)
    """Other files that once brought more rows than are there now, since this one replaced some."""

    def as_dict(self) -> dict[str, Any]:
        """Give the change as a dict of values that JSON can hold."""
        return {name: getattr(self, name) for name in ("file", "rows", "stale", "shorter")}


def list_files(workspace: Workspace) -> list[dict[str, Any]]:
    """List the files of a workspace in the order in which they were read.

    Args:
        workspace: an open workspace.

    Returns:
        A dict for each file: `file, kind, source`, the numbers of its `rows`, of those `accepted`
        and `quarantined`, `observed_at` (UTC) and `sha256`.
    """
    when = {run["run_id"]: run["started_at"] for run in workspace.runs()}
    told = ("file", "kind", "source", "rows", "accepted", "quarantined", "sha256")
    return [
        {name: row[name] for name in told}
        | {"observed_at": when[row["run_id"]].isoformat(sep=" ", timespec="minutes")}
        for row in workspace.read("files", provenance=True).to_dicts()
    ]


def find_file(workspace: Workspace, named: str) -> dict[str, Any]:
    """Find a file that was read, by its name, its path, or the beginning of its digest.

    Args:
        workspace: an open workspace.
        named: the name, the path, or the beginning of the SHA-256 digest.

    Returns:
        Its row of the table `files`, with `run_id`.

    Raises:
        UsageError: no file that was read has that name, or several have.
    """
    read = workspace.read("files", provenance=True).to_dicts()
    name = Path(named).name
    found = [row for row in read if row["file"] == name]
    found = found or [row for row in read if len(named) >= 6 and row["sha256"].startswith(named)]
    if len(found) == 1:
        return found[0]
    if not found:
        names = ", ".join(dict.fromkeys(row["file"] for row in read)) or "none"
        raise UsageError(f"No file '{named}' was read here.", remedy=f"Those read are: {names}.")
    digests = ", ".join(row["sha256"][:12] for row in found)
    raise UsageError(
        f"Several files '{named}' were read.", remedy=f"Name one by its digest: {digests}."
    )


def forget(workspace: Workspace, named: str) -> Change:
    """Take out what a file brought; `undo` brings it back, until another file is forgotten.

    Args:
        workspace: an open workspace.
        named: the file, as `find_file` takes it.

    Returns:
        How many rows went, and which results and files this touches.

    Raises:
        UsageError: no such file was read, or several were.
    """
    row = find_file(workspace, named)
    before = _stale(workspace)
    rows = workspace.change(lambda connection: set_aside(connection, row["run_id"], row["file"]))
    stale = [step for step in _stale(workspace) if step not in before]
    return Change(row["file"], rows, stale, _shorter(workspace))


def undo(workspace: Workspace) -> Change:
    """Bring back the file that was last forgotten or replaced; what replaced it goes.

    Args:
        workspace: an open workspace.

    Returns:
        How many rows came back, and which results this touches.

    Raises:
        UsageError: no file was forgotten or replaced, or it was brought back already.
    """
    before = _stale(workspace)
    file, rows = workspace.change(_bring_back)
    return Change(file, rows, [step for step in _stale(workspace) if step not in before])


def make_replacement(
    workspace: Workspace, named: str
) -> Callable[[duckdb.DuckDBPyConnection, str], None]:
    """Make the function that sets a file aside when another file takes its place.

    `runner.run` calls it first, in the transaction in which the new file's rows are stored.

    Args:
        workspace: an open workspace.
        named: the file that is replaced, as `find_file` takes it.

    Returns:
        A function of the database's connection and the id of the new run.

    Raises:
        UsageError: no such file was read, or several were; or, from the function, the file would
            replace itself.
    """
    row = find_file(workspace, named)

    def first(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
        if run_id == row["run_id"]:
            raise UsageError("A file cannot replace itself.", where=row["file"])
        set_aside(connection, row["run_id"], row["file"], replaced_by=run_id)

    return first


def set_aside(
    connection: duckdb.DuckDBPyConnection, run_id: str, file: str, *, replaced_by: str = ""
) -> int:
    """Move all rows of a run to the shelf, in place of what lay there.

    Args:
        connection: a connection to the workspace's database, within a transaction.
        run_id: the run whose rows are moved.
        file: the file's name, as a label.
        replaced_by: the run of the file that takes its place; empty: none does.

    Returns:
        The number of rows that were moved.
    """
    connection.execute(_LABEL, [file, replaced_by])
    rows = 0
    for table in TABLES:
        connection.execute(
            f'CREATE OR REPLACE TABLE "aside_{table}" AS SELECT * FROM "{table}" WHERE run_id = ?',
            [run_id],
        )
        connection.execute(f'DELETE FROM "{table}" WHERE run_id = ?', [run_id])
        rows += _count(connection, f"aside_{table}")
    return rows


def remember_place(workspace: Workspace, sha256: str, path: Path) -> None:
    """Keep where a file lies, so that single rows of it can be read again.

    No table and no export tells of the place.

    Args:
        workspace: an open workspace.
        sha256: the digest of the file's bytes.
        path: where the file lies.
    """

    def keep(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("CREATE TABLE IF NOT EXISTS places (sha256 VARCHAR, path VARCHAR)")
        connection.execute("DELETE FROM places WHERE sha256 = ?", [sha256])
        connection.execute("INSERT INTO places VALUES (?, ?)", [sha256, str(path.resolve())])

    workspace.change(keep)


def place_of(workspace: Workspace, sha256: str) -> Path | None:
    """Find where a file lay when it was read.

    Args:
        workspace: an open workspace.
        sha256: the digest of the file's bytes.

    Returns:
        Its absolute path, or None if the place was never kept.
    """

    def find(connection: duckdb.DuckDBPyConnection) -> str | None:
        if not _exists(connection, "places"):
            return None
        query = "SELECT path FROM places WHERE sha256 = ?"
        rows = connection.execute(query, [sha256]).fetchall()
        return str(rows[0][0]) if rows else None

    found = workspace.change(find)
    return Path(found) if found else None


def say_elsewhere(workspace: Workspace, run_id: str) -> str:
    """Say how many reports of a file lie outside the region, and where: no page shows them.

    Args:
        workspace: an open workspace.
        run_id: of the run that read the file.

    Returns:
        Two sentences; empty where all reports lie in the region, or there is none.
    """

    def count(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int]]:
        query = "SELECT any_value(territory), gwno, count(*) FROM reports WHERE run_id = ? "
        return connection.execute(query + "GROUP BY gwno ORDER BY 3 DESC, 2", [run_id]).fetchall()

    rows, region = workspace.change(count), workspace.settings.region.gwnos
    away = [(name, n) for name, gwno, n in rows if gwno not in region]
    if not away:
        return ""
    named = [name for name, _ in away[:PLACES]] + ["others"] * (len(away) > PLACES)
    whole, out = sum(n for *_, n in rows), sum(n for _, n in away)
    return (
        f"Outside the region ({', '.join(named)}): {out:,} of its {quantity(whole, 'report')}. "
        "They count for organisations and their ties; the brief and the server show the region "
        "alone."
    )


def _bring_back(connection: duckdb.DuckDBPyConnection) -> tuple[str, int]:
    if not _exists(connection, "set_aside"):
        raise UsageError("No file is set aside.", remedy="Only the last one can be brought back.")
    [(file, replaced_by)] = connection.execute("SELECT * FROM set_aside").fetchall()
    rows = 0
    for table in TABLES:
        connection.execute(f'DELETE FROM "{table}" WHERE run_id = ?', [replaced_by])
        same = " AND ".join(f't."{key}" = a."{key}"' for key in KEYS[table])
        # What has been read since under the same key is newer, and stays.
        connection.execute(
            f'INSERT INTO "{table}" BY NAME SELECT * FROM "aside_{table}" a '
            f'WHERE NOT EXISTS (SELECT 1 FROM "{table}" t WHERE {same})'
        )
        rows += _count(connection, f"aside_{table}")
        connection.execute(f'DROP TABLE "aside_{table}"')
    connection.execute("DROP TABLE set_aside")
    return str(file), rows


def _shorter(workspace: Workspace) -> list[str]:
    """Files of which some rows are gone: another file replaced them."""
    brought = {run["run_id"]: run["rows"] for run in workspace.runs()}
    held: dict[str, dict[str, int]] = {}
    for table in ("reports", "series", "covariates"):
        counted = workspace.read(table, provenance=True).group_by("run_id").len()
        held[table] = dict(counted.iter_rows())
    return [
        row["file"]
        for row in workspace.read("files", provenance=True).to_dicts()
        if any(
            held[table].get(row["run_id"], 0) < brought.get(row["run_id"], {}).get(table, 0)
            for table in held
        )
    ]


def _stale(workspace: Workspace) -> list[str]:
    return [
        step["step"]
        for stage in status(workspace)
        for step in stage["steps"]
        if step["state"] == OUT_OF_DATE
    ]


def _exists(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    return (table,) in connection.execute("SHOW TABLES").fetchall()


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0])


def commonest_refusal(refused: pl.DataFrame) -> dict[str, Any]:
    """Find the rule by which most rows of a file were refused, with the first of these rows.

    Args:
        refused: rows of `quarantine`, at least one.

    Returns:
        `rule`, `rows`, and of the example `line, column, value, reason`.
    """
    return _commonest(refused, ("line", "column", "value", "reason"))


def commonest_doubt(corrections: pl.DataFrame) -> dict[str, Any]:
    """Find the rule by which most values of a file were doubted, with the first of these values.

    Args:
        corrections: rows of `corrections`, at least one.

    Returns:
        `rule`, `rows` (values), of the example `line, heading, original, value, reason`, and how
        many `reports` have any doubtful value.
    """
    told = _commonest(corrections, ("line", "heading", "original", "value", "reason"))
    return told | {"reports": corrections["report_id"].n_unique()}


def _commonest(rows: pl.DataFrame, names: Sequence[str]) -> dict[str, Any]:
    counts = rows["rule"].value_counts(sort=True)
    most = counts.filter(pl.col("count") == counts["count"].max())["rule"].min()
    alike = rows.filter(pl.col("rule") == most)
    first = alike.sort("source_row").row(0, named=True)
    return {"rule": most, "rows": alike.height, **{name: first[name] for name in names}}
