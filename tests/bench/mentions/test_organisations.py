"""The list of organisations: its sources, and how a ledger is scored on it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.bench.mentions.organisations import read_organisations, score_organisations
from tocsin.errors import TableInvalid

FOLDER = Path(__file__).parents[3] / "benchmarks/labels/technology_mentions"


def test_at_least_forty_organisations_have_and_forty_have_not() -> None:
    known = read_organisations(FOLDER)
    for has in (True, False):
        assert known.filter(pl.col("has") == has)["organisation"].n_unique() >= 40
    assert known.select("organisation", "technology", "has").is_duplicated().sum() == 0
    assert known.filter(pl.col("author").str.contains("(?i)ucdp|uppsala")).is_empty()


def test_nobody_loses_a_class() -> None:
    known = read_organisations(FOLDER)
    pairs = known.filter(pl.col("has")).join(
        known.filter(~pl.col("has")), on=["organisation", "technology"], suffix="_not"
    )
    assert pairs.filter(pl.col("year_not") >= pl.col("year")).is_empty()


def test_a_ledger_is_scored_at_the_year_of_the_entry() -> None:
    known = pl.DataFrame(
        {
            "organisation": ["A", "A", "B"],
            "technology": ["cyber"] * 3,
            "has": [True, False, False],
            "year": [2010, 2005, 2010],
        }
    )
    ledger = pl.DataFrame(
        {
            "organisation": ["A", "A", "A"],
            "technology": ["cyber"] * 3,
            "year": [2004, 2008, 2012],
            "probability": [0.1, 0.9, 0.2],
        }
    )
    scored = score_organisations(known, ledger)
    assert scored.select("has", "entries", "in_ledger", "right").rows() == [
        (True, 1, 1, 1),
        (False, 2, 1, 2),
    ]


def test_a_row_without_a_source_is_refused(tmp_path: Path) -> None:
    (tmp_path / "organisations.csv").write_text(
        "organisation,technology,has,year,basis,certainty,author,title\nA,cyber,1,2010,use,3,,x\n"
    )
    with pytest.raises(TableInvalid, match="no source"):
        read_organisations(tmp_path)
