"""Settings: what an older tocsin wrote is still read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.errors import WorkspaceError
from tocsin.schema.settings import Settings, dump, load


def test_the_horizon_is_read_under_its_old_name(tmp_path: Path) -> None:
    place = tmp_path / "tocsin.toml"
    place.write_text("horizons = 7\n", "utf-8")
    found = load(place)
    assert found == Settings(horizon=7)
    assert "horizon = 7" in dump(found).splitlines()
    with pytest.warns(DeprecationWarning, match="horizon"):
        assert found.horizons == 7


def test_two_horizons_are_one_too_many(tmp_path: Path) -> None:
    place = tmp_path / "tocsin.toml"
    place.write_text("horizon = 7\nhorizons = 8\n", "utf-8")
    with pytest.raises(WorkspaceError, match="horizons"):
        load(place)
