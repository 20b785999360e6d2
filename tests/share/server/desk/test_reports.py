"""Reports in: once each, in their order, and nobody's lost."""

from __future__ import annotations

import uuid
from itertools import permutations

import pytest
from sqlalchemy import select

from share.server.conftest import Site
from tocsin.share.server.database.tables import acts, objects, reports, submissions

ANSWERS = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "one_sided"}


def name() -> str:
    return str(uuid.uuid4())


def sending(**more: object) -> dict[str, object]:
    return {"key": name(), "sending": name(), "branch": name(), "answers": ANSWERS} | more


@pytest.fixture
def field(site: Site) -> Site:
    site.account("Fay", role="field reporter")
    site.account("Ama")
    site.account("Ben", "Interior")
    return site


def rows(site: Site) -> list[object]:
    with site.database.reading() as connection:
        return list(connection.execute(select(objects).where(objects.c.newest)).all())


def test_a_sending_that_arrives_twice_is_one_report(field: Site) -> None:
    """Double tap, slow server, retry, two tabs."""
    fay, sent = field.client("Fay"), sending()
    receipts = [fay.post("/api/reports", json=sent).json() for _ in range(3)]
    assert receipts[0] == receipts[1] == receipts[2]
    assert receipts[0]["state"] == "kept"
    assert len(rows(field)) == 1
    other = fay.post("/api/reports", json=sent | {"answers": ANSWERS | {"headline": "other"}})
    assert other.status_code == 422
    assert len(rows(field)) == 1


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_corrections_count_in_their_order_however_they_arrive(
    field: Site, order: tuple[int, ...]
) -> None:
    """Elsewhere an update made offline overtook the one before it."""
    fay, key, branch = field.client("Fay"), name(), name()
    for n, place in enumerate(order):
        body = sending(
            key=key, branch=branch, place=place, answers=ANSWERS | {"headline": str(place)}
        )
        state = fay.post("/api/reports", json=body).json()["state"]
        first_missing = next(k for k in (1, 2, 3, 4) if k not in order[: n + 1])
        assert state == ("waiting" if place > first_missing else "kept")
    payload = field.client("Ama").get("/api/objects").json()["objects"][0]["payload"]
    assert payload["answers"]["headline"] == "3"
    assert payload["conflict"] is False
    with field.database.reading() as connection:
        bodies = connection.execute(select(submissions.c.body)).scalars().all()
    assert bodies == [None, None, None]


def test_two_branches_on_one_version_are_kept_and_marked(field: Site) -> None:
    fay, key = field.client("Fay"), name()
    fay.post("/api/reports", json=sending(key=key))
    states = [
        fay.post(
            "/api/reports", json=sending(key=key, trunk=1, answers=ANSWERS | {"headline": which})
        ).json()["state"]
        for which in ("one", "other")
    ]
    assert states == ["kept", "conflict"]
    id = field.client("Ama").get("/api/objects").json()["objects"][0]["id"]
    versions = field.client("Ama").get(f"/api/objects/{id}/versions").json()["versions"]
    assert [one["payload"]["answers"].get("headline") for one in versions] == [None, "one", "other"]


def test_a_name_that_is_withheld_stands_nowhere(field: Site) -> None:
    fay, key = field.client("Fay"), name()
    assert fay.post("/api/reports", json=sending(key=key, withhold=True)).status_code == 201
    with field.database.reading() as connection:
        assert connection.execute(select(reports.c.account)).scalar() is None
        told = connection.execute(select(acts.c.account).where(acts.c.verb == "report")).scalar()
    assert told is None
    # Whoever holds the report's key may still correct it.
    later = sending(key=key, withhold=True, trunk=1, answers=ANSWERS | {"headline": "more"})
    assert fay.post("/api/reports", json=later).json()["version"] == 2


def test_others_neither_correct_nor_read_nor_report(field: Site) -> None:
    """Not even by the same keys, whose use by another organisation cannot be found out."""
    sent = sending()
    first = field.client("Fay").post("/api/reports", json=sent).json()
    ben = field.client("Ben")
    assert ben.get("/api/counts").json() == {"counts": []}
    other = ben.post("/api/reports", json=sent | {"answers": ANSWERS | {"headline": "mine"}})
    assert other.status_code == 201
    assert other.json()["report"] != first["report"]
    assert field.client("Fay").post("/api/reports", json=sent).json() == first
    assert len(rows(field)) == 2
    field.account("Pat", "Interior", "partner")
    assert field.client("Pat").post("/api/reports", json=sending()).status_code == 403


def test_a_bulk_gives_each_its_receipt_or_its_reason(field: Site) -> None:
    good, bad = sending(), sending(answers=ANSWERS | {"event_date": "soon"})
    sent = {"reports": [good, bad, good]}
    told = field.client("Fay").post("/api/reports/bulk", json=sent).json()["reports"]
    assert [one.get("state") for one in told] == ["kept", None, "kept"]
    assert told[1]["where"] == "event_date"
    assert told[1]["sending"] == bad["sending"]
    assert len(rows(field)) == 1


@pytest.mark.parametrize("more", [{"key": "short"}, {"place": 0}, {"level": "WHITE"}, {"trunk": -1},
                                  {"blur": "more"}, {"surprise": 1}])  # fmt: skip
def test_what_is_no_sending_is_refused_whole(field: Site, more: dict[str, object]) -> None:
    assert field.client("Fay").post("/api/reports", json=sending(**more)).status_code == 422
    assert rows(field) == []


def test_an_empty_body_is_no_report_and_uses_nothing_up(field: Site) -> None:
    """Elsewhere a phone's service worker sent a report without its body."""
    fay, sent = field.client("Fay"), sending()
    kind = {"content-type": "application/json"}
    for body in (b"", b"{}", b"null", b"[]"):
        assert fay.post("/api/reports", content=body, headers=kind).status_code == 422
    assert rows(field) == []
    assert fay.post("/api/reports", json=sent).json()["state"] == "kept"
