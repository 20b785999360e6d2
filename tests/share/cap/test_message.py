"""Territories as polygons that any receiver can draw."""

from __future__ import annotations

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from tocsin.schema.geography.shapes import shapes
from tocsin.schema.geography.territory import territories
from tocsin.share.cap import Area, Info, Message, as_bytes, check, polygons
from tocsin.share.cap.areas import read_pair
from tocsin.share.cap.message import MOST_POINTS
from tocsin.share.cap.structure import parse_time

TODAY = [one.gwno for one in territories() if one.end is None]


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, len(TODAY), 40))
def test_every_territory_has_simple_closed_polygons(start: int) -> None:
    for feature in shapes(TODAY[start : start + 40])["features"]:
        drawn = polygons(shapely.geometry.shape(feature["geometry"]))
        assert drawn, feature["properties"]
        for polygon in drawn:
            ring = [pair for pair in map(read_pair, polygon.split()) if pair]
            assert 4 <= len(ring) <= MOST_POINTS + 5
            assert ring[0] == ring[-1]
            assert shapely.Polygon(ring).is_valid


@given(st.text(), st.text())
def test_any_text_gives_a_message_that_can_be_read(event: str, description: str) -> None:
    sent, ends = parse_time("2026-11-25T10:00:00-00:00"), parse_time("2026-12-25T10:00:00-00:00")
    assert sent is not None
    assert ends is not None
    info = Info("en", event or "x", "Future", "Minor", "Possible", "", description, ends,
                (Area("North"),))  # fmt: skip
    content = as_bytes(Message("m-1", "a@example.org", sent, "Test", "Alert", (info,)))
    assert "readable" not in {one.rule for one in check({"m": content})[0].findings}
