"""Reports of any frame are fused; what is missing or wrong is named."""

from __future__ import annotations

import polars as pl
import pytest

import tocsin
from tocsin.errors import TableInvalid, UsageError
from tocsin.schema import STAGE_TABLES

REPORT = {
    "report_id": "a:1", "native_id": "1", "source_file": "a.csv", "source_row": 1,
    "date_start": "2021-10-03", "date_end": "2021-10-03", "date_prec": 1, "place_prec": 6,
    "territory": "Mali", "gwno": 432, "event_type": "state-based",
    "headline": "A drone strike near the town", "source": "our log",
}  # fmt: skip


@pytest.mark.slow
def test_a_pandas_frame_with_the_least_columns() -> None:
    pytest.importorskip("pandas")
    picture = tocsin.fuse(pl.DataFrame([REPORT]).to_pandas())
    assert picture.incidents["n_reports"].to_list() == [1]
    assert picture.technology_tags["technology"].to_list() == ["uncrewed-aircraft"]
    assert set(vars(picture)) == set(STAGE_TABLES["assess"])
    assert "1 report tells of 1 incident" in repr(picture)


@pytest.mark.slow
def test_what_was_read_is_fused_as_it_is(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from tocsin.observe import example_files

    seen = tocsin.read([path for path in example_files() if "actor" in path.name])
    picture = tocsin.fuse(seen)
    assert picture.incidents.is_empty()
    assert not picture.actor_names.is_empty()


def test_what_is_wrong_is_named() -> None:
    frame = pl.DataFrame([REPORT])
    with pytest.raises(UsageError, match="Columns are missing: event_type"):
        tocsin.fuse(frame.drop("event_type"))
    with pytest.raises(UsageError, match="Did you mean 'headline'"):
        tocsin.fuse(frame.rename({"headline": "head_line"}))
    with pytest.raises(TableInvalid, match="column gwno"):
        tocsin.fuse(frame.with_columns(gwno=0))
    with pytest.raises(TableInvalid, match="breaks the rule"):
        tocsin.fuse(pl.concat([frame, frame]))
    with pytest.raises(UsageError, match="not a str"):
        tocsin.fuse("reports.csv")  # type: ignore[arg-type]


@pytest.mark.parametrize("reports", [None, "reports.csv", b"reports.csv", 3])
def test_without_reports_nothing_is_fused(reports: object) -> None:
    with pytest.raises(UsageError, match="A table is needed here"):
        tocsin.fuse(reports)  # type: ignore[arg-type]


def test_all_that_was_read_is_fused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's own ties and ledger, and who supports whom, are not left behind."""
    from tocsin.schema import TABLES, empty

    given: dict[str, pl.DataFrame] = {}

    def assess(**tables: pl.DataFrame) -> dict[str, pl.DataFrame]:
        given.update(tables)
        return {name: empty(TABLES[name]) for name in STAGE_TABLES["assess"]}

    monkeypatch.setattr("tocsin.assess.assess", assess)
    ledger = pl.DataFrame(
        {
            "actor": ["A"],
            "row": [1],
            "technology": ["uncrewed-aircraft"],
            "confidence": [0.9],
            "source": ["mine"],
        }
    )
    told = tocsin.front.frames.table("told_adoptions", ledger)
    read = {name: empty(TABLES[name]) for name in STAGE_TABLES["observe"]}
    fields = {name: read.get(name, pl.DataFrame()) for name in tocsin.Read.__dataclass_fields__}
    seen = tocsin.Read(**fields | {"told_adoptions": told})
    tocsin.fuse(seen)
    assert given["told_adoptions"].height == 1
    assert {"supports", "told_ties", "corrections", "claims"} <= given.keys()


def test_a_table_of_ones_own_is_told_the_way() -> None:
    with pytest.raises(UsageError, match="with a mapping"):
        tocsin.fuse(pl.DataFrame({"id": ["a"], "date": ["2020-01-01"], "place": ["Gao"]}))
