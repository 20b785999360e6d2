"""Several files side by side."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.plan.networks import join_parts, told_parts, with_districts

NODES = pl.DataFrame({"id": ["a", "b"], "layer": ["power", "power"], "district": ["x", "x"]})


def test_an_id_of_two_files_is_refused() -> None:
    with pytest.raises(SourceRefused, match="'a' stands twice"):
        join_parts([told_parts(NODES), told_parts(NODES)])


def test_a_table_of_districts_goes_over_the_files() -> None:
    told = pl.DataFrame({"id": ["b"], "district": ["South"]})
    assert with_districts(told_parts(NODES), told).nodes["district"].to_list() == ["x", "South"]


@pytest.mark.parametrize(
    ("ids", "districts", "said"),
    [
        (["c"], ["South"], "no component 'c'"),
        (["b", "b"], ["South", "North"], "two districts"),
        (["b"], [""], "is empty"),
    ],
)
def test_a_wrong_district_is_refused(ids: list[str], districts: list[str], said: str) -> None:
    with pytest.raises(SourceRefused, match=said):
        with_districts(told_parts(NODES), pl.DataFrame({"id": ids, "district": districts}))
