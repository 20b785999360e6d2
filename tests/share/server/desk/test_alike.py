"""Similar cases: what two incidents share, and that nothing hidden takes part."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from share.server.conftest import Site
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.desk.alike import MOST, days_between, list_alike, shared_by
from tocsin.share.server.desk.said import Happened, read_incident

ONE: dict[str, Any] = {
    "first": "2026-11-02", "last": "2026-11-02", "kind": "one-sided", "sides": ["A", "B"],
    "technologies": ["cyber"], "place": "Gao",
}  # fmt: skip


def put(site: Site, id: str, level: str = "GREEN", **parts: Any) -> None:
    place = parts.pop("jurisdiction", "MLI")
    site.put(f"incident--{id}", level, jurisdiction=place, payload=json.dumps(ONE | parts).encode())


def listed(site: Site, id: str, name: str = "Ben") -> list[tuple[str, tuple[str, ...]]]:
    with site.database.reading() as connection:
        _, _, found = list_alike(
            site.database, connection, site.account(name, "Interior"), f"incident--{id}"
        )
    return [(one.row.id.removeprefix("incident--"), one.shared) for one in found]


def test_incidents_alike_are_listed_with_what_they_share(site: Site) -> None:
    put(site, "1")
    put(site, "far", first="2020-01-01", last="2020-01-01")
    put(site, "twin", first="2026-11-04", last="2026-11-05")
    put(site, "side", sides=["A", "C"], technologies=[], jurisdiction="NER")
    put(site, "other", sides=["D"], technologies=[], kind="non-state", jurisdiction="NER")
    assert listed(site, "1") == [
        ("twin", ("both", "class", "kind", "territory", "near")),
        ("far", ("both", "class", "kind", "territory")),
        ("side", ("side", "kind", "near")),
    ]
    page = site.client("Ben").get("/incidents/incident--1/alike").text
    for part in ("incident--twin", "both organisations", "Mali", "Gao", "TLP:GREEN"):
        assert part in page, part
    assert "incident--other" not in page
    assert "/incidents/incident--1/alike" in site.client("Ben").get("/incidents/incident--1").text


def test_what_is_not_known_is_not_shared() -> None:
    nothing = read_incident(b"{}")
    assert shared_by("", nothing, "", nothing) == ()
    civil = read_incident(json.dumps({"sides": ["Civilians"]}).encode())
    assert shared_by("", civil, "", civil) == ()


@pytest.mark.parametrize(
    ("other", "days"),
    [(("2026-11-02", "2026-11-02"), 0), (("2026-11-05", "2026-11-06"), 3),
     (("2026-10-01", "2026-10-03"), 30), (("2026-10-01", "2026-12-01"), 0), (("", ""), None)],
)  # fmt: skip
def test_days_between_are_counted_from_end_to_beginning(
    other: tuple[str, str], days: int | None
) -> None:
    one = read_incident(json.dumps(ONE).encode())
    told: Happened = replace(one, first=other[0], last=other[1])
    assert days_between(one, told) == days_between(told, one) == days


def test_only_incidents_of_which_each_report_may_be_seen_are_alike(site: Site) -> None:
    site.account("Fay", role="field reporter")
    put(site, "1")
    put(site, "2")
    before = site.client("Ben") if site.account("Ben", "Interior") else None
    assert before is not None
    page = before.get("/incidents/incident--1/alike").content
    secret = Audience.of(Marking("AMBER+STRICT", "Health"))
    site.put("report--9", payload=b"{}", audience=secret)
    put(site, "strict", "AMBER+STRICT")
    put(site, "on-a-hidden-report", reports=[{"report": "report--9", "probability": 1.0}])
    put(site, "on-a-missing-report", reports=[{"report": "report--8", "probability": 1.0}])
    assert [id for id, _ in listed(site, "1")] == ["2"]
    assert site.client("Ben").get("/incidents/incident--1/alike").content == page
    asked = [f"/incidents/incident--{id}/alike" for id in ("strict", "on-a-hidden-report", "none")]
    told = [site.client("Ben").get(path) for path in asked]
    assert {one.status_code for one in told} == {404}
    assert len({one.content for one in told}) == 1
    assert site.client("Fay").get("/incidents/incident--1/alike").status_code == 404
    with site.database.reading() as connection, pytest.raises(NoObject):
        list_alike(site.database, connection, site.account("Ben"), "incident--strict")


def test_a_list_has_an_end_that_hidden_ones_do_not_move(site: Site) -> None:
    put(site, "0")
    for n in range(MOST + 3):
        put(site, f"n{n:03d}")
    whole = listed(site, "0")
    assert len(whole) == MOST
    for n in range(5):
        put(site, f"a{n}", "AMBER+STRICT")
    assert listed(site, "0") == whole


def test_what_is_restricted_and_shown_as_alike_is_logged(site: Site) -> None:
    site.account("Ama")
    site.account("Ora", role="oversight")
    put(site, "1")
    put(site, "2", "AMBER")
    site.client("Ama").get("/incidents/incident--1/alike")
    acts = site.client("Ora").get("/api/acts").json()["acts"]
    assert [one["object"] for one in acts if one["verb"] == "read"] == ["incident--2"]


@pytest.mark.parametrize(("language", "words"), [("fr", "semblables"), ("ar", "مشابهة")])
def test_the_page_is_in_each_language(site: Site, language: str, words: str) -> None:
    site.account("Ama")
    put(site, "1")
    put(site, "2")
    page = site.client("Ama").get(f"/incidents/incident--1/alike?lang={language}").text
    assert words in page
    assert "None" not in page
