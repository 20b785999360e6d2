"""EPANET's example networks, as WNTR ships them, and files that are none."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.plan.networks import (
    Hazard,
    Protection,
    couple,
    lost_hours,
    read_epanet,
    read_services,
    set_apart,
)
from tocsin.plan.networks.formats.epanet import _stored_hours

FOUND = find_spec("wntr")
pytestmark = pytest.mark.skipif(FOUND is None, reason="needs WNTR")
# To import it takes seconds, so that is left to the tests.
SHIPPED = Path(str(FOUND and FOUND.origin)).parent / "library" / "networks"


@pytest.mark.slow
def test_reading_a_network_leaves_how_numbers_are_printed() -> None:
    # WNTR sets it when it is imported first, so another process asks.
    code = (
        "import sys, pathlib, numpy, tocsin.plan.networks as networks\n"
        "before = numpy.get_printoptions()\n"
        "networks.read_epanet(pathlib.Path(sys.argv[1]))\n"
        "assert 'wntr' in sys.modules\n"
        "sys.exit(before != numpy.get_printoptions())"
    )
    asked = [sys.executable, "-c", code, str(SHIPPED / "Net3.inp")]
    ended = subprocess.run(asked, check=False, timeout=120)
    assert ended.returncode == 0


@pytest.mark.parametrize(
    ("name", "places", "links", "pumps"), [("Net3", 97, 119, 2), ("ky4", 964, 1158, 2)]
)
@pytest.mark.slow
def test_the_counts_are_those_that_the_file_has(
    name: str, places: int, links: int, pumps: int
) -> None:
    found = read_epanet(SHIPPED / f"{name}.inp")
    # Each pump becomes a component, and its one line becomes two.
    assert found.nodes.height == places + pumps
    assert found.edges.height == links + pumps
    services = read_services(found.nodes, found.edges, found.needs)
    assert services.supply.sum() == {"Net3": 2, "ky4": 1}[name]
    assert services.districts == (name,)


@pytest.mark.slow
def test_people_follow_demand() -> None:
    found = read_epanet(SHIPPED / "Net3.inp")
    import wntr

    people = found.nodes["people"].cast(pl.Float64).sum()
    model = wntr.network.WaterNetworkModel(str(SHIPPED / "Net3.inp"))
    demand = float(wntr.metrics.average_expected_demand(model).clip(lower=0).sum())
    assert people == pytest.approx(demand * 86400 / 0.757, rel=0.01)


@pytest.mark.slow
def test_a_file_of_an_office_is_read_as_epanet_reads_it(tmp_path: Path) -> None:
    # It names no unit of flow, is in Windows' encoding, and water comes in by a negative demand.
    text = (
        "[TITLE]\nréseau\n[JUNCTIONS]\nA 10 -9\nB 10 5\nC 10 4\n"
        "[PIPES]\nP A B 100 200 100\nQ B C 100 200 100\n[END]\n"
    )
    path = tmp_path / "ville.inp"
    path.write_bytes(text.encode("cp1252"))
    found = read_epanet(path)
    assert found.nodes["supply"].to_list() == ["True", "False", "False"]
    # Five US gallons a minute, 757 litres a day each.
    assert float(found.nodes["people"][1]) == pytest.approx(5 * 3.785411784 * 1440 / 757, abs=1)
    assert "negative demand" in found.assumed[0]
    again = set_apart(read_epanet(path), [found], "dorf")
    assert again.nodes["id"].to_list() == ["water:A (dorf)", "water:B (dorf)", "water:C (dorf)"]
    assert again.edges["source"].to_list() == ["water:A (dorf)", "water:B (dorf)"]
    path.write_text(text.replace("P A B", "P A Z"))
    with pytest.raises(SourceRefused, match="undefined node, 'Z'"):
        read_epanet(path)


@pytest.mark.slow
def test_without_power_pumps_stop_when_the_tanks_are_empty() -> None:
    water = read_epanet(SHIPPED / "Net3.inp")
    pumps = water.nodes.filter(pl.col("id").str.contains("pump"))
    hours = float(pumps["backup_hours"][0])
    assert 1 < hours < 72
    power = pl.DataFrame({name: ["s"] for name in ("id",)}).with_columns(
        layer=pl.lit("power"), district=pl.lit("here"), people=pl.lit("0"),
        backup_hours=pl.lit("0"), supply=pl.lit("true"),
    )  # fmt: skip
    both = couple(type(water)(pl.concat([water.nodes, power]), water.edges, water.needs),
                  "water", "power")  # fmt: skip
    assert both.needs["needs"].to_list() == pumps["id"].to_list()
    assert "made up" in both.assumed[-1]
    services = read_services(both.nodes, both.edges, both.needs)
    whole = Hazard(share=0.0, crews=0, hours=24)
    assert lost_hours(services, whole, Protection(), (0,)).sum() == 0


@pytest.mark.slow
def test_an_id_that_stands_twice_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.inp"
    path.write_text(
        "[JUNCTIONS]\n J1 10 5\n;J1 10 5\n J2 9 1\n J1 12 7\n[PIPES]\n J1 J1 J2 1 1 1\n"
    )
    with pytest.raises(SourceRefused, match="'J1' stands twice, first in line 2") as told:
        read_epanet(path)
    assert told.value.where == "a.inp, line 5"


@pytest.mark.parametrize("text", ["", "not EPANET", "[PIPES]\n p a b 1 1 1 0 Open\n", "\x00\x01"])
def test_what_is_no_network_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.inp"
    path.write_text(text)
    with pytest.raises(SourceRefused) as told:
        read_epanet(path)
    assert "a.inp" in str(told.value)


SMALL = """
[JUNCTIONS]
 j 0 10
 back 0 -4
