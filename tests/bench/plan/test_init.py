"""Sections of the bench of plan: what was measured is kept, and taken under the same code only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tocsin.bench import plan
from tocsin.bench.plan import Ask, measure_section


def test_a_section_that_was_measured_is_not_measured_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turns: list[bool] = []

    def section(ask: Ask) -> dict[str, Any]:
        turns.append(ask.quick)
        ask.say("Measured")
        return {"figure": 1.25, "turns": len(turns)}

    def measure(quick: bool = False, work: Path | None = tmp_path) -> dict[str, Any]:
        return measure_section("region", Ask(quick, work, lambda _words: None))

    monkeypatch.setitem(plan.SECTIONS, "region", section)
    first = measure()
    assert first.items() >= {"figure": 1.25, "turns": 1}.items()
    # What it cost is told with it, and of what is taken again what it had cost.
    assert first["took_processor_seconds"] >= 0
    monkeypatch.setattr(plan, "measure_cost", lambda _measure: pytest.fail("measured again"))
    assert measure() == first
    monkeypatch.undo()
    monkeypatch.setitem(plan.SECTIONS, "region", section)
    # A quick measure is another one, and without a folder nothing is kept.
    assert measure(quick=True)["turns"] == 2
    assert measure(work=None)["turns"] == 3
    # Nor is what other code measured taken for it.
    monkeypatch.setattr(plan, "code", lambda _folder: "another".ljust(64, "0"))
    assert measure()["turns"] == 4
