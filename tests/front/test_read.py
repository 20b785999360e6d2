"""Files come as named tables; a file that cannot be read does not keep the others from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import tocsin
from tocsin.errors import SourceRefused, UsageError

GOOD = "country,month,ged_sb\nMali,2021-10,3\nMali,2021-11,-1\n"


def test_good_and_bad_files(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(GOOD)
    bad.write_text("a,b\n1,2\n")
    said: list[str] = []
    seen = tocsin.read([good, str(bad)], progress=said.append)
    assert said == ["Reading good.csv", "Reading bad.csv"]
    assert seen.series["deaths"].to_list() == [3]
    assert seen.quarantine.height == 1
    assert seen.fates["refused"].is_null().to_list() == [True, False]
    assert "mapping" in seen.fates["remedy"][1]
    assert seen.reports.is_empty()
    assert "2 files (1 refused whole), 1 row accepted, 1 in quarantine" in repr(seen)
    assert "<table" in seen._repr_html_()
    with pytest.raises(AttributeError):
        seen.series = seen.reports  # type: ignore[misc]


def test_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        tocsin.read(tmp_path / "none.csv")
    with pytest.raises(UsageError, match="No file is named"):
        tocsin.read([])
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceRefused):
        tocsin.read(tmp_path / "bad.csv")


@pytest.mark.slow
def test_a_report_of_two_files_is_given_once(tmp_path: Path) -> None:
    from tocsin.observe import example_files

    actors = next(path for path in example_files() if "actor" in path.name)
    one, two = tocsin.read(actors), tocsin.read([actors, actors])
    assert two.reports.height == one.reports.height
    assert two.fates.height == 2


@pytest.mark.parametrize(
    "thing", [b"good.csv", None, 3, pd.DataFrame({"good.csv": [1]}), ["good.csv", b"good.csv"]]
)
def test_what_is_no_path_is_refused_in_a_sentence(thing: Any) -> None:
    with pytest.raises(UsageError, match="A path is needed here"):
        tocsin.read(thing)
    with pytest.raises(UsageError, match="A path is needed here"):
        tocsin.observe.observe(thing)
