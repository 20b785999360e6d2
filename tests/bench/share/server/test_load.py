"""The measures of load, with little of it."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tocsin.bench.share.server import load, postgres
from tocsin.bench.share.server.load import measure_curve, measure_load, measure_writes

WRK = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")


def step(wanted: float, taken: float, p99: float = 20.0, refused: int = 0) -> dict[str, Any]:
    return {
        "reads_a_second": taken * 5 / 7, "posts_a_second": taken * 2 / 7, "read_p99": p99 / 2,
        "post_p99": p99, "refused": refused, "broken": 0, "reads_wanted": wanted,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("found", "borne", "most"),
    [
        ([step(100, 99), step(200, 199), step(300, 250)], 200, 250),
        ([step(100, 99), step(200, 199, p99=300), step(300, 299)], 100, 299),
        ([step(100, 99, refused=1), step(200, 199), step(300, 299)], 0, 299),
        ([step(100, 90), step(200, 90), step(300, 80)], 0, 90),
    ],
)
def test_a_curve_says_up_to_which_load_a_server_keeps_up(
    monkeypatch: pytest.MonkeyPatch, found: list[dict[str, Any]], borne: int, most: float
) -> None:
    asked: list[tuple[float, float, int]] = []

    def loads(wanted: list[tuple[float, float, int]], *_: Any) -> list[dict[str, Any]]:
        asked.extend(wanted)
        return found

    monkeypatch.setattr(load, "_loads", loads)
    told = measure_curve(steps=(100, 200, 300), step_seconds=4)
    assert [round(reads + posts) for reads, posts, _ in asked] == [100, 200, 300]
    assert (told["borne"], told["taken_at_most"]) == (borne, pytest.approx(most))
    assert told["curve"] == found


@WRK
@pytest.mark.release
def test_little_load_on_sqlite_is_borne() -> None:
    found = measure_writes(rate=10, seconds=3)
    assert found["posts_a_second"] > 0
    for name in ("refused", "broken", "lost", "locked"):
        assert found[name] == 0, name


@WRK
@pytest.mark.release
@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
def test_little_load_on_postgresql_is_borne() -> None:
    found = measure_load(reads=10, posts=5, seconds=3)
    more = measure_curve(steps=(10, 20), step_seconds=2)
    assert [one["reads_wanted"] for one in more["curve"]] == [7.1, 14.3]
    assert all(one["lost"] == 0 for one in more["curve"])
    for name in ("refused", "broken", "lost", "unlogged"):
        assert found[name] == 0, name
    assert len(found["memory"]) > 10
    assert min(found["memory"]) > 20
