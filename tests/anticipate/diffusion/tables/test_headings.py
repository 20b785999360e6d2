"""Tables as their owner keeps them, under the functions that read them."""

from __future__ import annotations

import polars as pl

from tocsin.anticipate.diffusion.cascades.cascade import read_cascades
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties


def test_other_headings_and_forms_are_read_as_the_house_writes_them() -> None:
    plain = {"actor": ["a", "b", "c"], "technology": ["x"] * 3, "time": [1.0, 2.5, None]}
    kept = pl.DataFrame({"Acteur": ["a", "b", "c"], "Tech": ["x"] * 3, "Date": ["1", "2,5", "n/a"]})
    read, house = read_cases(kept), read_cases(pl.DataFrame(plain))
    assert read.low[:2].tolist() == house.low[:2].tolist() == [1.0, 2.5]
    assert any("'Acteur' as actor" in note for note in read.notes)
    assert not house.notes
    tied = pl.DataFrame({"Source": ["a"], "Target": ["b"], "Canal": ["n"], "Poids": ["0,5"]})
    ties = read_ties(tied, read)
    assert ties.weight.tolist() == [0.5]
    assert any("'Canal' as channel" in note for note in ties.notes)
    told = {"Cascade ID": ["1", "1"], "Groupe": ["a", "b"], "Date": ["0", "1,5"]}
    cascades = read_cascades(pl.DataFrame(told))
    assert cascades.time.tolist() == [0.0, 1.5]
    assert "Decimals have a comma in the table of cascades." in cascades.notes
