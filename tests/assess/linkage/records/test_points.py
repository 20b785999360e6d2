"""Points of records: degrees as people write them, pairs in one cell, and what stands turned."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess.linkage import link_tables
from tocsin.assess.linkage.records.points import are_turned, column_of_pairs, read_degrees

POINTS = [(16.27, -0.04), (14.49, -4.19), (13.51, 2.12)]
DAYS = ["2021-03-31", "2021-11-20", "2022-02-16"]
PRESS = pl.DataFrame(
    {"id": ["p1", "p2", "p3"], "date": DAYS, "latitude": [str(y) for y, _ in POINTS],
     "longitude": [str(x) for _, x in POINTS]}
)  # fmt: skip


def links(office: dict[str, list[str]]) -> tuple[set[tuple[str, str]], list[str]]:
    other = pl.DataFrame({"id": ["a1", "a2", "a3"], "date": DAYS} | office)
    found = link_tables({"office": other, "press": PRESS})
    return set(found.links.select("id_a", "id_b").iter_rows()), found.notes


@pytest.mark.parametrize(
    "office",
    [
        {"GPS": ["16.27, -0.04", "14.49, -4.19", "13.51, 2.12"]},
        {"GPS (long ; lat)": ["-0.04, 16.27", "-4.19, 14.49", "2.12, 13.51"]},
        {"lat": ["16°16'12\"N", "14°29'24\"N", "13°30'36\"N"], "lon": ["0°2'24\"W", "4°11'24\"W",
         "2°7'12\"E"]},
        {"lat": ["16,27", "14,49", "13,51"], "lon": ["-0,04", "-4,19", "2,12"]},
        {"lat": ["၁၆.၂၇", "၁၄.၄၉", "၁၃.၅၁"], "lon": ["-\u1040.\u1040၄", "-၄.၁၉", "၂.၁၂"]},
        {"point": ["POINT (-0.04 16.27)", "POINT (-4.19 14.49)", "POINT (2.12 13.51)"]},
    ],
)  # fmt: skip
def test_points_are_read_as_observe_reads_them(office: dict[str, list[str]]) -> None:
    assert links(office)[0] == {("a1", "p1"), ("a2", "p2"), ("a3", "p3")}


def test_degrees_that_only_longitudes_have_are_turned_and_told() -> None:
    assert are_turned(pl.Series([97.4, 96.1, None]), pl.Series([18.1, 19.2, 20.0]))
    assert not are_turned(pl.Series([18.1]), pl.Series([97.4]))
    # One slip of the pen turns no file, and 200 degrees are of neither.
    assert not are_turned(pl.Series([97.4, 18.0, 19.0]), pl.Series([18.1, 97.0, 96.0]))
    assert not are_turned(pl.Series([200.0, 200.0]), pl.Series([18.1, 19.0]))
    east = pl.DataFrame({"id": ["m1", "m2"], "date": DAYS[:2], "latitude": ["97.4", "96.1"],
                         "longitude": ["18.1", "19.2"]})  # fmt: skip
    right = pl.DataFrame({"id": ["n1", "n2"], "date": DAYS[:2], "latitude": ["18.1", "19.2"],
                          "longitude": ["97.4", "96.1"]})  # fmt: skip
    found = link_tables({"east": east, "right": right})
    assert set(found.links.select("id_a", "id_b").iter_rows()) == {("m1", "n1"), ("m2", "n2")}
    assert any("wrong way round" in note for note in found.notes)


def test_only_a_column_of_pairs_is_one() -> None:
    rows = pl.DataFrame({"notes": ["3, 4", "see map"], "where": ["16.2, -0.1", "14.4, -4.2"]})
    assert column_of_pairs(rows, rows.columns) == "where"
    assert column_of_pairs(rows, ["notes"]) is None


def test_a_cell_without_degrees_is_none() -> None:
    told = pl.Series(["x", None, "1e999", "12"])
    assert read_degrees(told, "latitude", "lat").to_list() == [None, None, None, 12.0]
