"""Forecasts with their record, and who may be next, the verdict first."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from share.server.conftest import Hands, Site
from tocsin.share.server.desk.changing import as_bytes
from tocsin.share.server.pages.outlook import HIGH, WIDE, fan

MONTHS = [
    {"month": f"2026-{n:02d}-01", "mean": n, "p05": 0.0, "p25": 1.0, "p50": 3.0 * n, "p75": 9.0,
     "p95": 40.0 * n, "p_any": 0.7, "p_25": 0.2} for n in (11, 12)
]  # fmt: skip
FORECAST = {
    "territory": "Mali", "model": "pool", "data_to": "2026-10-01", "months": MONTHS,
    "record": [{"region": "this region", "n": 1050, "crps": 33.76}],
    "horizons": [{"months": 1, "n": 75, "crps": 22.75, "coverage": 0.96}],
}  # fmt: skip
ROW = {
    "actor": "A <group>", "technology": "cyber", "territory": "Mali", "gwno": 432,
    "origin": "2026-09-30", "probability": 0.23, "low": 0.04, "high": 0.57,
    "ties_model_strongest": "B (both active in Mali)",
}  # fmt: skip
BRIEF = {
    "diffusion": {
        "verdict": {"shown": False, "missed": "permuted reversed"}, "next": [ROW, {"actor": 3}],
        "foreseen": [{"window": "all", "months": 12, "skill": 0.02, "skill_low": -0.01,
                      "skill_high": 0.05}],
    }
}  # fmt: skip


@pytest.fixture
def desk(site: Site) -> Site:
    site.account("Ama")
    site.put("forecast--1", jurisdiction="MLI", payload=as_bytes(FORECAST))
    site.put("brief--1", payload=as_bytes(BRIEF))
    return site


def page(site: Site, path: str, name: str = "Ama") -> str:
    found = site.client(name).get(path)
    assert found.status_code == 200, found.text
    return found.text


def test_a_forecast_is_shown_with_its_record_and_its_earlier_versions(desk: Site) -> None:
    assert "/forecasts/forecast--1" in page(desk, "/forecasts")
    later = FORECAST | {"data_to": "2026-11-01"}
    desk.put("forecast--1", jurisdiction="MLI", payload=as_bytes(later))
    text = page(desk, "/forecasts/forecast--1")
    for part in ("November 2026", "1050 months", "33.76", "96%", "22.8", "Earlier versions",
                 "2026-11-26 08:00 UTC", "<svg", "A person decides"):  # fmt: skip
        assert part in text, part
    for path in ("/forecasts/brief--1", "/forecasts/none"):
        assert desk.client("Ama").get(path).status_code == 404


@pytest.mark.parametrize("path", ["/forecasts", "/forecasts/forecast--1"])
def test_a_page_says_which_deaths_a_forecast_counts(desk: Site, path: str) -> None:
    # Deaths of state-based conflict may be a tenth of those of all organised violence.
    assert "violence" not in page(desk, path)
    for target, said in (("ged_sb", "state-based conflict"), ("ged_total", "organised violence")):
        told = FORECAST | {"target": target}
        desk.put("forecast--1", jurisdiction="MLI", payload=as_bytes(told))
        assert said in page(desk, path)


def test_a_forecast_whose_months_are_over_says_so(desk: Site, hands: Hands) -> None:
    assert "out of date" not in page(desk, "/forecasts")
    hands.move(days=40)
    assert "out of date" in page(desk, "/forecasts")
    assert "out of date" in page(desk, "/forecasts/forecast--1")
    assert "out of date" not in page(desk, "/next")
    hands.move(days=6)
    assert "out of date" in page(desk, "/next")


def test_who_may_be_next_begins_with_what_the_data_do_not_show(desk: Site) -> None:
    text = page(desk, "/next")
    verdict = text.index("does not beat first uses permuted within territory and time and time")
    assert verdict < text.index("A &lt;group&gt;")
    for part in ("23%", "4% – 57%", "30 September 2026", "by the model without ties",
                 "+0.02", "(−0.01 to +0.05)", "nothing of any person"):  # fmt: skip
        assert part in text, part
    assert "\u2068" not in text
    assert "الزمن معكوسًا" in page(desk, "/next?lang=ar")


def test_who_may_not_see_a_brief_reads_nothing_of_it(desk: Site) -> None:
    assert "No estimate" in page(desk, "/next", "")
    assert "No forecast" in page(desk, "/forecasts", "")


def test_nonsense_from_a_neighbour_is_left_out(desk: Site) -> None:
    odd = [
        {"verdict": {}, "next": "x", "foreseen": [3]},
        {"verdict": {"missed": 3}, "next": [ROW | {"gwno": 1e9}, ROW | {"low": None}]},
    ]
    for told in ({"diffusion": 3}, *({"diffusion": one} for one in odd)):
        desk.put("brief--1", payload=json.dumps(told).encode())
        page(desk, "/next")
    desk.put("forecast--1", payload=b'{"months": [], "data_to": "2026-10-01"}')
    assert "No forecast" in page(desk, "/forecasts")
    assert desk.client("Ama").get("/forecasts/forecast--1").status_code == 404


@given(st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1, max_size=24))
def test_the_drawing_stays_within_its_frame(amounts: list[tuple[float, float]]) -> None:
    months = [
        {"month": "2026-11", "p05": 0.0, "p50": min(pair), "p95": max(pair)} for pair in amounts
    ]
    drawn = fan(months)
    for point in (drawn["band"] + " " + drawn["line"]).split():
        x, y = map(float, point.split(","))
        assert 0 <= x <= WIDE
        assert 0 <= y <= HIGH
