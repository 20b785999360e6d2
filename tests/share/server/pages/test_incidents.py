"""From a warning down to its reports, and what hidden rows change on the way: nothing."""

from __future__ import annotations

import pytest

from share.server.conftest import Site
from share.server.desk.workspace.test_incidents import put
from share.server.pages.test_warnings import TOLD
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.desk.changing import as_bytes
from tocsin.share.server.desk.workspace.collecting import FILE_NAME
from tocsin.share.server.web.language import Words


def links(site: Site, name: str, warning: str = "warning--1") -> list[str]:
    found = site.client(name).get(f"/warnings/{warning}/incidents")
    assert found.status_code == 200
    return [part.partition('"')[0] for part in found.text.split('href="/incidents/')[1:]]


@pytest.mark.slow
def test_a_warning_leads_to_incidents_reports_and_why_they_are_one(site: Site) -> None:
    site.account("Ama")
    site.put("warning--1", jurisdiction="MLI", payload=as_bytes(TOLD))
    site.put("report--2", payload=as_bytes({"answers": {"headline": "<b>x", "target": "health"}}))
    put(site, {"one": ["1"], "two": ["2", "3"]}, **{"2": FILE_NAME})
    client = site.client("Ama")
    assert "/warnings/warning--1/incidents" in client.get("/warnings/warning--1").text
    newest, older = links(site, "Ama")
    text = client.get(f"/incidents/{newest}").text
    for part in ("Gao", "2 December 2022", "A report from the field", "&lt;b&gt;x", "row 7",
                 "clinic or hospital", "2 (<span", "97%", "+2.5", "Reports 1 and 2"):  # fmt: skip
        assert part in text, part
    assert "nothing to link" in client.get(f"/incidents/{older}").text
    assert client.get("/incidents/warning--1").status_code == 404
    assert 'dir="rtl"' in client.get(f"/incidents/{newest}?lang=ar").text


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_incidents_that_do_not_count_for_a_warning_are_said_to_stand_there(
    site: Site, language: str
) -> None:
    site.account("Ama")
    said = Words(language).part_of("ged_sb")
    for target, counts_a_part in (("ged_sb", True), ("ged_total", False), ("", False)):
        told = TOLD | ({"target": target} if target else {})
        site.put("warning--1", jurisdiction="MLI", payload=as_bytes(told))
        page = site.client("Ama").get(f"/warnings/warning--1/incidents?lang={language}").text
        assert (said in page) is counts_a_part
        one = site.client("Ama").get(f"/warnings/warning--1?lang={language}").text
        assert (Words(language)("counted") in one) is bool(target)


@pytest.mark.slow
def test_hidden_reports_change_no_byte_of_what_others_read(site: Site) -> None:
    for name, organisation, role in (
        ("Ama", "Health", "analyst"), ("Pat", "Interior", "partner"),
        ("Fay", "Health", "field reporter"),
    ):  # fmt: skip
        site.account(name, organisation, role)
    site.put("warning--1", jurisdiction="MLI", payload=as_bytes(TOLD))
    put(site, {"one": ["1"]})
    paths = ["/warnings/warning--1/incidents", *(f"/incidents/{id}" for id in links(site, "Pat"))]
    before = [site.client("Pat").get(path).content for path in paths]
    secret = Audience.of(Marking("RED", "Health", readers=frozenset({"Ama"})))
    site.put("report--2", payload=as_bytes({"answers": {}}), audience=secret)
    put(site, {"one": ["1"], "two": ["2"]}, **{"2": FILE_NAME})
    (hidden,) = [id for id in links(site, "Ama") if id not in links(site, "Pat")]
    assert [site.client("Pat").get(path).content for path in paths] == before
    missing = [site.client("Pat").get(f"/incidents/{id}") for id in (hidden, "incident--none")]
    assert missing[0].status_code == missing[1].status_code == 404
    # What a reporter in the field reads are warnings and briefs.
    assert links(site, "Fay") == []
