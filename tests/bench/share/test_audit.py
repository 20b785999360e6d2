"""The measure of the audit log, on a small one."""

from __future__ import annotations

import pytest

from tocsin.bench.share.audit import measure_audit
from tocsin.bench.share.server import postgres


@pytest.mark.slow
def test_a_small_log_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    # To start PostgreSQL would take longer than all the rest.
    monkeypatch.setattr(postgres, "programs", lambda: None)
    found = measure_audit(rows=600, workers=2, each=5)
    assert (found["rows"], found["events"]) == (600, 10)
    assert found["sqlite_processes"]["forks"] == found["sqlite_threads"]["forks"] == 0
    assert found["sqlite_threads"]["events_per_second"] > 0
    assert found["verify_seconds_ten_million"] > found["verify_seconds"] > 0
    assert found["proof_milliseconds"] > 0
