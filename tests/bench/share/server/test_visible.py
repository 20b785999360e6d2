"""What others see of a report and a warning, under little load."""

from __future__ import annotations

import shutil

import pytest

from tocsin.bench.share.server import postgres, visible

TOOLS = all(shutil.which(one) for one in ("wrk", "chromium")) and postgres.programs() is not None


def test_times_are_those_of_what_was_seen_in_time() -> None:
    sent = {f"alert-{n}": float(n) for n in range(4)}
    seen = {"alert-0": 0.5, "alert-1": 2.5, "alert-2": 2.0 + visible.LATEST + 1}
    assert visible._times(sent, seen) == {
        "sent": 4, "missed": 2, "p50": 1.5, "p99": 1.5, "longest": 1.5,
    }  # fmt: skip
    assert visible._times(sent, {})["longest"] is None


@pytest.mark.release
@pytest.mark.browser
@pytest.mark.skipif(not TOOLS, reason="wrk, Chromium or PostgreSQL is not installed")
def test_what_one_sends_another_sees() -> None:
    found = visible.measure_visible(reads=10, posts=4, seconds=6)
    for kind in ("report", "warning"):
        assert (found[kind]["sent"], found[kind]["missed"]) == (3, 0), kind
