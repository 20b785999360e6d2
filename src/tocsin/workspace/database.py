"""The database file of a workspace: opened, prepared, and its errors explained."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import duckdb
import polars as pl

from tocsin.errors import WorkspaceError
from tocsin.schema import DECISIONS, PARQUET_TABLES, TABLES, columns, empty
from tocsin.schema.run import Run
from tocsin.schema.settings import FORMAT
from tocsin.schema.vocabulary.folding import seal
from tocsin.workspace.chain import APPEND_ONLY, CHAIN_HASH, provenance

_RUNS = """
CREATE TABLE IF NOT EXISTS runs (
    run_id VARCHAR, stage VARCHAR, version VARCHAR, seed UBIGINT, parameters VARCHAR,
    inputs VARCHAR, rows VARCHAR, started_at TIMESTAMP, seconds DOUBLE, number BIGINT)
"""


KEYS: dict[str, tuple[str, ...]] = {
    "files": ("sha256",),
    "reports": ("report_id",),
    "corrections": ("report_id", "column", "rule"),
    "withdrawals": ("source", "native_id"),
    "series": ("gwno", "month", "target", "source"),
    "covariates": ("gwno", "year", "indicator", "source"),
    "actors": ("actor_id",),
    **dict.fromkeys(("claims", "quarantine", "actor_relations", "supports"), ("row_hash",)),
    **dict.fromkeys(("told_ties", "told_adoptions", *DECISIONS), ("row_hash",)),
}
"""What makes a row the same row when a source is observed again: the newer one replaces it."""
NAMES_SEALED = {"told_ties": ("actor", "related"), "told_adoptions": ("actor",)}
"""Columns in which a user's own list may have a person's name."""


def connect(path: Path) -> duckdb.DuckDBPyConnection:
    """Open or make the database file, with every kind of download switched off.

    Args:
        path: the database file.

    Returns:
        The open connection.

    Raises:
        WorkspaceError: another process has locked the file, or it is damaged or of a newer DuckDB.
    """
    try:
        connection = duckdb.connect(str(path))
    except duckdb.IOException as error:
        if _is_read_only(error) and path.exists():
            return _to_read(path)
        if "lock" in str(error).lower():
            raise WorkspaceError(
                "Another process is using this workspace.",
                where=str(path),
                remedy="Wait until it is done, then try again.",
            ) from error
        raise WorkspaceError(
            f"The database cannot be opened: {error}.",
            where=str(path),
            remedy="Restore it from a copy, or start anew in another folder; sources are kept.",
        ) from error
    except duckdb.Error as error:
        raise WorkspaceError(
            f"The database cannot be opened: {error}.",
            where=str(path),
            remedy="It may be of a newer version or damaged; nothing was changed.",
        ) from error
    return _set_up(connection)


def _set_up(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute("SET preserve_insertion_order = true")
    # DuckDB refuses this setting in a notebook without ipywidgets, where it draws no bar anyway.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
    return connection


def _is_read_only(error: Exception) -> bool:
    told = str(error).casefold()
    return any(one in told for one in ("read-only", "permission denied", "not permitted"))


def _to_read(path: Path) -> duckdb.DuckDBPyConnection:
    """Open a database that may not be written to, so that it can at least be looked at."""
    try:
        return _set_up(duckdb.connect(str(path), read_only=True))
    except duckdb.Error as error:
        raise WorkspaceError(
            f"The workspace may only be read, and cannot be opened so: {error}.",
            where=str(path),
            remedy=READ_ONLY,
        ) from error


READ_ONLY = "Copy the workspace to a folder that you may write to, and use it there."


def prepare(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Make the tables that are missing in a database, and bring an older format up to date.

    It is done in one transaction: if anything fails, the database is as it was.

    Args:
        connection: an open connection to the database of a workspace.
        path: its file, for errors.

    Raises:
        WorkspaceError: the database is of a newer format, or a table has other columns.
    """
    if _may_only_read(connection):
        _check_current(connection, path)
        return
    connection.execute("BEGIN TRANSACTION")
    connection.execute("CREATE TABLE IF NOT EXISTS workspace_format (format INTEGER)")
    [(found,)] = connection.execute("SELECT max(format) FROM workspace_format").fetchall()
    if found is None:
        connection.execute("INSERT INTO workspace_format VALUES (?)", [FORMAT])
    elif found > FORMAT:
        connection.execute("ROLLBACK")
        raise WorkspaceError(
            f"This workspace has format {found}; this tocsin knows up to {FORMAT}.",
            where=str(path),
            remedy="Use the newer tocsin that made it; nothing was changed.",
        )
    connection.execute(_RUNS)
    existing = {str(name) for (name,) in connection.execute("SHOW TABLES").fetchall()}
    if found is not None and found < FORMAT:
        _migrate(connection, existing, int(found))
    stored = [table for table in TABLES if table not in PARQUET_TABLES]
    lacking = [_statements()[table] for table in stored if table not in existing]
    if lacking:
        connection.execute(";".join(lacking))
    kept = [table for table in stored if table in existing]
    before = _column_names(connection) if kept else {}
    added = [_add_columns(connection, table, before[table]) for table in kept]
    after = _column_names(connection) if any(added) else before
    for table in kept:
        if after[table] != {*columns(TABLES[table]), *provenance(table)}:
            connection.execute("ROLLBACK")
            raise WorkspaceError(
                f"The table '{table}' has other columns than this tocsin knows.",
                where=str(path),
                remedy="Make a new workspace and observe the sources again; this one is unchanged.",
            )
    connection.execute("COMMIT")


