"""The measure itself: right messages pass, faults are found, in small."""

from __future__ import annotations

from tocsin.bench.share.warnings import measure_cap


def test_right_messages_pass_and_faults_are_found() -> None:
    found = measure_cap(messages=60, faults=120, seed=5)
    assert found["messages_refused"] == 0
    assert found["faults_caught"] >= 0.97
