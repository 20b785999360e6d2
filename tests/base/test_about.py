"""The package says one version and one road."""

from __future__ import annotations

import tomllib
from pathlib import Path

import tocsin
from tocsin.base.about import STAGES, VERSION
from tocsin.schema import STAGE_TABLES


def test_the_version_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))
    assert project["project"]["version"] == VERSION == tocsin.__version__


def test_each_stage_writes_tables() -> None:
    assert set(STAGES) - {"share"} <= set(STAGE_TABLES)
