"""Plan: see docs/architecture.md."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tocsin.errors import StageNotReady


def plan(
    tables: Mapping[str, pl.DataFrame], *, gwnos: list[int], futures: int, seed: int
) -> dict[str, pl.DataFrame]:
    """Portfolios compared in the same simulated futures."""
    del tables, gwnos, futures, seed
    raise StageNotReady("This stage is not built yet.")
