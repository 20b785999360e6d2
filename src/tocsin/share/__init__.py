"""Share: see docs/architecture.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.errors import StageNotReady
from tocsin.schema.settings import Settings


def brief(
    tables: Mapping[str, pl.DataFrame], settings: Settings, *, out: Path, pdf: bool
) -> list[Path]:
    """Write the brief."""
    del tables, settings, out, pdf
    raise StageNotReady("This stage is not built yet.")


def as_json(tables: Mapping[str, pl.DataFrame], settings: Settings) -> dict[str, Any]:
    """The brief for machines."""
    del tables, settings
    raise StageNotReady("This stage is not built yet.")


def summary_lines(tables: Mapping[str, pl.DataFrame], settings: Settings) -> list[str]:
    """The brief in about twenty lines."""
    del tables, settings
    raise StageNotReady("This stage is not built yet.")
