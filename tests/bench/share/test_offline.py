"""Journeys with a bad line: none is lost, none counts twice, and the driver would see it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tocsin.bench.share import offline
from tocsin.bench.share.offline import FAULTS, STEPS, measure_offline
from tocsin.bench.share.phone import opened
from tocsin.share.server.pages.drawing import assets


def test_every_step_and_fault_says_what_it_is() -> None:
    assert not set(STEPS) & set(FAULTS)
    assert all(weight > 0 for _, weight in STEPS.values())


@pytest.mark.browser
@pytest.mark.release
def test_three_journeys_lose_nothing_and_go_on_where_they_broke_off(tmp_path: Path) -> None:
    assert shutil.which("chromium"), "Debian's chromium is needed: sudo apt-get install chromium"
    kept = tmp_path / "kept.jsonl"
    gone: list[int] = []
    found = measure_offline(journeys=3, seed=17, most=4, path=kept, on_done=gone.append)
    assert (found["lost"], found["twice"], found["waiting"], found["worst"]) == (0, 0, 0, [])
    assert found["reports"] > 0
    assert sorted(gone) == [17, 18, 19]
    assert len(kept.read_text().splitlines()) == 3


@pytest.mark.browser
@pytest.mark.release
def test_thirty_journeys_lose_nothing() -> None:
    found = measure_offline(journeys=30, seed=100, phones=2)
    assert (found["lost"], found["twice"], found["waiting"]) == (0, 0, 0), found["worst"]
    assert {"kill", "lost answer", "second tab", "update"} <= set(found["steps"])


@pytest.mark.browser
@pytest.mark.release
def test_a_form_that_trusts_any_answer_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hotel answers everything with 200; who takes that for a receipt loses the report."""
    told = assets()["report.js"].decode()
    trusting = told.replace("const receipt = await found.json();", "").replace(
        'if (receipt.sending !== one.sending || !receipt.report) throw new Error("no receipt");', ""
    )
    assert len(trusting) < len(told) - 100
    monkeypatch.setitem(assets(), "report.js", trusting.encode())
    monkeypatch.setattr(offline, "FAULTS", {"hotel": FAULTS["hotel"]})
    monkeypatch.setattr(offline, "STEPS", {"fault": STEPS["fault"], "write": STEPS["write"]})
    with opened(tmp_path) as (server, phone):
        assert any(offline.go(server, phone, seed)["lost"] for seed in range(3))
