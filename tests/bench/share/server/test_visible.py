"""What others see of a report and a warning, under little load."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from tocsin.bench.share.server import postgres, visible
from tocsin.bench.share.server.servers import Office

TOOLS = all(shutil.which(one) for one in ("wrk", "chromium")) and postgres.programs() is not None


def test_times_are_those_of_what_was_seen_in_time() -> None:
    sent = {f"alert-{n}": float(n) for n in range(4)}
    seen = {"alert-0": 0.5, "alert-1": 2.5, "alert-2": 2.0 + visible.LATEST + 1}
    assert visible._times(sent, seen) == {
        "sent": 4, "missed": 2, "p50": 1.5, "p99": 1.5, "longest": 1.5,
    }  # fmt: skip
    assert visible._times(sent, {})["longest"] is None


class Clock:
    """A clock that goes on while somebody sleeps or waits for an answer."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now

    time = monotonic

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(("answer", "sent"), [(0.1, 7), (1.5, 3), (9.0, 1)])
def test_sending_ends_with_the_load_however_slow_the_answers_are(
    monkeypatch: pytest.MonkeyPatch, answer: float, sent: int
) -> None:
    clock = Clock()

    def give(request: httpx.Request) -> httpx.Response:
        clock.now += answer
        if answer > 5:
            raise httpx.ReadTimeout("no answer", request=request)
        return httpx.Response(201, json={"report": f"report--{clock.now}", "id": "warning--1"})

    monkeypatch.setattr(visible, "time", clock)
    client = partial(httpx.Client, transport=httpx.MockTransport(give))
    monkeypatch.setattr(visible, "httpx", SimpleNamespace(Client=client, HTTPError=httpx.HTTPError))
    found = visible._send("http://server", Office(Path(), ("t",) * 3, ()), 10)
    assert [len(found[kind]) for kind in ("report", "warning")] == [sent, sent]
    told = visible._times(found["report"], {one: 0.0 for one in found["report"] if "--" in one})
    assert told["missed"] == (sent if answer > 5 else 0)


@pytest.mark.release
@pytest.mark.browser
@pytest.mark.skipif(not TOOLS, reason="wrk, Chromium or PostgreSQL is not installed")
def test_what_one_sends_another_sees() -> None:
    found = visible.measure_visible(reads=10, posts=4, seconds=6)
    for kind in ("report", "warning"):
        assert (found[kind]["sent"], found[kind]["missed"]) == (3, 0), kind
