"""A workspace that 0.1 made opens, is brought up to date, and its chains are whole."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tocsin import Workspace
from tocsin.errors import StageNotReady, WorkspaceError
from tocsin.schema import TABLES, columns
from tocsin.schema.run import Run
from tocsin.schema.settings import FORMAT
from tocsin.workspace import road
from tocsin.workspace.chain import APPEND_ONLY, verify_chain
from tocsin.workspace.status import status

HEADS = {
    "forecast_ledger": (60, "8312781e384dd516f288f5cd9cf36eca90ab3f108851688ec7e8612154e9a7ad"),
    "forecast_scores": (45, "6d670f09e0e5c482ce1ea7c35b06d7c7b5f9a79f44df547149de1d52c4336169"),
}
"""What `tocsin track` of 0.1 told when it made the workspace."""


@pytest.fixture
def old(made_by_0_1: Callable[[], Path]) -> Path:
    return made_by_0_1()


@pytest.mark.slow
def test_its_chains_are_whole(old: Path) -> None:
    with Workspace.open(old) as opened:
        for name, (rows, head) in HEADS.items():
            frame = opened.read(name, provenance=True)
            assert (frame.height, verify_chain(frame, name)) == (rows, head)
            assert opened.head(name) == (rows, head)


@pytest.mark.slow
@pytest.mark.parametrize("table", list(HEADS))
def test_a_change_to_its_ledgers_is_still_seen(old: Path, table: str) -> None:
    with duckdb.connect(str(old / "tocsin.duckdb")) as connection:
        connection.execute(f"UPDATE {table} SET gwno = 999 WHERE rowid = 3")
    with Workspace.open(old) as opened:
        with pytest.raises(WorkspaceError, match="row 4 "):
            verify_chain(opened.read(table, provenance=True), table)
        with pytest.raises(WorkspaceError, match="row 4 "):
            road.track(opened)


@pytest.mark.slow
def test_it_tracks_and_alerts(old: Path, tmp_path: Path) -> None:
    with Workspace.open(old) as opened:
        before = {name: opened.read(name) for name in ("alert_rules", "calibration")}
        tracked = road.track(opened)
        assert (tracked.scored, tracked.heads) == (0, HEADS)
        assert tracked.calibration.equals(before["calibration"])
        road.alerts(opened)
        rules = opened.read("alert_rules")
        told = ("proven", "source")
        assert rules.drop(told).equals(before["alert_rules"].drop(told))
        # 'Onset' had too few cases of its own; now it borrows those of all countries.
        assert before["alert_rules"]["proven"].to_list() == [True, True, False, False, False]
        assert rules["proven"].to_list() == [True, True, True, False, False]
        assert opened.count("alerts") > 0
        # Months came after its last forecast: it is told, and not shared as if it were of today.
        with pytest.raises(StageNotReady, match="'series' changed"):
            road.share(opened, tmp_path)


# That each step runs in it is seen by `test_runner.py`, too.
@pytest.mark.release
def test_it_forecasts_plans_and_shares(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.anticipate.models.registry.FORECASTER", "zero-inflated")
    with Workspace.open(old) as opened:
        # What reads a step that is out of date is out of date as well.
        road.assess(opened)
        road.anticipate(opened)
        road.track(opened)
        road.plan(opened)
        road.share(opened, tmp_path)
        said = json.loads((tmp_path / "brief.json").read_text())
        assert said["model"] == opened.read("forecasts")["model"][0]
    with Workspace.open(old) as opened:
        found = {step["step"]: step["state"] for row in status(opened) for step in row["steps"]}
        assert {name: found[name] for name in ("alerts", "share")} == dict.fromkeys(
            ("alerts", "share"), "up to date"
        )


@pytest.mark.slow
def test_its_decision_no_longer_looks_like_observing(old: Path) -> None:
    with Workspace.open(old) as opened:
        kinds = {
            run["parameters"].get("kind") for run in opened.runs() if run["stage"] == "observe"
        }
        assert kinds == {"ucdp-ged", "ucdp-actors", "country-month"}
        last = opened.last_run("decide")
        assert last is not None
        decisions = opened.read("actor_decisions", provenance=True)
        assert decisions["run_id"].to_list() == [last["run_id"]]


@pytest.mark.slow
def test_nothing_but_names_is_changed(old: Path) -> None:
    with duckdb.connect(str(old / "tocsin.duckdb")) as connection:
        tables = [name for (name,) in connection.execute("SHOW TABLES").fetchall()]
        before = {
            name: connection.sql(f"SELECT * FROM {name} ORDER BY rowid").pl() for name in tables
        }
    for _ in range(2):
        Workspace.open(old).close()
    with duckdb.connect(str(old / "tocsin.duckdb")) as connection:
        for name in set(tables) - {"runs", "workspace_format"}:
            now = connection.sql(f"SELECT * FROM {name} ORDER BY rowid").pl()
            was = before[name]
            if name == "quarantine":
                now = now.drop("line")
            if name in APPEND_ONLY:
                was = was.rename({"row_hash": "chain_hash"})
            # A table may have got a column since, which is empty.
            assert now.select(was.columns).equals(was), name
            assert all(now[one].is_null().all() for one in now.columns if one not in was.columns)
        assert connection.sql("SELECT * FROM workspace_format").fetchall() == [(FORMAT,)]


@pytest.mark.slow
def test_a_migration_that_fails_changes_nothing(old: Path) -> None:
    with duckdb.connect(str(old / "tocsin.duckdb")) as connection:
        connection.execute("ALTER TABLE comparisons DROP COLUMN p_better")
    with pytest.raises(WorkspaceError, match="other columns"):
        Workspace.open(old)
    with duckdb.connect(str(old / "tocsin.duckdb")) as connection:
        names = {row[0] for row in connection.execute("DESCRIBE forecast_ledger").fetchall()}
        assert "row_hash" in names
        assert connection.sql("SELECT * FROM workspace_format").fetchall() == [(1,)]


@pytest.mark.slow
def test_a_column_that_may_not_be_empty_is_added_where_it_is_known_what_older_rows_hold(
    tmp_path: Path,
) -> None:
    with Workspace.init(tmp_path / "w"):
        pass
    with duckdb.connect(str(tmp_path / "w" / "tocsin.duckdb")) as connection:
        connection.execute("ALTER TABLE actor_spells DROP COLUMN probability")
        connection.execute("INSERT INTO actor_spells (actor_id) VALUES ('a')")
    with Workspace.open(tmp_path / "w") as opened:
        assert opened.read("actor_spells")["probability"].to_list() == [1.0]


@pytest.mark.slow
def test_a_workspace_with_the_columns_of_before_opens(tmp_path: Path) -> None:
    """`columns_before.json` holds what workspaces have had since 2026-11-27; whoever adds a column
    that may not be empty declares what older rows hold (`metadata={"older": ...}`)."""
    before = json.loads((Path(__file__).parent / "columns_before.json").read_text("utf-8"))
    with Workspace.init(tmp_path):
        pass
    with duckdb.connect(str(tmp_path / "tocsin.duckdb")) as connection:
        for table, held in before.items():
            for name in set(columns(TABLES[table])) - set(held):
                connection.execute(f'ALTER TABLE "{table}" DROP COLUMN "{name}"')
    with Workspace.open(tmp_path) as opened:
        for table in before:
            assert set(opened.read(table).columns) == set(columns(TABLES[table])), table


def test_a_row_has_the_same_hash_wherever_and_whenever_it_is_written(
    tmp_path: Path, series: pl.DataFrame
) -> None:
    """The hashes that stand here were written in 2026; another value would break identities."""
    draws = series.head(1).select(
        "territory", "gwno", "target", pl.col("month").alias("origin"), "month",
        pl.lit("made up").alias("model"), pl.lit([0.1, 2.5, 1e22]).alias("draws"), "source",
    )  # fmt: skip
    with Workspace.init(tmp_path) as opened:
        opened.write(
            Run("observe", "0", 0), {"series": series, "forecast_draws": draws}, started=0.0
        )
        marks = {
            name: opened.read(name, provenance=True)["row_hash"][0]
            for name in ("series", "forecast_draws")
        }
    assert marks == {
        "series": "d47e2bc7d9f0038c548b60359efde118",
        "forecast_draws": "59971329c5034be72cfa49240cb3aa28",
    }


@pytest.fixture
def read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace on a disk that may only be read, as the database sees it."""
    with Workspace.init(tmp_path / "w"):
        pass
    connect = duckdb.connect

    def refusing(database: str, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
        if not read_only:
            raise duckdb.IOException(f'Cannot open file "{database}": Read-only file system')
        return connect(database, read_only=True)

    monkeypatch.setattr(duckdb, "connect", refusing)
    return tmp_path / "w"


@pytest.mark.slow
def test_on_a_read_only_disk_a_workspace_can_be_looked_at(read_only: Path) -> None:
    with Workspace.open(read_only) as opened:
        assert {step["state"] for stage in status(opened) for step in stage["steps"]}
        assert opened.read("reports").is_empty()


@pytest.mark.slow
def test_on_a_read_only_disk_nothing_is_said_to_be_damaged(read_only: Path) -> None:
    path = read_only / "s.csv"
    path.write_text("country,month,ged_sb\nSyria,2020-01,1\n")
    with Workspace.open(read_only) as opened, pytest.raises(WorkspaceError) as refused:
        road.observe(opened, [path])
    assert "Copy the workspace" in refused.value.remedy


def test_an_older_workspace_on_a_read_only_disk_is_not_changed(
    read_only: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.workspace.database.FORMAT", FORMAT + 1)
    with pytest.raises(WorkspaceError, match="another version"):
        Workspace.open(read_only)


NOTEBOOK = """
import sys, types
shell = types.SimpleNamespace(config={"IPKernelApp": {}})
sys.modules["IPython"] = types.SimpleNamespace(get_ipython=lambda: shell)
sys.modules["ipywidgets"] = None
from pathlib import Path
from tocsin.workspace.database import connect
connection = connect(Path(sys.argv[1]))
print(connection.execute("SELECT current_setting('enable_progress_bar')").fetchone()[0])
"""


@pytest.mark.slow
def test_a_workspace_opens_in_a_notebook_that_cannot_draw_bars(tmp_path: Path) -> None:
    run = [sys.executable, "-c", NOTEBOOK, str(tmp_path / "tocsin.duckdb")]
    done = subprocess.run(run, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "False", done.stderr