def _may_only_read(connection: duckdb.DuckDBPyConnection) -> bool:
    found = connection.execute(
        "SELECT readonly FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchone()
    return bool(found and found[0])


def _check_current(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Check that a database that may only be read needs no changes before it can be."""
    existing = {str(name) for (name,) in connection.execute("SHOW TABLES").fetchall()}
    wanted = {"runs", "workspace_format", *TABLES} - set(PARQUET_TABLES)
    current = existing >= wanted and connection.execute(
        "SELECT max(format) FROM workspace_format"
    ).fetchall() == [(FORMAT,)]
    for table in wanted & set(TABLES) if current else ():
        names = [str(r[0]) for r in connection.execute(f'DESCRIBE "{table}"').fetchall()]
        current = current and set(names) == {*columns(TABLES[table]), *provenance(table)}
    if not current:
        raise WorkspaceError(
            "The workspace was made by another version of tocsin, and may not be written to.",
            where=str(path),
            remedy=READ_ONLY,
        )


def _migrate(connection: duckdb.DuckDBPyConnection, existing: set[str], found: int) -> None:
    """From format 1: a chain's hash has a name of its own, and decisions are no observing.
    From format 2: quarantine tells the row as a spreadsheet counts, which older rows do not know.
    """
    if found < 2:
        for table in existing & set(APPEND_ONLY):
            connection.execute(f'ALTER TABLE "{table}" RENAME COLUMN row_hash TO {CHAIN_HASH}')
        connection.execute(
            "UPDATE runs SET stage = 'decide' WHERE stage = 'observe' "
            'AND parameters LIKE \'%"kind": "actor decision"%\''
        )
    if "quarantine" in existing:
        connection.execute("ALTER TABLE quarantine ADD COLUMN IF NOT EXISTS line BIGINT")
    connection.execute("UPDATE workspace_format SET format = ?", [FORMAT])


def _column_names(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    """The columns of each table. One question for all tables, as each takes a millisecond."""
    found: dict[str, set[str]] = {}
    asked = "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal"
    for table, column in connection.execute(asked).fetchall():
        found.setdefault(str(table), set()).add(str(column))
    return found


def _add_columns(connection: duckdb.DuckDBPyConnection, table: str, names: set[str]) -> bool:
    """Add columns that a table lacks, where older rows have a value or none; tell whether so."""
    declared = TABLES[table].to_schema().columns
    lacking = [name for name in columns(TABLES[table]) if name not in names]
    older = {name: (declared[name].metadata or {}).get("older", "NULL") for name in lacking}
    if not lacking or any(older[one] == "NULL" and not declared[one].nullable for one in lacking):
        return False
    connection.register("incoming", empty(TABLES[table]).select(lacking))
    for name, kind, *_ in connection.execute("DESCRIBE SELECT * FROM incoming").fetchall():
        added = f'"{name}" {kind} DEFAULT {older[name]}'
        connection.execute(f'ALTER TABLE "{table}" ADD COLUMN {added}')
    connection.unregister("incoming")
    for column in NAMES_SEALED.get(table, ()) if "row" in lacking else ():
        asked = f'SELECT DISTINCT "{column}" FROM "{table}"'
        changed = f'UPDATE "{table}" SET "{column}" = ? WHERE "{column}" = ?'
        for (name,) in connection.execute(asked).fetchall():
            connection.execute(changed, [seal(name), name])
    return True


@cache
def _statements() -> dict[str, str]:
    """The statement that makes each stored table, with the types that DuckDB gives its columns."""
    found = {}
    with duckdb.connect() as connection:
        for table in TABLES:
            frame = empty(TABLES[table]).with_columns(
                pl.Series(name, [], dtype=pl.String) for name in provenance(table)
            )
            connection.register("incoming", frame)
            described = connection.execute("DESCRIBE SELECT * FROM incoming").fetchall()
            connection.unregister("incoming")
            listed = ", ".join(f'"{name}" {kind}' for name, kind, *_ in described)
            found[table] = f'CREATE TABLE "{table}" ({listed})'
    return found


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an error of the database or the disk into one that says what to do.

    Args:
        path: the workspace, for errors.

    Raises:
        WorkspaceError: the database or the disk failed within the block.
    """
    try:
        yield
    except (duckdb.Error, OSError) as error:
        text = str(error)
        full = "no space" in text.lower() or "disk" in text.lower() or "File too large" in text
        remedy = "The last good state is kept; run the command again."
        if full:
            remedy = "Free some space and run the command again."
        elif _is_read_only(error):
            remedy = READ_ONLY
        raise WorkspaceError(
            f"The workspace could not be read or written: {text}.", where=str(path), remedy=remedy
        ) from error


def clear(connection: duckdb.DuckDBPyConnection, run: Run) -> None:
    """Delete what a run, or another of the same stage and inputs, wrote before.

    Args:
        connection: a connection to the workspace's database, within a transaction.
        run: the run that is about to write.
    """
    same = {run.run_id}
    if run.inputs:
        rows = connection.execute(
            "SELECT run_id FROM runs WHERE stage = ? AND inputs = ?",
            [run.stage, json.dumps(run.inputs, sort_keys=True)],
        ).fetchall()
        same |= {str(run_id) for (run_id,) in rows}
    for table in KEYS:
        connection.execute(
            f'DELETE FROM "{table}" WHERE run_id IN (SELECT unnest(?))', [sorted(same)]
        )


def replace_others(
    connection: duckdb.DuckDBPyConnection, run_id: str, tables: Iterable[str]
) -> None:
    """Delete rows of other runs whose key a run brought again.

    Of two versions of a report the newer stays, as the records themselves say, whichever was read
    first; where they do not say, the one that was read last.

    Args:
        connection: a connection to the workspace's database, within a transaction.
        run_id: the run whose rows have come in.
        tables: the tables that it wrote.
    """
    if "reports" in tables:
        keep_newer_reports(connection, run_id)
    for table in (name for name in tables if name in KEYS):
        same = " AND ".join(f't."{key}" = n."{key}"' for key in KEYS[table])
        connection.execute(
            f'DELETE FROM "{table}" t USING "{table}" n '
            f"WHERE t.run_id <> ? AND n.run_id = ? AND {same}",
            [run_id, run_id],
        )
    drop_orphans(connection, run_id)


def keep_newer_reports(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Delete the reports of a run that are there in a newer version.

    The claims of every version of a report that goes are deleted with it.

    Args:
        connection: a connection to the workspace's database, within a transaction.
        run_id: the run that brought the reports.
    """
    connection.execute(
        "DELETE FROM reports n USING reports t WHERE n.run_id = ? AND t.run_id <> ? "
        "AND t.report_id = n.report_id AND t.updated > n.updated",
        [run_id, run_id],
    )
    # What is told of a report goes with its version: here this run's, below the others'.
    connection.execute(
        "DELETE FROM claims c WHERE c.run_id = ? AND NOT EXISTS (SELECT 1 FROM reports r "
        "WHERE r.report_id = c.report_id AND r.run_id = ?) "
        "AND EXISTS (SELECT 1 FROM reports r WHERE r.report_id = c.report_id)",
        [run_id, run_id],
    )
    connection.execute(
        "DELETE FROM claims c WHERE c.run_id <> ? AND EXISTS (SELECT 1 FROM reports r "
        "WHERE r.report_id = c.report_id AND r.run_id = ?)",
        [run_id, run_id],
    )


def drop_withdrawn(connection: duckdb.DuckDBPyConnection) -> None:
    """Delete the reports that their producer has withdrawn, whichever file was read first.

    A report that was changed after the withdrawal stands. Claims go with their reports.

    Args:
        connection: a connection to the workspace's database, within a transaction.
    """
    connection.execute(
        "DELETE FROM reports r USING withdrawals w WHERE r.source = w.source "
        "AND r.native_id = w.native_id "
        "AND (w.withdrawn = '' OR r.updated IS NULL OR r.updated <= w.withdrawn)"
    )
    connection.execute(
        "DELETE FROM claims c USING withdrawals w WHERE c.source = w.source "
        "AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.report_id = c.report_id)"
    )


def drop_orphans(connection: duckdb.DuckDBPyConnection, run_id: str) -> None:
    """Delete what is withdrawn, and what tells of rows that are no more, once a run's rows are in.

    Corrections go with the version of the report that they tell of, and a row that was refused
    is no longer aside when its record has been read, corrected, from another file.

    Args:
        connection: a connection to the workspace's database, within a transaction.
        run_id: the run whose rows have come in.
    """
    drop_withdrawn(connection)
    connection.execute(
        "DELETE FROM corrections c WHERE NOT EXISTS (SELECT 1 FROM reports r "
        "WHERE r.report_id = c.report_id AND r.run_id = c.run_id)"
    )
    connection.execute(
        "DELETE FROM quarantine q USING reports r WHERE r.run_id = ? AND q.run_id <> ? "
        "AND r.native_id = q.native_id AND r.source = q.source "
        "AND q.rule NOT IN ('duplicate', 'superseded')",
        [run_id, run_id],
    )


def marked_rows(frame: pl.DataFrame, run_id: str) -> str:
    """Write the SQL query that gives the rows of `incoming` their provenance.

    A row's hash is the MD5 of its JSON, and is the same for tables in the database and beside it.

    Args:
        frame: the rows that are registered as `incoming`.
        run_id: the run that writes them.
    """
    names = ", ".join(f'"{name}"' for name in frame.columns)
    packed = ", ".join(f'"{name}" := "{name}"' for name in frame.columns)
    content = f"md5(to_json(struct_pack({packed}))::VARCHAR)"
    return f"SELECT {names}, {content} AS row_hash, '{run_id}' AS run_id FROM incoming"
