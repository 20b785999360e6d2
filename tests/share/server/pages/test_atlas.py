"""The map draws what its reader may see, counts nothing else, and stays within its frame."""

from __future__ import annotations

import gzip
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from share.server.conftest import Site
from share.server.pages.test_warnings import TOLD
from tocsin.schema.geography.territory import territories
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.desk.changing import as_bytes
from tocsin.share.server.pages.atlas import Place, drawing
from tocsin.share.server.pages.drawing import assets

CODES = sorted({one.iso3 for one in territories() if one.iso3})
HAPPENED = json.dumps({"first": "2026-11-02", "last": "2026-11-02"}).encode()
LATER = {"months": {"first": "2026-11", "last": "2999-01"}}


def row(site: Site, code: str, name: str = "Ben", language: str = "en") -> str:
    """What the table says of a territory, without its tags."""
    page = site.client(name).get(f"/map?lang={language}").text
    rows = [part.partition("</tr>")[0] for part in page.split("<tr>")]
    found = [" ".join(re.sub(r"<[^>]*>", " ", one).split()) for one in rows if f">{code}<" in one]
    return found[0] if found else ""


@pytest.fixture
def desk(site: Site) -> Site:
    site.account("Ben", "Interior")
    site.account("Ama")
    for n, level in enumerate(("advisory", "warning"), start=1):
        told = as_bytes(TOLD | LATER | {"level": level, "probability": 0.4})
        site.put(f"warning--{n}", jurisdiction="MLI", payload=told)
    site.put("warning--3", jurisdiction="TCD", payload=as_bytes(TOLD | LATER | {"level": "none"}))
    site.put("incident--1", jurisdiction="NER", payload=HAPPENED)
    return site


@pytest.mark.slow
def test_each_territory_has_its_highest_level_and_its_counts(desk: Site) -> None:
    assert row(desk, "Mali") == "Mali warning warning 40% · advisory 40% 0"
    assert row(desk, "Niger") == "Niger none stands 0 1"
    assert row(desk, "Chad") == "Chad none stands 0 0"
    page = desk.client("Ben").get("/map").text
    assert page.count('<path class="warning"') == 1
    assert page.count('<path class="known"') == 2
    assert ">warning · 2</text>" in page
    assert "<script" not in page.partition("<main")[2]


def test_hidden_rows_change_no_byte_of_the_map(desk: Site) -> None:
    before = desk.client("Ben").get("/map").content
    told = as_bytes(TOLD | LATER | {"level": "emergency"})
    desk.put("warning--7", "AMBER+STRICT", jurisdiction="MLI", payload=told)
    desk.put("warning--8", "AMBER+STRICT", jurisdiction="SDN", payload=told)
    desk.put("incident--2", "AMBER+STRICT", jurisdiction="NER", payload=HAPPENED)
    secret = Audience.of(Marking("RED", "Health", readers=frozenset({"Ama"})))
    desk.put("report--9", payload=b"{}", audience=secret)
    on_hidden = {"reports": [{"report": "report--9", "probability": 1.0}]} | json.loads(HAPPENED)
    desk.put("incident--3", jurisdiction="NER", payload=json.dumps(on_hidden).encode())
    assert desk.client("Ben").get("/map").content == before
    assert "emergency" in row(desk, "Mali", "Ama")
    assert row(desk, "Niger", "Ama").endswith("3")


@pytest.mark.slow
def test_reading_the_map_of_what_is_restricted_is_logged(desk: Site) -> None:
    desk.account("Ora", role="oversight")
    desk.put("warning--7", "AMBER", jurisdiction="MLI", payload=as_bytes(TOLD | LATER))
    desk.client("Ama").get("/map")
    acts = desk.client("Ora").get("/api/acts").json()["acts"]
    assert [one["object"] for one in acts if one["verb"] == "read"] == ["warning--7"]


def test_nothing_to_see_is_said_and_odd_codes_are_no_fault(site: Site) -> None:
    assert "Nothing was published" in site.client().get("/map").text
    site.account("Ben", "Interior")
    for n, code in enumerate(("", "ZZZ", "<b>", "TUV")):
        site.put(f"warning--{n}", jurisdiction=code, payload=as_bytes(TOLD))
    page = site.client("Ben").get("/map").text
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


@pytest.mark.parametrize(("language", "words"), [("fr", "Carte"), ("ar", "خريطة")])
def test_the_map_is_told_in_each_language_and_stays_left_to_right(
    desk: Site, language: str, words: str
) -> None:
    page = desk.client("Ben").get(f"/map?lang={language}").text
    assert words in page
    assert '<figure class="map" dir="ltr">' in page


@pytest.mark.slow
@given(st.lists(st.sampled_from(CODES), max_size=4, unique=True))
def test_every_territory_can_be_drawn_within_the_frame(codes: list[str]) -> None:
    drawn = drawing([Place(code) for code in codes])
    if drawn is None:
        return
    assert 0 < drawn["wide"] <= 721
    assert 0 < drawn["high"] <= 561
    known = [one for one in drawn["areas"] if one["known"]]
    assert known
    for one in known:
        for pair in re.findall(r"-?[\d.]+(?:e-?\d+)?,-?[\d.]+", one["path"]):
            x, y = map(float, pair.split(","))
            assert -1 <= x <= drawn["wide"] + 1
            assert -1 <= y <= drawn["high"] + 1


def test_scripts_stay_far_below_what_a_bad_line_bears() -> None:
    """The issue allows 100 kB, compressed, before a map of tiles; there is none."""
    scripts = [content for name, content in assets().items() if name.endswith(".js")]
    assert sum(len(gzip.compress(one)) for one in scripts) < 10_000
