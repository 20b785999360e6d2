"""What tests of the workspace share: one that 0.1 made, and steps made up for a test."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

OLD = Path(__file__).parent / "data" / "made_by_0.1.zip"


@pytest.fixture(scope="session")
def made_by_0_1(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """Gives a fresh copy of a workspace that tocsin 0.1 made; see `data/README.md`."""

    def copy() -> Path:
        folder = tmp_path_factory.mktemp("old")
        with zipfile.ZipFile(OLD) as packed:
            packed.extractall(folder)
        return folder

    return copy


@pytest.fixture
def series() -> pl.DataFrame:
    """Ten years of months of one territory."""
    months = pl.date_range(pl.date(2000, 1, 1), pl.date(2009, 12, 1), "1mo", eager=True)
    return pl.DataFrame({"month": months}).select(
        territory=pl.lit("Syria"),
        gwno=pl.lit(652),
        month="month",
        target=pl.lit("ged_sb"),
        deaths=pl.lit(3),
        source=pl.lit("made up"),
    )