[RESERVOIRS]
 r 50
[PIPES]
 a r j 100 300 100 0 Open
 b j back 100 300 100 0 Open
[OPTIONS]
 UNITS LPS
[END]
"""


def test_where_water_comes_back_nobody_lives(tmp_path: Path) -> None:
    """Ten litres a second are 864,000 a day, at 757 each; four flow back into the network."""
    path = tmp_path / "small.inp"
    path.write_text(SMALL)
    people = dict(read_epanet(path).nodes.select("id", pl.col("people").cast(pl.Float64)).rows())
    assert people == {"water:j": pytest.approx(864_000 / 757, abs=0.6), "water:back": 0.0,
                      "water:r": 0.0}  # fmt: skip


class Tank:
    """A tank of so many cubic metres."""

    min_level, max_level = 0.0, 1.0

    def __init__(self, volume: float) -> None:
        self.volume = volume

    def get_volume(self, level: float) -> float:
        return level * self.volume


@pytest.mark.parametrize(("demand", "hours"), [(0.5, 2.0), (1.0, 1.0), (1e-9, 72.0), (0.0, 0.0)])
def test_full_tanks_last_their_volume_over_demand(demand: float, hours: float) -> None:
    class Model:
        def tanks(self) -> list[tuple[str, Tank]]:
            return [("a", Tank(1600.0)), ("b", Tank(2000.0))]

    assert _stored_hours(Model(), demand) == pytest.approx(hours, rel=1e-6)


def test_what_is_closed_and_never_opened_joins_nothing(tmp_path: Path) -> None:
    text = (
        "[JUNCTIONS]\nA 10 5\nB 10 5\nC 10 5\nD 10 5\n[RESERVOIRS]\nR 50\n"
        "[PIPES]\nP R A 100 300 100 0 Open\nQ A B 100 300 100 0 Closed\n"
        "S A D 100 300 100 0 Closed\n[VALVES]\nV A C 300 PRV 20 0\n[STATUS]\nV Closed\n"
        "[CONTROLS]\nLINK S OPEN AT TIME 5\n[OPTIONS]\nUnits LPS\n[END]\n"
    )
    (tmp_path / "town.inp").write_text(text)
    found = read_epanet(tmp_path / "town.inp")
    assert set(found.edges.select("source", "target").rows()) == {
        ("water:R", "water:A"), ("water:A", "water:D"),
    }  # fmt: skip
    assert any(one.endswith("join nothing: 2.") for one in found.assumed)


TOWN = (
    "[JUNC]\nA 10 5\nB 10 -20\nC 10 5 P\n[RESE]\nR 50\n[PIPE]\nQ R A 100 300 100 0 Open\n"
    "S B C 100 300 100 0 Open\n[PATT]\nP 1 1\n[OPTI]\nUnits LPS\n[END]\n"
)
"""Sections by their first four letters, as EPANET knows them; a well feeds a part of its own."""


def test_wells_bring_water_beside_reservoirs(tmp_path: Path) -> None:
    (tmp_path / "town.inp").write_text(TOWN)
    found = read_epanet(tmp_path / "town.inp")
    fed = found.nodes.filter(pl.col("supply") == "True")["id"].to_list()
    assert sorted(fed) == ["water:B", "water:R"]
    assert any("negative demand bring water" in line for line in found.assumed)


def test_a_demand_whose_pattern_is_not_there_is_refused(tmp_path: Path) -> None:
    (tmp_path / "town.inp").write_text(TOWN.replace("C 10 5 P", "C 10 5 Q"))
    with pytest.raises(SourceRefused, match="no pattern 'Q', which the demand of 'C' follows"):
        read_epanet(tmp_path / "town.inp")
