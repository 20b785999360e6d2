"""The stage: the same reports give the same tables; none give none."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess import assess


@pytest.mark.slow
def test_again_is_the_same(seen: dict[str, pl.DataFrame]) -> None:
    reports = seen["reports"].head(800)
    one, two = assess(reports, seen["actors"]), assess(reports, seen["actors"])
    assert all(one[name].equals(two[name]) for name in one)


def test_empty(seen: dict[str, pl.DataFrame]) -> None:
    found = assess(seen["reports"].clear(), seen["actors"])
    assert {name for name, frame in found.items() if not frame.is_empty()} == {
        "actor_names",
        "actor_links",
    }
