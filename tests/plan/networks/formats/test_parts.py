"""Several files side by side."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.plan.networks import join_parts, known_table, told_parts, with_districts
from tocsin.plan.networks.formats import parts
from tocsin.plan.networks.formats.parts import load_json, node

NODES = pl.DataFrame({"id": ["a", "b"], "layer": ["power", "power"], "district": ["x", "x"]})


def test_an_id_of_two_files_is_refused() -> None:
    with pytest.raises(SourceRefused, match="'a' stands in two files"):
        join_parts([told_parts(NODES), told_parts(NODES)])


def test_an_id_that_stands_twice_in_a_table_is_left_to_be_named_by_its_row() -> None:
    twice = pl.concat([NODES, NODES])
    assert join_parts([told_parts(twice)]).nodes["id"].to_list() == ["a", "b", "a", "b"]


def test_ids_that_differ_by_a_capital_or_a_blank_are_said() -> None:
    said = told_parts(NODES.with_columns(id=pl.Series(["a 1", "A1"]))).assumed
    assert said == ("The ids 'a 1' and 'A1' are of two components.",)
    assert told_parts(NODES).assumed == ()


def test_a_table_of_districts_goes_over_the_files() -> None:
    told = pl.DataFrame({"id": ["b"], "district": ["South"]})
    assert with_districts(told_parts(NODES), told).nodes["district"].to_list() == ["x", "South"]


def test_a_table_of_people_goes_over_a_map() -> None:
    table = pl.DataFrame({"Identifiant": ["b"], "Population": ["1 200"], "Commune": ["South"]})
    kind, made = known_table(table, where="p.csv")
    assert kind == "districts"
    nodes = with_districts(told_parts(NODES), made.rows).nodes
    assert nodes.select("district", "people").rows() == [("x", None), ("South", "1200")]
    assert known_table(pl.DataFrame({"id": ["b"], "people": ["3"]}), where="p.csv")[0] == kind


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


def test_a_component_has_no_backup_unless_it_is_said() -> None:
    row = node("a", "power", "North")
    assert (row["people"], row["backup_hours"], row["supply"]) == (0.0, 0.0, False)


def test_where_json_breaks_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"a": 1,\n"b": }')
    with pytest.raises(SourceRefused) as caught:
        load_json(path, "GeoJSON")
    assert caught.value.where == "a.json, line 2"
    path.write_text("[" * 100_000)
    with pytest.raises(SourceRefused) as caught:
        load_json(path, "GeoJSON")
    assert caught.value.where == "a.json"


def test_a_file_may_be_as_large_as_the_most_and_no_larger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_text("[1, 2]")
    monkeypatch.setattr(parts, "MOST_BYTES", 6)
    assert load_json(path, "JSON") == [1, 2]
    monkeypatch.setattr(parts, "MOST_BYTES", 5)
    with pytest.raises(SourceRefused, match="more than 5 bytes"):
        load_json(path, "JSON")
