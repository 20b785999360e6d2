"""Settings: what an older tocsin wrote is still read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.base.toml import parse_toml
from tocsin.errors import WorkspaceError
from tocsin.schema.settings import Settings, dump, load, with_line


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


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_a_setting_is_written_beside_the_others(name: str) -> None:
    before = dump(Settings(draws=500))
    after = with_line(before, "target", name, "the only one")
    assert Settings.model_validate(parse_toml(after, where="here")) == Settings(
        draws=500, target=name
    )
    others = [line for line in before.splitlines() if not line.startswith("target")]
    assert [line for line in after.split("\n")[:-1] if not line.startswith("target")] == others


def test_a_setting_is_written_where_the_file_has_none() -> None:
    after = with_line("[region]\ntarget = 3\n", "target", "Morts", "the only one")
    assert parse_toml(after, where="here") == {"target": "Morts", "region": {"target": 3}}
    hand = "draws = 500\r\n  target='ged_sb' # mine\r\nfutures = 10\r\n"
    told = parse_toml(with_line(hand, "target", "Morts", "the only one"), where="here")
    assert told == {"draws": 500, "target": "Morts", "futures": 10}
