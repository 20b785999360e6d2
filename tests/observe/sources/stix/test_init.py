"""STIX: what an object comes to mean, markings, versions, and no person and no pattern."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from fuzz_documents import fuzz_json
from tocsin.errors import SourceRefused
from tocsin.observe import observe_file

SPECIMEN = Path(str(files("tocsin.observe") / "specimens" / "stix.json"))


def item(kind: str, name: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{name}", "name": name} | more


def link(kind: str, start: dict[str, Any], end: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = item("relationship", f"{start['id']}-{kind}-{end['id']}", **more)
    return found | {"relationship_type": kind, "source_ref": start["id"], "target_ref": end["id"]}


WHERE = item("location", "place", country="CF")
GROUP = item("intrusion-set", "Silver Heron", aliases=["Grey Bird"])
OTHER = item("threat-actor", "Honest Tide", threat_actor_types=["nation-state"])
PERSON = item("threat-actor", "Somebody", resource_level="individual")
EVENT = item("incident", "event", first_seen="2024-02-01T08:00:00.000Z")
AT = link("targets", EVENT, WHERE)


def read(folder: Path, *objects: dict[str, Any]) -> dict[str, pl.DataFrame]:
    path = folder / "b.json"
    path.write_text(json.dumps({"type": "bundle", "id": "bundle--1", "objects": objects}))
    return observe_file(path)


def test_an_incident_with_a_day_and_a_territory_is_a_report(tmp_path: Path) -> None:
    found = read(tmp_path, WHERE, EVENT, AT)["reports"].row(0, named=True)
    assert (found["gwno"], str(found["date_start"]), found["date_prec"]) == (482, "2024-02-01", 1)
    assert (found["event_type"], found["place_prec"], found["deaths_best"]) == ("other", 6, None)


@pytest.mark.parametrize(
    ("confidences", "side"),
    [([90], "Silver Heron"), ([70], "Silver Heron"), ([69], None), ([None], "Silver Heron")],
)
def test_an_attribution_is_a_claim_and_a_sure_one_names_the_side(
    tmp_path: Path, confidences: list[int | None], side: str | None
) -> None:
    links = [
        link("attributed-to", EVENT, GROUP, **({} if one is None else {"confidence": one}))
        for one in confidences
    ]
    tables = read(tmp_path, WHERE, GROUP, EVENT, AT, *links)
    assert tables["reports"]["actor_a"][0] == side
    wanted = [None if one is None else one / 100 for one in confidences]
    assert tables["claims"]["confidence"].to_list() == wanted
    assert tables["claims"]["stance"].to_list() == ["accused"]


def test_two_names_leave_the_side_empty(tmp_path: Path) -> None:
    links = [link("attributed-to", EVENT, GROUP, confidence=90)]
    links.append(link("attributed-to", EVENT, OTHER, confidence=20))
    tables = read(tmp_path, WHERE, GROUP, OTHER, EVENT, AT, *links)
    assert tables["reports"]["actor_a"].to_list() == [None]
    assert tables["claims"].height == 2


def test_a_person_is_no_actor_and_no_claim_and_not_in_quarantine(tmp_path: Path) -> None:
    accused = link("attributed-to", EVENT, PERSON, confidence=99)
    by = EVENT | {"created_by_ref": "identity--Writer"}
    writer = item("identity", "Writer", identity_class="individual")
    tables = read(tmp_path, WHERE, PERSON, writer, by, AT, accused)
    assert tables["reports"].height == 1
    assert tables["claims"].is_empty()
    assert tables["actors"].is_empty()
    bad = read(tmp_path, PERSON | {"object_marking_refs": ["marking-definition--x"]})
    assert bad["quarantine"].height == 1
    text = str([frame.to_dicts() for frame in (*tables.values(), *bad.values())])
    assert "Somebody" not in text.replace("threat-actor--Somebody", "")
    assert "Writer" not in text


RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"


@pytest.mark.parametrize(
    "marked",
    [
        {"object_marking_refs": [RED]},
        {"object_marking_refs": [GREEN, RED]},
        {"granular_markings": [{"marking_ref": RED, "selectors": ["name"]}]},
        {"object_marking_refs": ["marking-definition--nobody"]},
        {"object_marking_refs": 5},
        {"granular_markings": [7]},
    ],
)
def test_what_may_not_be_shown_is_refused_and_not_kept(
    tmp_path: Path, marked: dict[str, Any]
) -> None:
    secret = EVENT | marked | {"description": "for few eyes"}
    tables = read(tmp_path, WHERE, secret, AT)
    assert tables["reports"].is_empty()
    assert tables["quarantine"]["rule"].to_list() == ["marking"]
    assert json.loads(tables["quarantine"]["original"][0]) == {
        "type": "incident",
        "id": "incident--event",
    }


def test_a_marked_relationship_is_not_used(tmp_path: Path) -> None:
    secret = link("attributed-to", EVENT, GROUP, object_marking_refs=[RED])
    tables = read(tmp_path, WHERE, GROUP, EVENT, AT, secret)
    assert tables["claims"].is_empty()
    assert tables["quarantine"]["rule"].to_list() == ["marking"]


def test_green_is_kept_beside_the_publisher(tmp_path: Path) -> None:
    tables = read(tmp_path, WHERE, EVENT | {"object_marking_refs": [GREEN]}, AT)
    assert tables["reports"]["publisher"].to_list() == ["(TLP:GREEN)"]


def test_the_newest_version_counts_and_the_revoked_does_not(tmp_path: Path) -> None:
    old = EVENT | {"modified": "2024-01-01T00:00:00Z", "name": "old"}
    new = EVENT | {"modified": "2024-02-01T00:00:00Z", "name": "new"}
    assert read(tmp_path, WHERE, new, old, AT)["reports"]["headline"].to_list() == ["new"]
    assert read(tmp_path, WHERE, EVENT | {"revoked": True}, AT)["reports"].is_empty()


def test_statements_of_who_is_who(tmp_path: Path) -> None:
    tables = read(tmp_path, GROUP, OTHER, link("attributed-to", GROUP, OTHER))
    assert tables["actors"].select("name", "kind").rows() == [
        ("Silver Heron", "non-state formal"),
        ("Honest Tide", "state"),
    ]
    assert tables["actor_relations"].select("relation", "related_name").rows() == [
        ("alias", "Grey Bird"),
        ("umbrella", "Honest Tide"),
    ]


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        ({"first_seen": None}, "date"),
        ({"first_seen": "yesterday"}, "date"),
        ({"id": "incident--elsewhere"}, "territory"),
        ({"id": None}, "missing"),
        ({"type": 4}, "missing"),
        ({"name": "Ban\u202egui"}, "characters"),
        ({"name": "\ud800"}, "characters"),
    ],
)
def test_a_broken_object_is_kept_aside(tmp_path: Path, broken: dict[str, Any], rule: str) -> None:
    tables = read(tmp_path, WHERE, EVENT | broken, AT)
    assert tables["quarantine"]["rule"].to_list() == [rule]


def test_an_end_before_its_start_and_a_point_elsewhere_are_kept_and_marked(tmp_path: Path) -> None:
    away = WHERE | {"latitude": -54.0, "longitude": 25.0}
    before = EVENT | {"last_seen": "2024-01-31T00:00:00Z"}
    tables = read(tmp_path, away, before, AT)
    report = tables["reports"].row(0, named=True)
    assert (str(report["date_start"]), str(report["date_end"])) == ("2024-01-31", "2024-02-01")
    assert (report["latitude"], report["gwno"]) == (None, 482)
    assert set(tables["corrections"]["rule"]) == {"date", "outside"}
    assert tables["corrections"]["line"].to_list() == [None] * tables["corrections"].height


def test_half_a_point_is_doubted(tmp_path: Path) -> None:
    tables = read(tmp_path, WHERE | {"latitude": 6.5}, EVENT, AT)
    assert set(tables["corrections"]["rule"]) == {"point"}


@pytest.mark.parametrize(
    "content",
    [
        b'{"type": "bundle"}',
        b'{"type": "bundle", "objects": {}}',
        b'{"type": "bundle", "objects": [',
        b'{"type": "bundle", "type": "bundle", "objects": []}',
        b'{"type": "bundle", "objects": [NaN]}',
        b'{"type": "bundle", "objects": ' + b"[" * 100_000,
        b'{"type": "bundle", "objects": ' + b"[" * 50 + b"]" * 50 + b"}",
        b'{"type": "bundle", "objects": [' + b"[]," * 4_000_001 + b"1]}",
    ],
    ids=["none", "no-list", "cut", "twice", "nan", "deep", "deeper-than-any", "many"],
)
def test_a_document_that_cannot_be_trusted_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "b.json").write_bytes(content)
    with pytest.raises(SourceRefused):
        observe_file(tmp_path / "b.json")


def test_an_organisation_without_an_id_is_nobodys_reference(tmp_path: Path) -> None:
    tables = read(tmp_path, WHERE, EVENT, AT, GROUP | {"id": ""})
    assert tables["reports"]["actor_a"].to_list() == [None]
    assert tables["quarantine"]["rule"].to_list() == ["missing"]


def test_an_object_that_is_none_costs_only_itself(tmp_path: Path) -> None:
    tables = read(tmp_path, WHERE, EVENT, AT, 5, "x", None)  # type: ignore[arg-type]
    assert tables["reports"].height == 1
    assert tables["quarantine"]["rule"].to_list() == ["shape"] * 3


def test_the_specimen() -> None:
    tables = observe_file(SPECIMEN)
    assert tables["files"].select("rows", "accepted", "outside").row(0) == (96, 85, 65)
    text = str([frame.to_dicts() for frame in tables.values()])
    for never in ("must not be kept", "not-read.exe", "nobody says"):
        assert never not in text


@pytest.mark.slow
def test_fuzz() -> None:
    kinds = ("incident", "campaign", "sighting", "intrusion-set", "threat-actor")
    seen = fuzz_json(SPECIMEN, "objects", keys=["id"], fresh=lambda n: f"x--{n}", kinds=kinds)
    assert set(seen) >= {"accepted", "characters", "date", "territory", "marking", "missing"}


EPOCH, END = "1970-01-01T00:00:00.000Z", "5138-11-16T09:46:40.000Z"


@pytest.mark.parametrize(
    ("first", "last", "span"),
    [
        (EPOCH, END, None),
        (EPOCH, None, None),
        (EPOCH, "2024-05-01T00:00:00Z", None),
        ("2000-01-01T00:00:00Z", None, None),
        ("2024-02-01T00:00:00.000Z", END, ("2024-02-01", "2024-02-01", 1)),
        ("2024-02-01T00:00:00.000Z", "2024-02-03T00:00:00Z", ("2024-02-01", "2024-02-03", 2)),
        ("2024-01-01T00:00:00Z", None, ("2024-01-01", "2024-12-31", 5)),
        ("2024-01-01T09:30:00Z", None, ("2024-01-01", "2024-01-01", 1)),
    ],
)
def test_an_unset_time_is_not_known(
    first: str, last: str | None, span: tuple[str, str, int] | None, tmp_path: Path
) -> None:
    event = EVENT | {"first_seen": first} | ({"last_seen": last} if last else {})
    tables = read(tmp_path, WHERE, event, AT)
    if span is None:
        assert tables["reports"].is_empty()
        assert tables["quarantine"]["rule"].to_list() == ["date"]
    else:
        row = tables["reports"].row(0, named=True)
        found = str(row["date_start"]), str(row["date_end"]), row["date_prec"]
        assert found == span


def test_versions_are_compared_as_times(tmp_path: Path) -> None:
    old = EVENT | {"modified": "2024-03-01T00:00:00Z", "name": "old"}
    new = EVENT | {"modified": "2024-03-01T00:00:00.500Z", "name": "new"}
    for objects in ((old, new), (new, old)):
        found = read(tmp_path, WHERE, AT, *objects)["reports"]
        assert found["headline"].to_list() == ["new"]


def test_a_refused_object_keeps_no_property_that_is_not_read(tmp_path: Path) -> None:
    early = {"times": {"start_time": "soon", "analyst": "Somebody"}, "more": ["Somebody"]}
    bad = EVENT | {"first_seen": "soon", "x_contact": "Somebody", "extensions": early}
    kept = json.loads(read(tmp_path, WHERE, bad, AT)["quarantine"]["original"][0])
    assert kept["name"] == "event"
    assert kept["extensions"] == {"times": {"start_time": "soon"}}
    assert "Somebody" not in str(kept)
