"""The benchmark of the road compares like with like: each way with both trees, in caches apart."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(name="script")
def loaded() -> ModuleType:
    path = Path(__file__).parents[1] / "benchmarks" / "road_speed.py"
    spec = importlib.util.spec_from_file_location("road_speed", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_way_is_measured_with_both_trees(script: ModuleType, tmp_path: Path) -> None:
    seen: list[tuple[str, Path, list[str]]] = []

    def task(source: Path, cache: Path, work: Path) -> tuple[float, float]:
        assert work == tmp_path
        seen.append((source.name, cache, sorted(one.name for one in cache.iterdir())))
        for kind in ("fits", "hindcasts", "steps", "programs"):
            (cache / kind).mkdir(exist_ok=True)
        return 1.0, 2.0

    sources = {"before": Path("old"), "now": Path("new")}
    told = list(script.measure(task, sources, tmp_path))
    assert told == [{"before": (1.0, 2.0), "now": (1.0, 2.0)}] * 3
    assert [name for name, *_ in seen] == ["old", "new"] * 3
    assert len({cache for _, cache, _ in seen}) == 2
    cold: list[str] = []
    warm = ["programs"]
    again = ["fits", "hindcasts", "programs", "steps"]
    assert [held for *_, held in seen] == [cold, cold, warm, warm, again, again]


def test_what_is_printed_compares_both(script: ModuleType) -> None:
    said = script.line("brief", "cold", {"before": (20.0, 30.0), "now": (10.0, 20.0)})
    assert said.endswith("before 20.0 s (30.0 of processors), now 10.0 s (20.0 of processors), "
                         "less by 50%, 33%")  # fmt: skip
    assert script.line("brief", "warm", {"now": (10.0, 20.0)}).endswith(
        "now 10.0 s (20.0 of processors)"
    )
