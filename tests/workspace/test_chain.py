"""A ledger only grows, and shows what was done to it behind tocsin's back."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tocsin import Workspace
from tocsin.errors import WorkspaceError
from tocsin.schema.run import Run
from tocsin.workspace.chain import APPEND_ONLY, START, verify_chain
from tocsin.workspace.database import KEYS

LEDGER = "forecast_ledger"


def rows(issue: str, first: int = 1, count: int = 5, value: float = 1.0) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "issue": issue, "issued_at": "2026-01-01T00:00:00+00:00", "territory": "x",
                "gwno": gwno, "target": "ged_sb", "origin": date(2020, 1, 1),
                "month": date(2020, 2, 1), "horizon": 1, "model": "m",
                "quantiles": [0.0, value], "last_12": [1.0, 2.0], "source": "made up",
            }
            for gwno in range(first, first + count)
        ]
    )  # fmt: skip


def write(workspace: Workspace, frame: pl.DataFrame, seed: int = 0, *, add: bool = False) -> None:
    workspace.write(Run("anticipate", "0", seed), {LEDGER: frame}, add=add, started=time.time())


def kept(workspace: Workspace) -> pl.DataFrame:
    return workspace.read(LEDGER, provenance=True)


@pytest.fixture
def workspace(tmp_path: Path):
    with Workspace.init(tmp_path / "region") as opened:
        yield opened


@pytest.mark.slow
@pytest.mark.parametrize("add", [False, True])
def test_what_was_issued_is_never_replaced(workspace: Workspace, add: bool) -> None:
    write(workspace, rows("a"), 1, add=add)
    before = kept(workspace)
    write(workspace, rows("a", value=99.0), 2, add=add)
    assert kept(workspace).equals(before)
    write(workspace, rows("b"), 3, add=add)
    write(workspace, rows("b", count=7, value=5.0), 3, add=add)
    after = kept(workspace)
    assert after.head(5).equals(before)
    assert after["issue"].to_list() == ["a"] * 5 + ["b"] * 7
    assert verify_chain(after, LEDGER) == after["chain_hash"][-1]


def test_an_empty_ledger_is_whole(workspace: Workspace) -> None:
    assert verify_chain(kept(workspace), LEDGER) == START


@pytest.mark.slow
def test_the_same_rows_give_the_same_chain(tmp_path: Path) -> None:
    heads = []
    for name in ("one", "two"):
        with Workspace.init(tmp_path / name) as opened:
            write(opened, rows("a"), 1)
            write(opened, rows("b"), 2)
            heads.append(verify_chain(kept(opened), LEDGER))
    assert heads[0] == heads[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("statement", "row"),
    [
        ("UPDATE forecast_ledger SET quantiles = [0.0, 7.0] WHERE gwno = 3", 3),
        ("UPDATE forecast_ledger SET issued_at = '2020-01-01' WHERE gwno = 2", 2),
        ("DELETE FROM forecast_ledger WHERE gwno = 2", 2),
        ("DELETE FROM forecast_ledger WHERE gwno = 1", 1),
    ],
)
def test_a_change_behind_its_back_is_named(tmp_path: Path, statement: str, row: int) -> None:
    with Workspace.init(tmp_path) as opened:
        write(opened, rows("a"))
    with duckdb.connect(str(tmp_path / "tocsin.duckdb")) as connection:
        connection.execute(statement)
    with Workspace.open(tmp_path) as opened, pytest.raises(WorkspaceError, match=f"row {row} "):
        verify_chain(kept(opened), LEDGER)


@pytest.mark.slow
def test_a_failed_run_adds_nothing(workspace: Workspace) -> None:
    write(workspace, rows("a"))
    before = kept(workspace)
    with pytest.raises(Exception, match="horizon"):
        write(workspace, rows("b").with_columns(horizon=pl.lit(99)), 2)
    assert kept(workspace).equals(before)


def test_no_other_rule_of_replacement_speaks_of_these_tables() -> None:
    assert not set(APPEND_ONLY) & set(KEYS)
