"""The noise model: seeded, complete in its truth, and harder level by level."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.bench.linkage.measure import events_of
from tocsin.bench.linkage.rereport import LEVELS, rereport


def test_the_same_seed_tells_the_same(seen: dict[str, pl.DataFrame]) -> None:
    events = events_of(seen["reports"], before=True).head(300)
    one, truth_one = rereport(events, "heavy", sources=2, seed=3)
    two, truth_two = rereport(events, "heavy", sources=2, seed=3)
    assert all(a.equals(b) for a, b in zip(one, two, strict=True))
    assert truth_one.equals(truth_two)
    other, _ = rereport(events, "heavy", sources=2, seed=4)
    assert not one[0].equals(other[0])


@pytest.mark.parametrize("level", LEVELS)
def test_every_report_has_its_events(seen: dict[str, pl.DataFrame], level: str) -> None:
    events = events_of(seen["reports"], before=True).head(300)
    files, truth = rereport(events, level, sources=3, seed=1)
    assert set(truth["event"]) <= set(events["id"])
    for number, file in enumerate(files):
        assert set(file["id"]) == set(truth.filter(pl.col("source") == number)["id"])
        assert file["id"].n_unique() == file.height


def test_noise_grows_with_the_level() -> None:
    for name in ("omit", "move_date", "jitter", "alias", "miscount", "split", "merge"):
        light, medium, heavy = (getattr(LEVELS[level], name) for level in LEVELS)
        assert light < medium < heavy
