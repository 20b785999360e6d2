"""A small network of organisations, for worlds that are planted in tests."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.bench.diffusion.plants import real_ties


@pytest.fixture(scope="session")
def network() -> pl.DataFrame:
    actors = pl.DataFrame(
        {
            "actor_id": [str(i) for i in range(30)],
            "kind": ["non-state formal"] * 30,
            "gwnos": [f"{100 + i % 3}" for i in range(30)],
        }
    )
    relations = pl.DataFrame(
        {
            "actor_id": [str(i) for i in range(25)],
            "relation": ["alliance"] * 25,
            "related_id": [str(i + 1) for i in range(25)],
        }
    )
    return real_ties(actors, relations, groups=30)
