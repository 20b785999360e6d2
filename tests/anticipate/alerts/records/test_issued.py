"""Each alert is kept as it was told, quiet ones included, in a ledger that only grows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tocsin.anticipate.alerts import STEP
from tocsin.anticipate.alerts.records.issued import alert_entries
from tocsin.errors import WorkspaceError
from tocsin.schema import TABLES, conform
from tocsin.schema.run import Run
from tocsin.workspace.chain import APPEND_ONLY, verify_chain
from tocsin.workspace.store import Workspace


def alerts(level: str) -> pl.DataFrame:
    rows = [
        {"rule": rule, "territory": "Mali", "gwno": 432, "origin": date(2022, 12, 1),
         "probability": 0.4, "level": level, "since": date(2022, 12, 1), "source": "test"}
        for rule in ("grave", "onset")
    ]  # fmt: skip
    return conform(TABLES["alerts"], pl.DataFrame(rows))


RULES = pl.DataFrame({"rule": ["onset", "grave", "unheard"], "within": [6, 3, 1]})


def entries(issue: str, level: str) -> pl.DataFrame:
    return alert_entries(alerts(level), RULES, issue=issue, issued_at="2023-01-10")


def test_every_alert_is_kept_with_the_months_of_its_rule() -> None:
    found = entries("one", "quiet")
    assert found.select("rule", "within", "level").rows() == [
        ("grave", 3, "quiet"), ("onset", 6, "quiet"),
    ]  # fmt: skip
    assert set(found["issue"]) == {"one"}


def test_a_run_without_alerts_keeps_none() -> None:
    assert alert_entries(alerts("quiet").clear(), RULES, issue="one", issued_at="").is_empty()


def test_the_step_keeps_what_it_tells() -> None:
    assert "alert_ledger" in STEP.writes
    assert "alert_ledger" in APPEND_ONLY


@pytest.mark.slow
def test_what_was_told_stays_and_a_change_of_it_shows(tmp_path: Path) -> None:
    with Workspace.init(tmp_path / "w") as opened:
        for issue, level in (("one", "warning"), ("two", "quiet"), ("one", "emergency")):
            run = Run("alerts", "0", 0, {"of": issue}, {})
            opened.write_stream(run, iter([{"alert_ledger": entries(issue, level)}]), started=0.0)
        held = opened.read("alert_ledger")
        assert held["level"].to_list() == ["warning"] * 2 + ["quiet"] * 2
    with duckdb.connect(str(tmp_path / "w" / "tocsin.duckdb")) as connection:
        connection.execute("UPDATE alert_ledger SET level = 'quiet' WHERE issue = 'one'")
    with Workspace.open(tmp_path / "w") as opened:
        changed = opened.read("alert_ledger", provenance=True)
        with pytest.raises(WorkspaceError, match="row 1 is not what was written"):
            verify_chain(changed, "alert_ledger")
