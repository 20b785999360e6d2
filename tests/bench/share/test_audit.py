"""The measure of the audit log, on a small one."""

from __future__ import annotations

import pytest

from tocsin.bench.share.audit import measure_audit


@pytest.mark.slow
def test_a_small_log_is_measured() -> None:
    found = measure_audit(rows=600, workers=2, each=5)
    assert (found["rows"], found["events"], found["forks"]) == (600, 10, 0)
    assert found["verify_seconds_ten_million"] > found["verify_seconds"] > 0
    assert found["proof_milliseconds"] > 0
