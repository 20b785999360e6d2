"""The invented world is one that the tables allow, and the same for the same seed."""

from __future__ import annotations

import polars as pl

from tocsin.bench.reliability.world import VOICES, world
from tocsin.schema import TABLES, conform


def test_same_seed_same_world() -> None:
    one, two = world(1, size=50), world(1, size=50)
    assert one.reports.equals(two.reports)
    assert not one.reports.equals(world(2, size=50).reports)
    conform(TABLES["reports"], one.reports)
    assert set(one.reports["source"].unique()) == set(VOICES)
    assert one.links.join(one.incidents, on="incident_id", how="anti").is_empty()
    assert one.reports.filter(pl.col("deaths_low") > pl.col("deaths_high")).is_empty()
