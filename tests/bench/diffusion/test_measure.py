"""Studies go on where they stopped."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from tocsin.bench.diffusion import measure
from tocsin.bench.diffusion.measure import STUDIES, run_study


def test_the_published_edges_are_a_study() -> None:
    found = run_study("netinf", pl.DataFrame())
    assert found["edges"] == 5
    assert found["largest_error"] < 1e-6


def test_an_interrupted_study_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def task(seed: int, _network: pl.DataFrame) -> dict[str, float]:
        asked.append(seed)
        if len(asked) == 3:
            raise KeyboardInterrupt
        return {"value": float(seed)}

    study = replace(STUDIES["netinf"], task=task, runs=4)
    monkeypatch.setattr(measure, "STUDIES", {"netinf": study})
    with pytest.raises(KeyboardInterrupt):
        run_study("netinf", pl.DataFrame(), work=tmp_path)
    found = run_study("netinf", pl.DataFrame(), work=tmp_path)
    assert asked == [0, 1, 2, 2, 3]
    assert found["value"] == 1.5
    assert found["took_seconds"] > 0
    lines = (tmp_path / "netinf.jsonl").read_text().splitlines()
    assert [json.loads(line)["seed"] for line in lines] == [0, 1, 2, 3]


def test_a_study_asks_no_fewer_worlds_in_full() -> None:
    assert all(1 <= study.quick <= study.runs for study in STUDIES.values())
