"""What rests on a report is marked as strictly as the report, whenever that is marked."""

from __future__ import annotations

import polars as pl
import pytest

from share.server.conftest import Site
from share.server.desk.workspace.test_incidents import put
from share.server.desk.workspace.test_publishing import GREEN, tables
from tocsin.share.server.desk.changing import as_bytes
from tocsin.share.server.desk.workspace.collecting import FILE_NAME, collect
from tocsin.share.server.desk.workspace.publishing import publish


def incidents(site: Site, name: str) -> int:
    counts = site.client(name).get("/api/counts").json()["counts"]
    return sum(one["objects"] for one in counts if one["type"] == "incident")


@pytest.mark.slow
def test_marking_a_report_marks_what_was_computed_of_it_and_of_nothing_else(site: Site) -> None:
    """Warnings, forecasts and the brief rest on each report that the workspace read."""
    site.account("Ama")
    site.account("Ben", "Interior")
    site.account("Fay", role="field reporter")
    answers = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "other"}
    fay = site.client("Fay")
    sent = {name: name * 20 for name in ("k", "s", "b")}
    body = {"key": sent["k"], "sending": sent["s"], "branch": sent["b"], "answers": answers}
    report = fay.post("/api/reports", json=body | {"level": "GREEN"}).json()["report"]
    collected = collect(site.database, GREEN)
    publish(site.database, tables(digest=collected.sha256), {"region": "Sahel"}, GREEN, gwnos=[432])
    # Another workspace has read nothing from here.
    other = tables(digest="c" * 64)
    other["forecasts"] = other["forecasts"].with_columns(gwno=pl.lit(483), territory=pl.lit("Chad"))
    publish(site.database, other | {"alerts": other["alerts"].clear()}, {}, GREEN, gwnos=[483])

    def seen() -> list[tuple[object, object]]:
        found = site.client("Ben").get("/api/objects").json()["objects"]
        kinds = ("warning", "forecast", "brief")
        return sorted((one["type"], one["jurisdiction"]) for one in found if one["type"] in kinds)

    assert seen() == [("brief", ""), ("forecast", "MLI"), ("forecast", "TCD"), ("warning", "MLI")]
    told = {"markings": [{"level": "AMBER+STRICT"}], "reason": "a source is at risk"}
    assert site.client("Ama").post(f"/api/objects/{report}/markings", json=told).status_code == 200
    assert seen() == [("forecast", "TCD")]
    assert len(site.client("Ama").get("/api/objects?type=warning").json()["objects"]) == 1
    # Publishing the same again loosens nothing, and what is new of the same file is as strict.
    again = tables(digest=collected.sha256)
    again["forecasts"] = again["forecasts"].with_columns(
        gwno=pl.lit(436), territory=pl.lit("Niger")
    )
    publish(site.database, again, {"region": "Sahel"}, GREEN, gwnos=[432, 436])
    assert seen() == [("forecast", "TCD")]


def test_marking_a_report_marks_the_incidents_that_rest_on_it(site: Site) -> None:
    site.account("Ama")
    site.account("Pat", "Interior", "partner")
    site.put("report--2", payload=as_bytes({"answers": {"headline": "x"}}))
    put(site, {"one": ["1"], "two": ["2"]}, **{"2": FILE_NAME})
    assert incidents(site, "Pat") == 2
    told = {"markings": [{"level": "AMBER+STRICT"}], "reason": "a source is at risk"}
    answer = site.client("Ama").post("/api/objects/report--2/markings", json=told)
    assert answer.status_code == 200, answer.text
    assert (incidents(site, "Ama"), incidents(site, "Pat")) == (2, 1)
