"""Assess: see docs/architecture.md."""

from __future__ import annotations

import polars as pl

from tocsin.errors import StageNotReady


def assess(reports: pl.DataFrame, actors: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Reports to incidents, tags and the adoption ledger."""
    del reports, actors
    raise StageNotReady("This stage is not built yet.")
