"""Planted worlds are found again: intervals hold about as often as they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.bench.adoption.planted import measure, plant


def test_a_world_is_the_same_twice() -> None:
    one, other = plant(3), plant(3)
    assert one[1] == other[1]
    assert [p.own.tolist() for p in one[0]] == [p.own.tolist() for p in other[0]]
    assert all(p.case.incidents >= p.own.size > 0 for p in one[0])
    assert all(not p.own[: p.onset].any() for p in one[0] if p.has)
    assert all(not p.own.any() for p in one[0] if not p.has)


@pytest.mark.slow
def test_intervals_hold_the_truth() -> None:
    found = {row["measure"]: row["value"] for row in measure(range(6))}
    for name in ("possession", "onset", "uses"):
        assert 0.8 <= found[name] <= 0.97
    assert found["entries of 0.8 and more that are right"] > 0.85


@pytest.mark.slow
def test_worlds_that_are_kept_are_not_planted_again(tmp_path: Path) -> None:
    kept = tmp_path / "ledger.jsonl"
    ran: list[int] = []
    first = measure(range(2), kept)
    assert measure(range(3), kept, ran.append) == measure(range(3))
    assert ran == [2]
    assert first != measure(range(3), kept)


@pytest.mark.slow
def test_entries_on_suspicions_that_are_right_in_sixty_of_a_hundred_are_right_all_the_same() -> (
    None
):
    """Held for certain, two thirds of them are."""
    sure = "entries of 0.8 and more that are right"
    seeds = range(1000, 1012)
    told, certain = (
        {row["measure"]: row["value"] for row in measure(seeds, suspicion=(0.6, held))}[sure]
        for held in (0.6, 1.0)
    )
    assert told > 0.85
    assert certain < 0.75
