"""Networks drawn on a map."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tocsin.errors import SourceRefused, UsageError
from tocsin.plan.networks import (
    Hazard,
    compare_protections,
    left_open,
    read_geojson,
    read_services,
)


def feature(kind: str, place: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties,
            "geometry": {"type": kind, "coordinates": place}}  # fmt: skip


def write(path: Path, *features: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_lines_join_what_stands_at_their_ends(tmp_path: Path) -> None:
    path = write(
        tmp_path / "towns.geojson",
        feature("Point", [10, 5], id="a", layer="power", people=7, supply=True),
        feature("Point", [11, 5], id="b", layer="power", district="East", backup_hours=2),
        feature("LineString", [[10.000001, 5], [10.5, 6], [11, 5]], layer="power"),
        feature("MultiLineString", [[[11, 5], [12, 5]], [[12, 5], [10, 5]]], layer="power"),
        feature("LineString", [[0, 0], [1, 1]], source="b", target="a"),
        feature("Polygon", [[[0, 0], [1, 1], [1, 0], [0, 0]]]),
    )
    found = read_geojson(path)
    assert found.edges.select("source", "target").rows() == [
        ("a", "b"), ("b", "joint 1"), ("joint 1", "a"), ("b", "a"),
    ]  # fmt: skip
    assert found.nodes["district"].to_list() == ["towns", "East", "towns"]
    assert any(line.startswith("1 areas in which no line ends") for line in found.assumed)
    assert any(line.startswith("1 ends of lines") for line in found.assumed)
    alone = read_geojson(write(tmp_path / "one.geojson", feature("Point", [10, 5], id="a")))
    assert not any("ends of lines" in line for line in alone.assumed)
    services = read_services(found.nodes, found.edges)
    assert services.supply.tolist() == [True, False, False]
    assert services.people.tolist() == [7, 0, 0]


def test_an_extract_of_openstreetmap_is_joined_where_its_lines_meet(tmp_path: Path) -> None:
    fence = [[3.1, 13.5], [3.104, 13.5], [3.104, 13.504], [3.1, 13.504], [3.1, 13.5]]
    wide = [[3, 13], [4, 13], [4, 14], [3, 14], [3, 13]]
    path = write(
        tmp_path / "osm.geojson",
        feature("LineString", [[3.102, 13.502], [3.15, 13.52], [3.2, 13.6]], power="line"),
        # It branches off at a tower that is drawn within the line above.
        feature("LineString", [[3.15, 13.52], [3.16, 13.4]], power="line", voltage="132000;33000"),
        feature("Polygon", [fence], power="substation") | {"id": "way/3"},
        feature("Polygon", [[[5, 5], [5.001, 5], [5, 5.001], [5, 5]]], power="plant"),
        feature("Polygon", [wide], boundary="administrative", name="A district"),
        {"type": "Feature", "properties": {"power": "line"}, "geometry": None},
    )
    found = read_geojson(path)
    assert found.edges.select("source", "target").rows() == [
        ("way/3", "joint 1"), ("joint 1", "joint 2"), ("joint 1", "joint 3"),
    ]  # fmt: skip
    assert found.assumed == (
        "1 features that are no points, areas or lines were left out.",
        "2 areas in which no line ends, or broader than 0.05 degrees, were left out.",
        "1 lines were parted where they pass a point or the end of another line.",
        "3 ends of lines without a component became joints without people.",
    )
    # Capacities and sources are not there, which is said; people neither, which is refused.
    services = read_services(found.nodes, found.edges)
    assert left_open(services) == [
        "No line has a capacity, so that none limits how many people are served.",
        "No source is given in power: the largest part is supplied.",
        "Nothing needs another component, so that backup and redundancy save nothing.",
        "Components of which nobody says how many people they serve: 1. 0 is taken, so that nobody "
        "loses hours by them.",
    ]
    with pytest.raises(UsageError, match="nobody can lose a service"):
        compare_protections(services, Hazard(), draws=1)


def test_points_and_lines_of_two_files_are_one_map(tmp_path: Path) -> None:
    points = write(
        tmp_path / "hotosm_points.geojson",
        feature("Point", [3, 13], power="substation", people=5, layer="-1"),
        feature("Point", [4, 13], amenity="hospital", people=9),
    )
    lines = write(
        tmp_path / "hotosm_lines.geojson",
        # A cable under the ground is on OpenStreetMap's storey -1, and of the same network.
        feature("LineString", [[3, 13], [3.5, 13]], power="cable", layer="-1"),
        feature("LineString", [[3.5, 13], [3.6, 13]], power="line"),
        feature("LineString", [[3.6, 13], [3.7, 13]], man_made="pipeline", substance="water"),
    )
    found = read_geojson(points, lines)
    assert found.nodes["layer"].to_list() == ["power", "health", "power", "power", "water", "water"]
    assert found.edges.select("source", "target").rows()[:2] == [
        ("point 1", "joint 1"), ("joint 1", "joint 2"),
    ]  # fmt: skip


def test_a_bad_number_is_refused_by_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", feature("Point", [1, 2], people="many"))
    found = read_geojson(path)
    with pytest.raises(SourceRefused, match="'many' is no people"):
        read_services(found.nodes, found.edges)


@pytest.mark.parametrize(
    "broken",
    [
        feature("Point", [1]), feature("Point", ["x", 2]), feature("LineString", [[1, 2]]),
        feature("Point", None), feature("LineString", [[1, 2], [3, None]]),
        feature("Polygon", None), feature("Polygon", [[[0, 0], [1, "x"], [1, 0], [0, 0]]]),
        feature("Point", [1, float("inf")]), feature("Point", [float("nan"), 2]),
        feature("Point", [500_000, 4_649_776]), feature("Point", [10, 120]),
        feature("Polygon", [[[0, 90.01], [0.01, 90.01], [0, 90.02], [0, 90.01]]]),
        feature("MultiLineString", 7), feature("MultiLineString", [None]),
    ],
)  # fmt: skip
def test_a_broken_feature_is_named(tmp_path: Path, broken: dict[str, Any]) -> None:
    path = write(tmp_path / "a.geojson", feature("Point", [0, 0]), broken)
    with pytest.raises(SourceRefused) as told:
        read_geojson(path)
    assert "feature 2" in str(told.value)


def test_a_map_has_to_be_in_degrees_with_each_id_once(tmp_path: Path) -> None:
    one = feature("Point", [1, 2], id="a")
    for features, system, said in (
        ([one], "urn:ogc:def:crs:EPSG::32633", "'urn:ogc:def:crs:EPSG::32633', and not in degrees"),
        ([one, feature("Point", [3, 4], id="a")], None, "The id 'a' stands twice"),
        ([], None, "no component on this map"),
    ):
        path = write(tmp_path / "a.geojson", *features)
        named = {"crs": {"type": "name", "properties": {"name": system}}} if system else {}
        path.write_text(json.dumps(json.loads(path.read_text()) | named))
        with pytest.raises(SourceRefused, match=said) as told:
            read_geojson(path)
        assert told.value.where == "a.geojson"
    path = write(tmp_path / "a.geojson", one)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    path.write_text(json.dumps(json.loads(path.read_text()) | {"crs": crs}))
    assert read_geojson(path).nodes["id"].to_list() == ["a"]


PLACES = st.tuples(st.integers(-5, 5), st.integers(-5, 5))


@given(st.sets(PLACES, max_size=6), st.lists(st.tuples(PLACES, PLACES), max_size=10))
@settings(max_examples=60)
def test_every_end_has_one_component(tmp_path_factory: Any, points: Any, lines: Any) -> None:
    assume(points or lines)
    path = write(
        tmp_path_factory.mktemp("map") / "m.geojson",
        *(feature("Point", list(one)) for one in sorted(points)),
        *(feature("LineString", [list(one), list(two)]) for one, two in lines),
    )
    found = read_geojson(path)
    ends = {place for line in lines for place in line}
    assert found.nodes.height == len(points | ends)
    assert found.edges.height == sum(one != two for one, two in lines)


def test_properties_are_read_in_any_case_and_lines_may_have_a_capacity(tmp_path: Path) -> None:
    path = write(
        tmp_path / "town.geojson",
        feature("Point", [10, 5], ID="s", Layer="water", Supply=True),
        feature("Point", [10.01, 5], ID="a", Layer="water", People=500, Backup_Hours=3),
        feature("LineString", [[10, 5], [10.01, 5]], Layer="water", Capacity=100),
        feature("LineString", [[10, 5], [10.01, 5]], Layer="water", capacity="300 mm"),
    )
    found = read_geojson(path)
    services = read_services(found.nodes, found.edges)
    assert services.people.tolist() == [0, 500]
    assert services.backup.tolist() == [0, 3]
    assert services.supply.tolist() == [True, False]
    assert services.capacity.tolist() == [100, math.inf]
    assert "Capacities of lines that are no numbers were left out: 1." in found.assumed


def test_a_property_that_is_misspelt_is_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", feature("Point", [10, 5], id="s", people=3, backup_hour=2))
    said = read_geojson(path).assumed
    assert any("'backup_hours'" in line and "'backup_hour'" in line for line in said)
