"""Country-year indicators."""

from __future__ import annotations

from pathlib import Path

from tocsin.observe import observe_file


def test_empty_cells_are_left_out_and_bad_ones_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "c.csv"
    path.write_text("country,year,v2x_rule,gdp\nSyria,2020,0.1,\nSyria,2021,x,1\n")
    tables = observe_file(path)
    assert tables["covariates"]["indicator"].to_list() == ["v2x_rule"]
    assert tables["quarantine"]["column"].to_list() == ["v2x_rule"]
