"""No answer is a fault of the server, whatever is sent to whichever route."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from share.server.conftest import Site
from tocsin.share.server.access.reader import ROLES
from tocsin.share.server.accounts import people
from tocsin.share.server.running.app import ROUTERS

NASTY = st.sampled_from(["", "\0", "\ud800", "a" * 300, "٣", "1e999", "../..", "{x}", "'", "%00"])
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | NASTY
    | st.sampled_from(["GREEN", "RED", "warning", "note", "report", "because of this"]),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(NASTY, parts, max_size=3),
    max_leaves=6,
)  # fmt: skip
KEYS = [
    "type", "payload", "markings", "jurisdiction", "parent", "reason", "objects", "key", "place",
    "sending", "branch", "trunk", "answers", "level", "groups", "blur", "withhold", "reports",
    "scopes", "label", "days", "organisation", "role", "act", "member", "name", "password",
]  # fmt: skip
MARKING = st.fixed_dictionaries({"level": st.sampled_from(["GREEN", "RED"])}, optional={
    "groups": st.lists(NASTY, max_size=2), "readers": st.lists(NASTY, max_size=1),
})  # fmt: skip
LIKELY = st.one_of(
    st.fixed_dictionaries({
        "type": st.just("warning"), "payload": st.dictionaries(NASTY, VALUE, max_size=3),
        "markings": st.lists(MARKING, min_size=1, max_size=2),
        "jurisdiction": NASTY, "parent": st.none() | NASTY,
    }),
    st.fixed_dictionaries({
        "key": st.just("k" * 20), "sending": NASTY | st.just("s" * 20), "branch": st.just("b" * 20),
        "answers": st.fixed_dictionaries({"event_date": st.just("2026-11-20"), "country": NASTY,
                                          "event_kind": st.just("other"), "point": NASTY}),
    }),
    st.dictionaries(st.sampled_from(KEYS), VALUE, max_size=6),
    VALUE,
)  # fmt: skip
ROUTES = [one for router in ROUTERS for one in router.routes if isinstance(one, APIRoute)]


@pytest.mark.slow
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8,
    phases=(Phase.explicit, Phase.generate),
)  # fmt: skip
@example({"\ud800": "report", "\x00": 2**70}, "%00", "field reporter")
@given(LIKELY, NASTY, st.sampled_from(["analyst", "administrator", "field reporter"]))
def test_whatever_is_sent_is_answered(site: Site, body: object, text: str, role: str) -> None:
    assert role in ROLES
    # A stream that the server means to end has one look.
    site.service.stopping = lambda: True
    site.account(role, role=role)
    site.put("warning--1")
    client = site.client(role)
    content = json.dumps(body)
    form = {
        part.encode("utf-8", "replace").decode(): str(value).encode("utf-8", "replace").decode()
        for part, value in (body.items() if isinstance(body, dict) else ())
    }
    odd = quote(text.encode("utf-8", "replace"), safe="")
    for route in ROUTES:
        for id in ("warning--1", odd):
            path = route.path
            for part in ("id", "secret", "language", "name", "api_root", "collection_id",
                         "object_id", "status_id"):  # fmt: skip
                path = path.replace(f"{{{part}}}", id)
            for method in sorted(route.methods):
                kind = {"content-type": "application/json", "if-match": odd}
                answers = [
                    client.request(method, path, content=content, headers=kind),
                    client.request(method, f"{path}?after={odd}&limit={odd}&lang={odd}", data=form),
                ]
                for answer in answers:
                    assert answer.status_code < 500, (method, path, answer.text[:300])


def test_a_body_that_is_too_deep_is_refused(site: Site) -> None:
    site.account("Ama")
    deep = '{"type": "note", "markings": [{"level": "GREEN"}], "payload": {"a": '
    content = deep + "[" * 50_000 + "]" * 50_000 + "}}"
    kind = {"content-type": "application/json"}
    answer = site.client("Ama").post("/api/objects", content=content, headers=kind)
    assert 400 <= answer.status_code < 500


def test_one_that_cannot_be_kept_stops_no_other(site: Site) -> None:
    site.account("Ama")
    good = {"type": "note", "markings": [{"level": "GREEN"}], "payload": {}}
    content = json.dumps({"objects": [good, good | {"payload": {"a": "\ud800"}}, good]})
    kind = {"content-type": "application/json"}
    answer = site.client("Ama").post("/api/objects/bulk", content=content, headers=kind)
    assert ["id" in one for one in answer.json()["objects"]] == [True, False, True]


def test_what_was_given_out_before_is_not_given_out_after(site: Site) -> None:
    """A place in a list, an address of a download and an entity tag are worth nothing by
    themselves: what is marked more strictly, and who is out, counts at the next request."""
    site.account("Ama")
    site.account("Ben", "Interior")
    for n in range(3):
        site.put(f"warning--{n}")
    ben, key = site.client("Ben"), "/api/objects/warning--1"
    first = ben.get("/api/objects", params={"limit": 1}).json()
    tag = ben.get(key).headers["etag"]
    digest = ben.get(f"{key}/payload").headers["etag"]
    stricter = {"markings": [{"level": "AMBER"}], "reason": "because of this"}
    assert site.client("Ama").post(f"{key}/markings", json=stricter).status_code == 200
    for path, known in ((key, tag), (f"{key}/payload", digest), (f"{key}/versions", tag)):
        assert ben.get(path, headers={"if-none-match": known}).status_code == 404
    after = ben.get("/api/objects", params={"limit": 1, "after": first["next"]}).json()
    assert [one["id"] for one in after["objects"]] == ["warning--2"]
    with site.database.writing() as connection:
        people.disable(connection, site.account("Ben", "Interior").account)
    for path in ("/api/objects", "/api/objects/warning--2", "/api/objects/warning--2/payload"):
        assert ben.get(path).status_code == 401
