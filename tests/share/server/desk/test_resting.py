"""What rests on a report is marked as strictly as the report, whenever that is marked."""

from __future__ import annotations

from share.server.conftest import Site
from share.server.desk.workspace.test_incidents import put
from tocsin.share.server.desk.changing import as_bytes
from tocsin.share.server.desk.workspace.collecting import FILE_NAME


def incidents(site: Site, name: str) -> int:
    counts = site.client(name).get("/api/counts").json()["counts"]
    return sum(one["objects"] for one in counts if one["type"] == "incident")


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
