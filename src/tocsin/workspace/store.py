"""A workspace: one folder with `tocsin.toml`, one DuckDB file, and Parquet beside it.

Every stage's result is written in one transaction, so a kill or a full disk at any moment
leaves the last good state. Parquet files are complete and in place before the transaction
that names them; those that no run names are swept away later.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import polars as pl

from tocsin.base.atomic import write_bytes
from tocsin.base.nearest import advice
from tocsin.base.paths import PathLike, as_path
from tocsin.base.toml import parse_toml, read_text
from tocsin.errors import StageNotReady, UsageError
from tocsin.schema import PARQUET_TABLES, STAGE_TABLES, TABLES, columns, conform, empty
from tocsin.schema.run import Run
from tocsin.schema.settings import Settings, dump, load, with_line
from tocsin.schema.step import verb
from tocsin.workspace.chain import APPEND_ONLY, CHAIN_HASH, START, append
from tocsin.workspace.chain import provenance as marks
from tocsin.workspace.database import (
    clear,
    connect,
    explained,
    marked_rows,
    prepare,
    replace_others,
)
from tocsin.workspace.parquet import read_parquet, sweep_parquet, write_parquet

SETTINGS_FILE = "tocsin.toml"
DATABASE_FILE = "tocsin.duckdb"
PARQUET_FOLDER = "parquet"

T = TypeVar("T")
Before = Callable[[duckdb.DuckDBPyConnection, str], None]
"""Something done within the transaction of a run, before its rows come: given the run's id."""

WRITE_MEMORY = "512MiB"
"""What the database may hold in memory while it is written to."""

HOLDERS = {
    "reports": "a file of events, such as UCDP GED, ACLED or a log of your own with a mapping",
    "series": "a file of deaths by country and month",
}
"""What files hold the rows of a table on which the road depends."""


