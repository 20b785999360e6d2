"""All sources in one workspace: each specimen is read, and what they tell is assessed."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from tocsin.observe import Source, readers
from tocsin.workspace import road
from tocsin.workspace.store import Workspace

pytestmark = pytest.mark.slow
FOLDER = Path(str(files("tocsin.observe") / "specimens"))
SPECIMENS = [
    path
    for path in sorted(FOLDER.rglob("*"))
    if path.is_file() and any(reader.knows(Source.of_path(path)) for reader in readers())
]
"""Those that need no mapping."""
KINDS = {"acled", "gtd", "eurepoc", "stix", "field-form", "gdelt-events"}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The tables of a fresh workspace after `observe` and `assess` of all specimens."""
    with Workspace.init(tmp_path_factory.mktemp("specimens")) as workspace:
        fates = road.observe(workspace, SPECIMENS)
        assert not [fate for fate in fates if "error" in fate]
        road.assess(workspace)
        names = ("files", "reports", "claims", "quarantine", "actors", "actor_relations")
        tables = {name: workspace.read(name) for name in names}
        return tables | {name: workspace.read(name) for name in ("incidents", "technology_tags")}


def test_every_source_has_a_specimen(seen: dict[str, pl.DataFrame]) -> None:
    assert set(seen["files"]["kind"]) >= KINDS
    assert (seen["files"]["accepted"] > seen["files"]["outside"]).all()


def test_deaths_that_nobody_counted_go_through(seen: dict[str, pl.DataFrame]) -> None:
    assert seen["reports"]["deaths_best"].null_count() > 0
    assert seen["incidents"].height > 100
    assert seen["technology_tags"]["technology"].n_unique() >= 4


def test_each_claim_is_of_a_report_that_is_there(seen: dict[str, pl.DataFrame]) -> None:
    assert set(seen["claims"]["report_id"]) <= set(seen["reports"]["report_id"])
    assert set(seen["claims"]["stance"]) == {"claimed", "denied", "accused"}


def test_no_table_holds_a_person(seen: dict[str, pl.DataFrame]) -> None:
    """The specimens mark every cell that may name a person with these words."""
    text = str([frame.to_dicts() for frame in seen.values()])
    for mark in ("not read", "must not be kept", "nobody says whether"):
        assert mark not in text
