"""Incidents are published with their reports, and shown to who may see each of these alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest

from share.server.conftest import Site
from tocsin.schema import TABLES, conform, empty
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database.objects import NoObject
from tocsin.share.server.desk.changing import as_bytes
from tocsin.share.server.desk.said import Happened
from tocsin.share.server.desk.workspace.collecting import FILE_NAME
from tocsin.share.server.desk.workspace.incidents import (
    NEWEST,
    READS,
    behind,
    drill,
    publish_incidents,
)

GREEN = Marking("GREEN", "Health")
DAY = date(2022, 12, 1)


def tables(incidents: dict[str, list[str]], **files: str) -> dict[str, pl.DataFrame]:
    """Incidents in Mali, by the native ids of their reports."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in READS}
    for n, (incident, members) in enumerate(incidents.items()):
        fact = {
            "date_start": DAY.replace(day=1 + n % 28), "date_end": DAY.replace(day=1 + n % 28),
            "date_prec": 1, "place_prec": 1, "place": "Gao", "territory": "Mali", "gwno": 432,
            "event_type": "one-sided", "actor_a": "A group", "deaths_low": 1, "deaths_best": 2,
            "deaths_high": 3, "source": "s",
        }  # fmt: skip
        rows["incidents"].append(
            fact | {"incident_id": incident, "n_reports": len(members), "total_of": None}
        )
        for one in members:
            rows["reports"].append(
                fact | {"report_id": f"S:{one}", "native_id": one, "source_row": 7, "notes": "Mr X",
                        "source_file": files.get(one, "s.csv"), "n_sources": 1}
            )  # fmt: skip
            rows["incident_reports"].append(
                {"incident_id": incident, "report_id": f"S:{one}", "probability": 0.97,
                 "source": "s"}
            )  # fmt: skip
        if len(members) > 1:
            first, second = (f"S:{one}" for one in members[:2])
            rows["links"] += [
                {"report_a": first, "report_b": second, "probability": 0.97, "step": step,
                 "comparison": name, "level": "the same", "bits": 2.5, "total": 2.5 * step + 2.5,
                 "source": "s"}
                for step, name in enumerate(("prior", "day"))
            ]  # fmt: skip
    rows["files"] = [
        {"file": name, "sha256": "ab"[name == FILE_NAME] * 64, "kind": "k", "rows": 1,
         "accepted": 1, "quarantined": 0, "outside": 0, "source": "s"}
        for name in ("s.csv", FILE_NAME)
    ]  # fmt: skip
    found = {}
    for name in READS:
        schema = empty(TABLES[name]).schema
        filled = [dict.fromkeys(schema) | one for one in rows[name]]
        found[name] = conform(TABLES[name], pl.DataFrame(filled, schema=schema))
    return found


def put(site: Site, incidents: dict[str, list[str]], **files: str) -> Mapping[str, int]:
    done = publish_incidents(
        site.database, tables(incidents, **files), GREEN, Audience.of(GREEN), gwnos=[432]
    )
    return done.written


def listed(site: Site, name: str) -> list[tuple[str, Happened]]:
    warning = site.put("warning--1", jurisdiction="MLI")
    with site.database.reading() as connection:
        found = behind(site.database, connection, site.account(name), warning)
    return [(row.id, said) for row, said in found]


@pytest.mark.slow
def test_incidents_are_published_once_with_their_records(site: Site) -> None:
    assert put(site, {"one": ["1"], "two": ["2", "3"]}) == {"record": 3, "incident": 2}
    assert put(site, {"one": ["1"], "two": ["2", "3"]}) == {}
    (newest, said), _ = listed(site, "Ama")
    assert (said.last, said.place, said.kind, said.deaths) == (
        "2022-12-02", "Gao", "one-sided", (1, 2, 3)
    )  # fmt: skip
    with site.database.reading() as connection:
        _, said, reports = drill(site.database, connection, site.account("Ama"), newest)
    assert [one.type for one in reports] == ["record", "record"]
    assert b"Mr X" not in reports[0].payload
    assert [step.comparison for step in said.links[0].steps] == ["prior", "day"]
    assert {said.links[0].one, said.links[0].other} == {one.id for one in reports}


