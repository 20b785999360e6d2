"""Country-month series under every spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.errors import SourceRefused
from tocsin.observe import observe_file


def written(folder: Path, text: str) -> Path:
    path = folder / "series.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_of_two_producers_are_one_territory(tmp_path: Path) -> None:
    text = 'country,month,ged_sb\n"Congo, DRC",2020-01,1\nDR Congo (Zaire),2020-02,2\n'
    assert observe_file(written(tmp_path, text))["series"]["gwno"].unique().to_list() == [490]


def test_the_same_month_twice_is_kept_aside(tmp_path: Path) -> None:
    text = "country,month,ged_sb\nSyria,2020-01,1\nSYR,2020-01,2\nSyria,2020-02,-1\nSyria,x,1\n"
    tables = observe_file(written(tmp_path, text))
    assert tables["quarantine"]["rule"].to_list() == ["duplicate", "negative", "date"]
    assert tables["series"]["deaths"].to_list() == [1]


def test_yugoslavia_became_serbia(tmp_path: Path) -> None:
    text = "country,month,n\nSerbia (Yugoslavia),2000-01,1\nSerbia (Yugoslavia),2010-01,2\n"
    series = observe_file(written(tmp_path, text))["series"]
    assert series["gwno"].to_list() == [345, 340]


def test_no_counts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceRefused, match="counts"):
        observe_file(written(tmp_path, "country,month\nSyria,2020-01\n"))
