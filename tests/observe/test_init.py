"""The example region, and what is refused whole."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.observe import example_files, observe_file, shipped_actors


def test_every_row_of_the_example_has_a_fate(seen: dict[str, pl.DataFrame]) -> None:
    files = seen["files"]
    assert (files["rows"] == files["accepted"] + files["quarantined"]).all()
    assert files["rows"].sum() == 95_426
    assert seen["quarantine"].is_empty()


def test_a_producers_best_estimates_are_all_kept(seen: dict[str, pl.DataFrame]) -> None:
    """Sorting low, best and high would move the file's total of deaths."""
    [syria] = [path for path in example_files() if "syria" in path.name]
    best = pl.read_csv(syria, infer_schema=False)["best"].cast(pl.Float64).sum()
    read = seen["reports"].filter(pl.col("source_file") == syria.name)["deaths_best"].sum()
    assert read == best
    marked = seen["corrections"].filter(pl.col("source_file") == syria.name)
    assert set(marked["rule"]) == {"estimates"}
    assert marked["report_id"].n_unique() == 101


def test_the_example_is_small_and_holds_no_prose() -> None:
    paths = example_files()
    assert sum(path.stat().st_size for path in paths) < 6_000_000
    for path in paths:
        header = pl.read_csv(path, n_rows=1, infer_schema=False).columns
        assert not {"source_article", "source_original"} & set(header)


@pytest.mark.slow
def test_the_shipped_actors_are_those_of_the_example(seen: dict[str, pl.DataFrame]) -> None:
    shipped = shipped_actors()
    assert shipped.height > 1_000
    assert set(shipped["actor_id"]) <= set(seen["actors"]["actor_id"])


def test_an_unknown_header_says_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n")
    with pytest.raises(SourceRefused) as caught:
        observe_file(path)
    assert "ucdp-ged" in caught.value.remedy
