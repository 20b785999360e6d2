"""A user's own tables are known by their columns, whatever language these are in."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.plan.networks import known_table, read_services


def test_tables_in_french_are_read_with_decimal_commas() -> None:
    nodes = pl.DataFrame({
        "Identifiant": ["Poste 1", "Pompe 1 "], "Réseau": ["électricité", "eau"],
        "Commune": ["Nord", "Nord"], "Population": ["0", "12 000"],
        "Autonomie (h)": ["0,5", None], "Alimentation": ["oui", "non"],
    })  # fmt: skip
    kind, made = known_table(nodes, where="noeuds.csv")
    assert kind == "nodes"
    assert any("'Réseau' as layer" in line for line in made.assumed)
    lines = pl.DataFrame({"De": [], "Vers": []}, schema={"De": pl.String, "Vers": pl.String})
    kind, ways = known_table(lines, where="lignes.csv")
    assert kind == "edges"
    needs = pl.DataFrame({"needs": ["Pompe 1"], "needed": ["Poste 1"]})
    assert known_table(needs, where="n.csv")[0] == "dependencies"
    services = read_services(made.rows, ways.rows, needs)
    assert services.people.tolist() == [0, 12_000]
    assert services.backup.tolist() == [0.5, 0]
    assert services.supply.tolist() == [True, False]


def test_a_table_of_something_else_is_refused() -> None:
    with pytest.raises(SourceRefused, match="neither components") as told:
        known_table(pl.DataFrame({"date": ["x"]}), where="a.csv")
    assert "a.csv" in str(told.value)


def test_components_without_districts_are_no_table_of_people() -> None:
    table = pl.DataFrame({"id": ["a"], "layer": ["power"], "people": ["3"]})
    with pytest.raises(SourceRefused, match="no column 'district'") as told:
        known_table(table, where="a.csv")
    assert told.value.where == "a.csv"


@pytest.mark.parametrize(
    ("columns", "meant"),
    [
        (("id", "layer", "district", "people", "backup_hour"), "backup_hours"),
        (("id", "layer", "district", "poeple"), "people"),
        (("source", "target", "capcity"), "capacity"),
        (("source", "tarjet"), "target"),
    ],
)
def test_a_misspelt_column_is_not_taken_for_missing(columns: tuple[str, ...], meant: str) -> None:
    with pytest.raises(SourceRefused, match=f"no column '{meant}', but one called") as told:
        known_table(pl.DataFrame({name: ["1"] for name in columns}), where="mine.csv")
    assert "mine.csv, line 1" in str(told.value)
