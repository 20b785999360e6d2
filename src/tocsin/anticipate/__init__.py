"""Anticipate: see docs/architecture.md."""

from __future__ import annotations

import polars as pl

from tocsin.errors import StageNotReady


def anticipate(
    series: pl.DataFrame, *, horizons: int, draws: int, seed: int
) -> dict[str, pl.DataFrame]:
    """Series to forecast draws with their track record."""
    del series, horizons, draws, seed
    raise StageNotReady("This stage is not built yet.")
