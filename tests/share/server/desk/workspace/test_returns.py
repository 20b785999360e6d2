"""A correction of what happened goes back into the workspace as a report of the organisation's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from share.server.conftest import Site
from share.server.desk.workspace.test_incidents import put
from tocsin.observe import observe
from tocsin.share.server.access.marking import Marking
from tocsin.share.server.database import objects
from tocsin.share.server.desk.changing import replace_payload
from tocsin.share.server.desk.workspace.collecting import Collected, collect


def correct(site: Site, type: str, **parts: Any) -> str:
    ama = site.account("Ama")
    (one,) = (
        one for one in site.client("Ama").get("/api/objects").json()["objects"]
        if one["type"] == type
    )  # fmt: skip
    with site.database.writing() as connection:
        kept = objects.newest(connection, one["id"])
        assert kept is not None
        payload = json.loads(kept.payload) | parts
        replace_payload(site.database, connection, ama, kept.id, payload, digest=kept.digest)
    return str(one["id"])


def collected(site: Site) -> Collected:
    return collect(site.database, Marking("AMBER", "Health"))


@pytest.mark.parametrize("type", ["record", "incident"])
def test_a_corrected_count_is_read_as_a_report(site: Site, tmp_path: Path, type: str) -> None:
    put(site, {"i": ["1"]})
    assert collected(site).reports == 0
    id = correct(site, type, deaths=[2, 4, 6], first="2022-12-01", last="2022-12-03")
    found = collected(site)
    assert (found.reports, found.corrections, found.left_out) == (1, 1, 0)
    path = tmp_path / "server-reports.json"
    path.write_bytes(found.content)
    read = observe([path])
    assert read["quarantine"].is_empty()
    (row,) = read["reports"].to_dicts()
    assert [row[f"deaths_{one}"] for one in ("low", "best", "high")] == [2, 4, 6]
    assert (row["publisher"], row["territory"], row["event_type"]) == (
        "Health", "Mali", "one-sided",
    )  # fmt: skip
    assert row["native_id"] == id
    assert (row["place"], row["actor_a"]) == ("Gao", "A group")
    assert "deaths" in row["headline"]
    assert str(row["date_start"]) <= "2022-12-01"
    assert str(row["date_end"]) >= "2022-12-03"


def test_what_is_marked_more_strictly_or_played_or_odd_is_left_out(site: Site) -> None:
    put(site, {"i": ["1"]})
    correct(site, "record", deaths=[2, 4, 6])
    correct(site, "incident", first="no day", deaths="many")
    assert collected(site).corrections == 1
    assert collect(site.database, Marking("CLEAR", "Health")).reports == 0


@pytest.mark.slow
def test_a_correction_outlives_the_next_publishing_of_incidents(site: Site) -> None:
    put(site, {"i": ["1"]})
    id = correct(site, "record", deaths=[2, 4, 6])
    put(site, {"i": ["1"]})
    assert collected(site).corrections == 1
    with site.database.reading() as connection:
        kept = objects.newest(connection, id)
    assert kept is not None
    assert json.loads(kept.payload)["deaths"] == [2, 4, 6]


def test_a_suspect_comes_back_as_a_suspect_and_a_second_side_as_the_second(
    site: Site, tmp_path: Path
) -> None:
    """A corrected count must not make a fact of a suspicion, nor an author of who was harmed."""
    put(site, {"i": ["1"]})
    correct(
        site,
        "incident",
        deaths=[2, 4, 6],
        sides=[None, "Hill Front"],
        suspected={"Hill Front": 0.6},
    )
    path = tmp_path / "server-reports.json"
    path.write_bytes(collected(site).content)
    read = observe([path])
    (row,) = read["reports"].to_dicts()
    assert (row["actor_a"], row["actor_b"]) == (None, "Hill Front")
    doubts = read["corrections"].filter(rule="party")
    assert doubts["column"].to_list() == ["actor_b"]
    assert doubts["value"].to_list() == ["Hill Front"]