class Workspace:
    """This is an open workspace. `Workspace.init` or `open` give one; `close` it, or use `with`.

    Example:
        >>> import tempfile
        >>> with Workspace.init(Path(tempfile.mkdtemp()) / "region") as workspace:
        ...     workspace.read("reports").height
        0
    """

    def __init__(self, path: Path, settings: Settings, connection: duckdb.DuckDBPyConnection):
        self.path = path
        self.settings = settings
        self._connection = connection

    @classmethod
    def init(cls, path: PathLike, settings: Settings | None = None) -> Workspace:
        """Make a workspace, or open and return the one that is there, which is not changed.

        Args:
            path: the folder of the workspace.
            settings: the settings of a new workspace; None: the defaults.

        Raises:
            UsageError: it is no path, or that of a file or of a folder that cannot be written; or
                the settings are no `Settings`.
        """
        path = as_path(path)
        if not isinstance(settings, Settings | None):
            raise UsageError(
                "The settings of a workspace are needed here, or None.",
                where="settings",
                remedy="Make them with tocsin.schema.settings.Settings(...).",
            )
        settings_path = path / SETTINGS_FILE
        if not settings_path.exists():
            try:
                path.mkdir(parents=True, exist_ok=True)
                write_bytes(settings_path, dump(settings or Settings()).encode())
            except OSError as error:
                raise UsageError(
                    f"A workspace cannot be made here: {error.strerror}.", where=str(path)
                ) from error
        return cls.open(path)

    @classmethod
    def open(cls, path: PathLike) -> Workspace:
        """Open and return the workspace in the folder `path`.

        Raises:
            UsageError: there is no workspace at this path.
            WorkspaceError: it is of a newer version, damaged, or in use by another process.
        """
        path = as_path(path)
        settings_path = path / SETTINGS_FILE
        if not settings_path.is_file():
            raise UsageError(
                "There is no workspace here.",
                where=str(path),
                remedy="Make one with `tocsin init`, or name one with --workspace DIR.",
            )
        settings = load(settings_path)
        connection = connect(path / DATABASE_FILE)
        try:
            with explained(path):
                prepare(connection, path)
        except BaseException:
            connection.close()
            raise
        return cls(path, settings, connection)

    def settle(self, name: str, value: str, why: str) -> None:
        """Write a setting that a step found into the settings and their file, with the reason.

        Raises:
            UsageError: the file cannot be written.
        """
        path = self.path / SETTINGS_FILE
        text = with_line(read_text(path), name, value, why)
        assert parse_toml(text, where=str(path))[name] == value, "the line stands where it counts"
        try:
            write_bytes(path, text.encode())
        except OSError as error:
            raise UsageError(
                f"The settings cannot be written: {error.strerror}.",
                where=str(path),
                remedy=f"Write this line into it: {name} = {value!r}",
            ) from error
        self.settings = self.settings.model_copy(update={name: value})

    def close(self) -> None:
        """Close the database file."""
        self._connection.close()

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def read(self, table: str, *, provenance: bool = False) -> pl.DataFrame:
        """Read a table's rows, in the order in which they were written.

        Args:
            table: a name in `tocsin.schema.TABLES`.
            provenance: also return the row's hash (`row_hash`, or `chain_hash` where the
                table only grows) and `run_id`.

        Raises:
            UsageError: there is no such table.
        """
        if table not in TABLES:
            raise UsageError(
                f"There is no table '{table}'.", where=str(self.path), remedy=advice(table, TABLES)
            )
        wanted = columns(TABLES[table]) + (list(marks(table)) if provenance else [])
        if table in PARQUET_TABLES:
            return self._read_parquet(table, wanted)
        selected = ", ".join(f'"{name}"' for name in wanted)
        with explained(self.path):
            frame = self._connection.sql(f'SELECT {selected} FROM "{table}" ORDER BY rowid').pl()
        return conform_read(table, frame, wanted)

    def require(self, *tables: str) -> dict[str, pl.DataFrame]:
        """Read the tables that a stage needs, and return them by name.

        Raises:
            StageNotReady: one of them is empty; the message names the stage to run first.
        """
        self.check_filled(*tables)
        return {name: self.read(name) for name in tables}

    def check_filled(self, *tables: str) -> None:
        """Check that the tables which a stage needs have rows.

        Raises:
            StageNotReady: one of them is empty; the message names the stage to run first.
        """
        for name in tables:
            if self.count(name) == 0:
                stage = _writer(name)
                ran = self.last_run(stage) is not None
                raise StageNotReady(
                    f"The table '{name}' is empty{f', though {stage} has run' if ran else ''}.",
                    where=str(self.path),
                    remedy=self._filling(name, stage, ran=ran),
                )

    def _filling(self, table: str, stage: str, *, ran: bool) -> str:
        """How an empty table gets rows; to run the same stage again would not help."""
        if not ran:
            return f"Run `tocsin {verb(stage)}` first."
        holder = HOLDERS.get(table)
        if holder:
            return f"No file that was read holds any: observe {holder}."
        return "What was observed gives it no row; `tocsin status` shows what is there."

    def fingerprints(self, tables: Iterable[str]) -> dict[str, str]:
        """Compute a digest of each table's content, by name, whatever the order of its rows."""
        digests = {}
        for table in tables:
            mark = marks(table)[0]
            kept = f'"{table}"'
            if table in PARQUET_TABLES:
                self._connection.register("kept", self.read(table, provenance=True).select(mark))
                kept = "kept"
            with explained(self.path):
                digests[table] = str(
                    self._value(
                        f"SELECT md5(coalesce(string_agg({mark}, '' ORDER BY {mark}), '')) "
                        f"FROM {kept}"
                    )
                )
        return digests

    def head(self, table: str) -> tuple[int, str]:
        """Give the number of rows of a table that only grows, and the last one's hash."""
        with explained(self.path):
            last = self._connection.execute(
                f'SELECT {CHAIN_HASH} FROM "{table}" ORDER BY rowid DESC LIMIT 1'
            ).fetchall()
        return self.count(table), str(last[0][0]) if last else START

    def write(
        self, run: Run, tables: Mapping[str, pl.DataFrame], *, add: bool = False, started: float
    ) -> None:
        """Store one run's tables, all or none of them.

        Args:
            run: what was computed, and from what.
            tables: a frame for each table by name; each is checked against its declaration.
            add: True keeps the rows of earlier runs and replaces those with the same key
                (`observe`); otherwise the tables are replaced whole. Tables that only grow
                (`tocsin.workspace.chain`) keep every row, whatever is asked here.
            started: `time.time()` when the run began, in seconds.

        Raises:
            TableInvalid: a frame breaks its declaration; nothing was written.
            WorkspaceError: the disk is full, or the file is damaged; nothing was written.
        """
        self.write_stream(run, [tables], add=add, started=started)

    def write_stream(
        self,
        run: Run,
        batches: Iterable[Mapping[str, pl.DataFrame]],
        *,
        add: bool = True,
        started: float,
        first: Before | None = None,
    ) -> None:
        """Store one run's tables as they come in batches, all or none of them (see `write`).

        What an earlier run made of the same inputs is replaced, so that reading a file again leaves
        what reading it once does. `first` is called before the rows come, within the same
        transaction.

        Raises:
            TableInvalid: a frame breaks its declaration; nothing was written.
            WorkspaceError: the disk is full, or the file is damaged; nothing was written.
            Exception: whatever the batches raise; nothing was written.
        """
        counts: dict[str, int] = {}
        with explained(self.path), self._within_memory(), self._transaction():
            if add:
                clear(self._connection, run)
            if first is not None:
                first(self._connection, run.run_id)
            for tables in batches:
                for name, found in tables.items():
                    frame = conform(TABLES[name], found)
                    if name in PARQUET_TABLES:
                        self._write_parquet(name, run.run_id, frame)
                    elif name in APPEND_ONLY:
                        append(self._connection, name, run.run_id, frame)
                    else:
                        if not add and name not in counts:
                            self._connection.execute(f'DELETE FROM "{name}"')
                        self._append(name, run.run_id, frame)
                    counts[name] = counts.get(name, 0) + frame.height
            if add:
                replace_others(self._connection, run.run_id, counts)
            self._record(run, counts, started)
        sweep_parquet(self.path / PARQUET_FOLDER, self.runs())

    def change(self, how: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        """Call `how` on the database in one transaction, all or nothing; give what it returns."""
        with explained(self.path), self._transaction():
            return how(self._connection)

    def _record(self, run: Run, counts: Mapping[str, int], started: float) -> None:
        self._connection.execute(
            "INSERT INTO runs SELECT ?, ?, ?, ?, ?, ?, ?, to_timestamp(?)::TIMESTAMP, ?, "
            "coalesce(max(number), 0) + 1 FROM runs",
            [
                run.run_id,
                run.stage,
                run.version,
                run.seed,
                json.dumps(run.parameters, sort_keys=True),
                json.dumps(run.inputs, sort_keys=True),
                json.dumps(counts),
                started,
                time.time() - started,
            ],
        )

    def runs(self) -> list[dict[str, Any]]:
        """List every run, oldest first: the columns of `Run`, `rows`, `started_at`, `seconds`."""
        with explained(self.path):
            frame = self._connection.sql("SELECT * FROM runs ORDER BY number").pl()
        rows: list[dict[str, Any]] = frame.to_dicts()
        for row in rows:
            for name in ("parameters", "inputs", "rows"):
                row[name] = json.loads(row[name])
        return rows

    def last_run(self, stage: str) -> dict[str, Any] | None:
        """Give the newest run of a stage as `runs` does, or None if the stage has not run."""
        return next((row for row in reversed(self.runs()) if row["stage"] == stage), None)

    def count(self, table: str) -> int:
        """Count the rows of a table."""
        if table in PARQUET_TABLES:
            return self.read(table).height
        return int(self._value(f'SELECT count(*) FROM "{table}"'))

    def _value(self, query: str) -> Any:
        """The one value of a query. Fetched whole: an open result would block the connection."""
        return self._connection.execute(query).fetchall()[0][0]

    @contextmanager
    def _within_memory(self) -> Iterator[None]:
        """While rows stream in, the database keeps to little memory and spills to disk."""
        self._connection.execute(f"SET memory_limit = '{WRITE_MEMORY}'")
        try:
            yield
        finally:
            with suppress(duckdb.Error):
                self._connection.execute("RESET memory_limit")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN TRANSACTION")
        try:
            yield
        except BaseException:
            # After a fatal error the database has already rolled back and refuses to.
            with suppress(duckdb.Error):
                self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _append(self, table: str, run_id: str, frame: pl.DataFrame) -> None:
        self._connection.register("incoming", frame)
        self._connection.execute(f'INSERT INTO "{table}" BY NAME {marked_rows(frame, run_id)}')
        self._connection.unregister("incoming")

    def _read_parquet(self, table: str, wanted: list[str]) -> pl.DataFrame:
        return read_parquet(self.path / PARQUET_FOLDER, table, self.runs(), wanted)

    def _write_parquet(self, table: str, run_id: str, frame: pl.DataFrame) -> None:
        self._connection.register("incoming", frame)
        rows = self._connection.sql(marked_rows(frame, run_id)).pl()
        self._connection.unregister("incoming")
        write_parquet(self.path / PARQUET_FOLDER, table, run_id, rows)


def conform_read(table: str, frame: pl.DataFrame, wanted: list[str]) -> pl.DataFrame:
    """Give a frame read from the database the declared types (an all-empty column has none)."""
    declared = empty(TABLES[table]).schema
    return frame.select(pl.col(name).cast(declared.get(name, pl.String)) for name in wanted)


def _writer(table: str) -> str:
    return next(stage for stage, tables in STAGE_TABLES.items() if table in tables)
