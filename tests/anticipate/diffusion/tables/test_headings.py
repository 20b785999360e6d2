"""Tables as their owner keeps them, under the functions that read them."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.anticipate.diffusion.cascades.cascade import read_cascades
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import Ties, read_ties
from tocsin.errors import SourceRefused, StageNotReady


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
    tied = pl.DataFrame({"Origine": ["a"], "Cible": ["b"], "Type de lien": ["n"], "Début": ["1"]})
    ties = read_ties(tied, read)
    assert (ties.channels, ties.start.tolist()) == (("n",), [1.0])
    stayed = kept.with_columns(Entrée=pl.lit("0,5"), Sortie=pl.lit("9"), Territoire=pl.lit("N"))
    read = read_cases(stayed)
    assert (set(read.entry), read.end, read.territories) == ({0.5}, 9.0, ("N",))
    told = {"Cascade ID": ["1", "1"], "Groupe": ["a", "b"], "Date": ["0", "1,5"]}
    cascades = read_cascades(pl.DataFrame(told))
    assert cascades.time.tolist() == [0.0, 1.5]
    assert "Decimals have a comma in the table of cascades." in cascades.notes


def _tied(**columns: list[object]) -> Ties:
    times = {"actor": ["1", "2", "3"], "technology": ["x"] * 3, "time": ["1", "2", ""]}
    return read_ties(pl.DataFrame(columns), read_cases(pl.DataFrame(times)))


@pytest.mark.parametrize(
    ("source", "target"),
    [("from", "to"), ("FromNodeId", "ToNodeId"), ("alter", "ego"), ("Sender", "Receiver")],
)
def test_ends_of_ties_as_studies_of_networks_call_them(source: str, target: str) -> None:
    """An ego names its alters, and is exposed to them."""
    found = _tied(**{target: ["2", "3"], source: ["1", "1"]})
    assert found.source.tolist() == [0, 0]
    assert found.target.tolist() == [1, 2]
    assert found.channels == ("channel",)
    assert any(f"'{source}' as source" in note for note in found.notes)
    assert any("all rows are of one" in note for note in found.notes)


def test_kinds_under_an_unknown_heading_are_not_made_one() -> None:
    with pytest.raises(SourceRefused, match="There is no column 'channel'"):
        _tied(source=["1", "1"], target=["2", "3"], Sort=["kin", "trade"])


def test_the_type_that_gephi_writes_is_no_channel() -> None:
    told = {"Id": ["0", "1"], "Label": ["", ""], "Weight": ["1", "1"]}
    found = _tied(Source=["1", "1"], Target=["2", "3"], Type=["Undirected", "Directed"], **told)
    pairs = sorted(zip(found.source.tolist(), found.target.tolist(), strict=True))
    assert pairs == [(0, 1), (0, 2), (1, 0)]
    assert any("1 of 2 are undirected" in note for note in found.notes)


def test_ids_that_a_program_wrote_with_a_decimal_are_the_same() -> None:
    assert _tied(source=["1.0"], target=["2.0"]).target.tolist() == [1]
    with pytest.raises(StageNotReady, match="nearly like another"):
        _tied(source=["001"], target=["002"])


def test_weights_may_be_percents() -> None:
    found = _tied(source=["1", "1"], target=["2", "3"], weight=["80 %", "5%"])
    assert found.weight.tolist() == pytest.approx([0.8, 0.05])


def test_names_that_stand_in_several_territories_are_told() -> None:
    columns = {"actor": ["a", "a", "b"], "technology": ["x"] * 3, "time": ["1", "2", "3"]}
    read = read_cases(pl.DataFrame({**columns, "village": ["v", "w", "v"]}))
    assert any("in several territories, such as 'a'" in note for note in read.notes)
    assert any("'village' as territory" in note for note in read.notes)


def test_moments_of_one_day_are_not_at_once() -> None:
    times = ["2021-03-01T06:00:00Z", "2021-03-01T12:00:00+06:00", "2021-03-02"]
    told = {"actor": ["a", "b", "c"], "technology": ["x"] * 3, "time": times}
    read = read_cases(pl.DataFrame(told))
    assert (read.low - read.low[2]).tolist() == pytest.approx([-0.75, -0.75, 0.0])


def test_years_that_end_in_the_next_are_not_taken_for_months() -> None:
    told = {"actor": ["a", "b", "c"], "technology": ["x"] * 3}
    with pytest.raises(SourceRefused, match="'2003/04' may be a month or a year"):
        read_cases(pl.DataFrame({**told, "time": ["2003/04", "2004/05", "2005/06"]}))
    read_cases(pl.DataFrame({**told, "time": ["2003/04", "2004/05", "2005/09"]}))


def test_of_cascades_what_was_not_reached_is_no_time() -> None:
    told = {"node_name": ["a", "b", "c"], "event_time": ["0", "1.5", "NA"], "cascade_id": ["1"] * 3}
    found = read_cascades(pl.DataFrame(told))
    assert found.time.tolist() == [0.0, 1.5]
    assert found.refused.is_empty()
    assert any("1 row has no time" in note for note in found.notes)
    below = read_cascades(pl.DataFrame({**told, "event_time": ["0", "1.5", "-1"]}))
    assert any("1 time is -1," in note for note in below.notes)


def test_studies_of_states_and_their_policies_are_read() -> None:
    """Which state took which policy up in which year, and relations of several kinds."""
    table = pl.DataFrame(
        {"state": ["A", "B", "C"], "policy": ["p", "p", "p"], "adoption year": [1990, 1992, None]}
    )
    read = read_cases(table, end="1995")
    assert read.technologies == ("p",)
    assert read.actors == ("A", "B", "C")
    assert any("'policy' as technology" in note for note in read.notes)
    ties = pl.DataFrame({"source": ["A", "B"], "target": ["B", "C"], "relation": ["x", "y"]})
    assert read_ties(ties, read).channels == ("x", "y")
