"""Reports go into a workspace, and what is made of them keeps their markings."""

from __future__ import annotations

import json
import uuid
from pathlib import Path

import polars as pl

from share.server.conftest import Site
from tocsin.observe import observe
from tocsin.share.server.access.marking import Marking
from tocsin.share.server.desk.workspace.collecting import collect
from tocsin.share.server.desk.workspace.publishing import audience_for

ANSWERS = {
    "event_date": "2026-11-20", "country": "Mali", "event_kind": "one_sided", "place": "Gao",
    "point": "16.2717 -0.0447", "headline": "A road was closed", "deaths_best": "0",
}  # fmt: skip


def send(site: Site, level: str) -> None:
    key, sending, branch = (str(uuid.uuid4()) for _ in range(3))
    body = {"key": key, "sending": sending, "branch": branch, "answers": ANSWERS, "level": level}
    assert site.client("Fay").post("/api/reports", json=body).status_code == 201


def test_a_report_from_the_field_is_read_by_observe(site: Site, tmp_path: Path) -> None:
    site.account("Fay", "Health", "field reporter")
    for level in ("GREEN", "AMBER", "RED"):
        send(site, level)
    found = collect(site.database, Marking("AMBER", "Health"))
    assert (found.reports, found.left_out) == (2, 1)
    path = tmp_path / "server-reports.json"
    path.write_bytes(found.content)
    read = observe([path])
    rows = read["reports"].to_dicts()
    assert read["quarantine"].is_empty()
    assert len(rows) == 2
    assert {row["territory"] for row in rows} == {"Mali"}
    assert {row["publisher"] for row in rows} == {"Health"}
    assert {row["latitude"] for row in rows} == {16.27}
    files = pl.DataFrame({"sha256": read["files"]["sha256"]})
    with site.database.reading() as connection:
        audience = audience_for(connection, files, Marking("CLEAR", "Health"))
    assert audience.level == "AMBER"


def test_the_same_reports_are_the_same_bytes_and_none_is_none(site: Site) -> None:
    empty = collect(site.database, Marking("AMBER", "Health"))
    assert (empty.reports, empty.audience) == (0, None)
    site.account("Fay", "Health", "field reporter")
    send(site, "AMBER")
    one, again = (collect(site.database, Marking("AMBER", "Health")) for _ in range(2))
    assert one.content == again.content
    assert json.loads(one.content)["results"][0]["headline"] == "A road was closed"
    assert collect(site.database, Marking("GREEN", "Health")).reports == 0


def test_oversight_sees_that_reports_were_collected(site: Site) -> None:
    site.account("Ora", "Health", "oversight")
    collect(site.database, Marking("AMBER", "Health"))
    acts = site.client("Ora").get("/api/acts").json()["acts"]
    assert [(one["verb"], one["organisation"]) for one in acts] == [("collect", "Health")]


def test_what_was_played_is_no_part_of_the_picture(site: Site) -> None:
    site.account("Fay", role="field reporter")
    site.database.exercise = True
    send(site, "AMBER")
    site.database.exercise = False
    assert collect(site.database, Marking("AMBER", "Health")).reports == 0


def test_a_report_that_is_no_sending_of_the_form_is_passed_over(site: Site) -> None:
    """Such as the record of a producer, which was published with an incident."""
    site.account("Fay", "Health", "field reporter")
    send(site, "GREEN")
    for n, payload in enumerate(
        (b'{"record": {"file": "s.csv"}}', b"no JSON", b'["answers"]', b"{}")
    ):
        site.put(f"report--{n}", payload=payload)
    found = collect(site.database, Marking("AMBER", "Health"))
    assert (found.reports, found.left_out) == (1, 0)
