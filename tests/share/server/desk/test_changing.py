"""Changes through the interface for programs: who may, and what a change never does."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from share.server.conftest import Site
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.database.tables import acts

NOTE = {"type": "note", "payload": {"a": 1}, "markings": [{"level": "AMBER"}]}
BECAUSE = {"reason": "The ministry asked for it."}


@pytest.fixture
def full(site: Site) -> Site:
    site.account("Ama")
    site.account("Dia", role="decision maker")
    site.account("Ben", "Interior")
    site.account("Bea", "Interior", "decision maker")
    site.account("Ora", role="oversight")
    return site


def write(site: Site, **more: object) -> str:
    found = site.client("Ama").post("/api/objects", json=NOTE | more)
    assert found.status_code == 201, found.text
    return str(found.json()["id"])


def test_the_owner_changes_and_others_do_not_see_it(full: Site) -> None:
    id = write(full)
    ama, ben = full.client("Ama"), full.client("Ben")
    digest = ama.get(f"/api/objects/{id}").json()["digest"]
    body, match = {"payload": {"a": 2}}, {"if-match": digest}
    assert ben.put(f"/api/objects/{id}", json=body, headers=match).status_code == 404
    assert ama.put(f"/api/objects/{id}", json=body).status_code == 422
    assert ama.put(f"/api/objects/{id}", json=body, headers=match).status_code == 200
    # A second writer who read the older version loses nothing of the first.
    late = ama.put(f"/api/objects/{id}", json={"payload": {"a": 3}}, headers=match)
    assert (late.status_code, late.json()["title"]) == (412, "The object has changed.")


def test_the_tag_with_which_an_object_came_says_which_version_was_read(full: Site) -> None:
    """As If-Match is meant (RFC 9110, 13.1.1)."""
    id = write(full)
    ama, ben = full.client("Ama"), full.client("Ben")
    match = {"if-match": ama.get(f"/api/objects/{id}").headers["etag"]}
    assert ben.put(f"/api/objects/{id}", json={"payload": {}}, headers=match).status_code == 404
    body = {"payload": {"a": 2}}
    assert ama.put(f"/api/objects/{id}", json=body, headers=match).status_code == 200
    late = ama.put(f"/api/objects/{id}", json={"payload": {"a": 3}}, headers=match)
    assert late.status_code == 412
    assert ama.get(f"/api/objects/{id}").json()["payload"] == {"a": 2}


def test_others_who_see_it_may_not_change_it(full: Site) -> None:
    id = write(full, markings=[{"level": "GREEN"}])
    ben = full.client("Ben")
    digest = ben.get(f"/api/objects/{id}").json()["digest"]
    for answer in (
        ben.put(f"/api/objects/{id}", json={"payload": {}}, headers={"if-match": digest}),
        ben.post(f"/api/objects/{id}/markings", json=BECAUSE | {"markings": [{"level": "RED"}]}),
        ben.request("DELETE", f"/api/objects/{id}", json=BECAUSE),
        full.client("Bea").post(
            f"/api/objects/{id}/release", json=BECAUSE | {"markings": [{"level": "CLEAR"}]}
        ),
    ):
        assert answer.status_code == 403
    assert "markings" not in ben.get(f"/api/objects/{id}").json()


def test_leaving_markings_out_of_a_new_version_keeps_them(full: Site) -> None:
    id = write(full)
    ama = full.client("Ama")
    match = {"if-match": ama.get(f"/api/objects/{id}").json()["digest"]}
    body = {"payload": {"a": 2}, "markings": [{"level": "CLEAR"}]}
    assert ama.put(f"/api/objects/{id}", json=body, headers=match).json()["level"] == "AMBER"
    assert full.client("Ben").get(f"/api/objects/{id}").status_code == 404


def test_only_a_release_with_a_reason_loosens_and_it_is_on_record(full: Site) -> None:
    id = write(full)
    wanted = {"markings": [{"level": "GREEN"}]}
    dia = full.client("Dia")
    assert full.client("Ama").post(
        f"/api/objects/{id}/release", json=wanted | BECAUSE
    ).status_code == 403  # fmt: skip
    assert dia.post(f"/api/objects/{id}/release", json=wanted | {"reason": " "}).status_code == 422
    assert dia.post(f"/api/objects/{id}/release", json=wanted | BECAUSE).status_code == 200
    ben = full.client("Ben")
    assert ben.get(f"/api/objects/{id}").json()["level"] == "GREEN"
    assert len(ben.get(f"/api/objects/{id}/versions").json()["versions"]) == 1
    acts = full.client("Ora").get("/api/acts", params={"object": id}).json()["acts"]
    assert ("release", "Dia", BECAUSE["reason"]) in {
        (one["verb"], one["account"], one["reason"]) for one in acts
    }


def test_reading_what_is_restricted_is_on_record_and_reading_the_rest_is_not(full: Site) -> None:
    secret, free = write(full), write(full, markings=[{"level": "GREEN"}])
    ama = full.client("Ama")
    ama.get("/api/objects")
    ama.get(f"/api/objects/{free}")
    acts = full.client("Ora").get("/api/acts").json()["acts"]
    assert {one["object"] for one in acts if one["verb"] == "read"} == {secret}
    assert ama.get("/api/acts").status_code == 404


def test_who_else_got_an_object_is_told_to_its_owner_alone(full: Site) -> None:
    """Acts of a third organisation would name to whom the object was given."""
    id = write(full, markings=[{"level": "AMBER", "recipients": ["Interior", "Clinic"]}])
    full.account("Cem", "Clinic", "partner")
    full.account("Olu", "Interior", "oversight")
    for name in ("Ama", "Ben", "Cem"):
        assert full.client(name).get(f"/api/objects/{id}").status_code == 200

    def told(name: str) -> set[str]:
        acts = full.client(name).get("/api/acts").json()["acts"]
        return {one["organisation"] for one in acts if one["object"] == id}

    assert told("Olu") == {"Health", "Interior"}
    assert told("Ora") == {"Health", "Interior", "Clinic"}


def test_a_bulk_that_fails_in_part_says_so_for_each(full: Site) -> None:
    """Elsewhere updates were ignored in silence."""
    bad = NOTE | {"markings": [{"level": "AMBER", "owner": "Interior"}]}
    told = full.client("Ama").post("/api/objects/bulk", json={"objects": [NOTE, bad, NOTE]}).json()
    assert ["id" in one for one in told["objects"]] == [True, False, True]
    assert told["objects"][1]["what"] == "A marking is its owner's own."


def test_a_part_of_what_one_does_not_see_cannot_be_written(full: Site) -> None:
    hidden = write(full)
    ben = full.client("Ben")
    answers = [
        ben.post("/api/objects", json=NOTE | {"parent": one}) for one in (hidden, "note--none")
    ]
    assert answers[0].status_code == 404
    assert answers[0].content == answers[1].content


def test_what_is_deleted_is_gone_for_readers(full: Site) -> None:
    id = write(full)
    ama = full.client("Ama")
    assert ama.request("DELETE", f"/api/objects/{id}", json=BECAUSE).status_code == 200
    assert ama.get(f"/api/objects/{id}").status_code == 404
    assert ama.get("/api/counts").json() == {"counts": []}


def test_an_etag_is_of_what_is_shown(full: Site) -> None:
    full.put("warning--1")
    ben = full.client("Ben")
    tag = ben.get("/api/objects").headers["etag"]
    full.put("warning--2", audience=Audience.of(Marking("AMBER", "Health")))
    assert ben.get("/api/objects", headers={"if-none-match": tag}).status_code == 304
    full.put("warning--3")
    assert ben.get("/api/objects", headers={"if-none-match": tag}).status_code == 200


def test_who_asks_for_a_laxer_marking_is_not_told_that_it_was_marked(site: Site) -> None:
    """It stayed as strict as it was, and oversight read that it had been restricted."""
    site.account("Ana", "Health", "analyst")
    site.put("warning--1", "AMBER+STRICT")
    ana = site.client("Ana")
    for level in ("GREEN", "AMBER", "CLEAR"):
        body = {"markings": [{"level": level}], "reason": "for neighbours"}
        answer = ana.post("/api/objects/warning--1/markings", json=body)
        assert answer.status_code == 422
        assert "change nothing" in answer.json()["title"]
    with site.database.reading() as connection:
        verbs = connection.execute(select(acts.c.verb)).scalars().all()
    assert "mark" not in verbs
