"""Observe: see docs/architecture.md."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tocsin.errors import StageNotReady


def observe_file(path: Path) -> dict[str, pl.DataFrame]:
    """Read one file of any known source."""
    del path
    raise StageNotReady("This stage is not built yet.")


def example_files() -> list[Path]:
    """The files of the example region."""
    raise StageNotReady("This stage is not built yet.")