@pytest.mark.slow
def test_what_is_not_among_the_newest_any_more_is_deleted(site: Site) -> None:
    put(site, {"one": ["1"], "two": ["2"]})
    elsewhere = publish_incidents(site.database, tables({}), GREEN, Audience.of(GREEN), gwnos=[483])
    assert (elsewhere.written, len(listed(site, "Ama"))) == ({}, 2)
    assert put(site, {"one": ["1"]}) == {}
    assert len(listed(site, "Ama")) == 1
    many = {f"n{n}": [str(n)] for n in range(NEWEST + 5)}
    assert put(site, many)["incident"] == NEWEST


def test_a_report_from_the_field_is_referred_to_and_its_marking_holds(site: Site) -> None:
    """Two databases, of which one holds a stricter report, show an outsider the same."""
    site.account("Pat", "Interior", "partner")
    strict = Audience.of(Marking("AMBER+STRICT", "Health"))
    told = as_bytes({"answers": {"headline": "x"}})
    site.put("report--2", payload=told, audience=strict)
    put(site, {"one": ["1"], "two": ["2"]}, **{"2": FILE_NAME})
    assert next(said.reports for _, said in listed(site, "Ama")) == (("report--2", 0.97),)
    seen = listed(site, "Pat")
    assert [said.reports[0][0][:6] for _, said in seen] == ["record"]
    hidden = listed(site, "Ama")[0][0]
    with site.database.reading() as connection, pytest.raises(NoObject):
        drill(site.database, connection, site.account("Pat"), hidden)
    kinds = site.client("Pat").get("/api/counts").json()["counts"]
    assert {one["type"]: one["objects"] for one in kinds}["incident"] == 1


def doubted(incidents: dict[str, list[str]]) -> dict[str, pl.DataFrame]:
    """The incidents, of each of which 'A group' is only suspected by its record."""
    made = tables(incidents)
    empty_rows = {name: dict.fromkeys(made[name].schema) for name in ("suspects", "corrections")}
    suspects = [
        empty_rows["suspects"] | {"incident_id": one, "side": "a", "actor_id": "A group",
                                  "actor": "A group", "probability": 0.62, "source": "s"}
        for one in incidents
    ]  # fmt: skip
    corrections = [
        empty_rows["corrections"] | {"report_id": f"S:{one}", "column": "actor_a",
                                     "value": "A group", "original": "A group?", "rule": "party"}
        for members in incidents.values() for one in members
    ]  # fmt: skip
    for name, rows in (("suspects", suspects), ("corrections", corrections)):
        made[name] = pl.DataFrame(rows, schema=made[name].schema)
    return made


@pytest.mark.slow
def test_a_side_that_is_only_suspected_is_marked_wherever_it_stands(site: Site) -> None:
    publish_incidents(
        site.database, doubted({"one": ["1"]}), GREEN, Audience.of(GREEN), gwnos=[432]
    )
    ((id, said),) = listed(site, "Ama")
    assert (said.sides, dict(said.suspected)) == (("A group",), {"A group": 0.62})
    client = site.client("Ama")
    objects = client.get("/api/objects").json()["objects"]
    assert {one["type"] for one in objects} == {"incident", "record", "warning"}
    for language, words in (
        ("en", ("only suspected, 62%", "only suspected)")),
        ("fr", ("seulement présumé, 62", "seulement présumé)")),
        ("ar", ("مشتبه فيه فقط، ", "مشتبه فيه فقط)")),
    ):
        for path in (f"/incidents/{id}", "/warnings/warning--1/incidents"):
            page = client.get(path, headers={"Accept-Language": language}).text
            assert words[0] in page, (language, path)
        assert (
            words[1] in client.get(f"/incidents/{id}", headers={"Accept-Language": language}).text
        )


def test_who_is_known_as_the_second_side_only_did_not_do_it(site: Site) -> None:
    made = tables({"one": ["1"]})
    for name in ("incidents", "reports"):
        made[name] = made[name].with_columns(
            actor_a=pl.lit(None, pl.String), actor_b=pl.lit("Civilians")
        )
    publish_incidents(site.database, made, GREEN, Audience.of(GREEN), gwnos=[432])
    with site.database.reading() as connection:
        ((id, said),) = listed(site, "Ama")
        kept = drill(site.database, connection, site.account("Ama"), id)[0]
    assert b'"sides": [null, "Civilians"]' in kept.payload
    assert said.sides == ("Civilians",)
