"""Pulling from servers that behave, that stop in the middle, and that do not behave."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.errors import TocsinError, UsageError
from tocsin.share.stix import check
from tocsin.share.stix.original import split_objects
from tocsin.share.stix.pull import CURSOR, PER_PAGE, pull

ROOT = "https://partner.example/taxii2/"
COLLECTION = f"{ROOT}api/collections/one/"
Handler = Callable[[httpx.Request], httpx.Response]


def report(n: int) -> bytes:
    id = uuid.UUID(int=n, version=4)
    return (
        f'{{"type": "identity", "spec_version": "2.1", "id":"identity--{id}",\n "name": "n{n}", '
        '"identity_class": "group", "created": "2026-01-01T00:00:00.100000Z", '
        '"modified": "2026-01-01T00:00:00.100Z"}'
    ).encode()


class Partner:
    """A server that gives several objects one time, as some do, and pages by numbers."""

    def __init__(self) -> None:
        self.added: list[tuple[str, bytes]] = []
        self.fail_at = -1
        self.asked = 0

    def add(self, *some: bytes, at: str = "2026-11-26T08:00:00.000000Z") -> None:
        self.added += [(at, one) for one in some]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path, params = request.url.path, request.url.params
        if path == "/taxii2/":
            return httpx.Response(200, json={"title": "t", "api_roots": ["/taxii2/api/"]})
        if path.endswith("/collections/"):
            listed = [{"id": "one", "title": "One", "can_read": True},
                      {"id": "two", "title": "Two", "can_read": False}]  # fmt: skip
            return httpx.Response(200, json={"collections": listed})
        if path.endswith("/one/"):
            return httpx.Response(200, json={"id": "one", "can_read": True})
        self.asked += 1
        if self.asked == self.fail_at:
            return httpx.Response(503)
        found = [one for one in self.added if one[0] > params.get("added_after", "")]
        start = int(params.get("next", 0))
        page = found[start : start + min(3, int(params["limit"]))]
        more = start + 3 < len(found)
        head = b'{"more": true, "next": "%d", ' % (start + 3) if more else b'{"more": false, '
        body = head + b'"objects": [ ' + b" , ".join(one for _, one in page) + b"]}"
        headers = {"X-TAXII-Date-Added-Last": page[-1][0]} if page else {}
        return httpx.Response(200, content=body if page else b"{}", headers=headers)


def asked(handler: Handler) -> httpx.Client:
    return httpx.Client(transport=httpx.MockTransport(handler))


def kept(out: Path) -> list[bytes]:
    return [content for _, content in split_objects((out / "objects.json").read_bytes())[1]]


@pytest.mark.slow
def test_everything_comes_once_with_its_own_bytes(tmp_path: Path) -> None:
    partner = Partner()
    partner.add(*map(report, range(8)))
    found = pull(ROOT, tmp_path, client=asked(partner))
    assert (found.collection, found.new, found.known, found.refused) == (COLLECTION, 8, 0, ())
    assert sorted(kept(tmp_path)) == sorted(map(report, range(8)))
    assert check({"o": (tmp_path / "objects.json").read_bytes()})[0].valid
    # Nine more have the very time of the last; 'later than' alone would lose them.
    partner.add(*map(report, range(8, 17)))
    assert pull(COLLECTION, tmp_path, client=asked(partner)).new == 9
    assert pull(f"{ROOT}api/collections/one", tmp_path, client=asked(partner)).new == 0
    assert len(kept(tmp_path)) == 17


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15,
          deadline=None)  # fmt: skip
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 5)), min_size=1, max_size=5))
def test_a_pull_that_breaks_off_goes_on(tmp_path: Path, rounds: list[tuple[int, int]]) -> None:
    out = tmp_path / uuid.uuid4().hex
    partner, n = Partner(), 0
    for day, (count, fail_at) in enumerate(rounds, 1):
        partner.add(*map(report, range(n, n + count)), at=f"2026-11-{day:02d}T08:00:00.000000Z")
        n += count
        partner.asked, partner.fail_at = 0, fail_at
        with suppress(TocsinError):
            pull(ROOT, out, client=asked(partner))
    partner.fail_at = -1
    pull(ROOT, out, client=asked(partner))
    assert sorted(kept(out)) == sorted(map(report, range(n)))


def test_what_is_no_object_is_left_out_and_said(tmp_path: Path) -> None:
    partner = Partner()
    partner.add(report(1), b'{"id": "x"}', b"3")
    found = pull(ROOT, tmp_path, client=asked(partner))
    assert (found.new, found.refused) == (1, ("x", "?"))


def answering(told: Any, **headers: str) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("objects/"):
            content = told if isinstance(told, bytes) else json.dumps(told).encode()
            return httpx.Response(200, content=content, headers=headers)
        return httpx.Response(200, json={"id": "one", "can_read": True})

    return handler


CIRCLE = {"more": True, "next": "a", "objects": [{"id": "x"}]}


@pytest.mark.parametrize(
    ("handler", "what"),
    [
        (answering(CIRCLE), "does not go on"),
        (answering({"more": True}), "does not go on"),
        (answering(b"<html>"), "no envelope"),
        (answering({"objects": []}, **{"x-taxii-date-added-last": "yesterday"}), "is none"),
        (lambda _request: httpx.Response(302, headers={"location": "https://b.example"}), "302"),
        (lambda _request: httpx.Response(401), "does not let you in"),
        (lambda _request: httpx.Response(200, content=b"[]"), "no object"),
        (lambda _request: httpx.Response(200, content=b"x"), "no JSON"),
    ],
)
def test_servers_that_do_not_behave(tmp_path: Path, handler: Handler, what: str) -> None:
    with pytest.raises(TocsinError, match=what):
        pull(COLLECTION, tmp_path, client=asked(handler))


def test_addresses_and_folders_that_are_wrong(tmp_path: Path) -> None:
    partner = asked(Partner())
    with pytest.raises(UsageError, match="not protected"):
        pull("http://partner.example/taxii2/", tmp_path, client=partner)
    with pytest.raises(UsageError, match="no such collection"):
        pull(ROOT, tmp_path, client=partner, collection="two")
    pull(ROOT, tmp_path, client=partner, collection="One")
    cursor = json.loads((tmp_path / CURSOR).read_text())
    (tmp_path / CURSOR).write_text(json.dumps(cursor | {"collection": "another"}))
    with pytest.raises(UsageError, match="another collection"):
        pull(ROOT, tmp_path, client=partner)
    (tmp_path / CURSOR).write_text("{")
    with pytest.raises(UsageError, match="cannot be read"):
        pull(ROOT, tmp_path, client=partner)


def test_a_root_on_another_server_is_not_asked(tmp_path: Path) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        assert request.url.host == "partner.example"
        return httpx.Response(200, json={"title": "t", "api_roots": ["https://evil.example/api/"]})

    with pytest.raises(UsageError, match=r"another server or protocol: https://evil.example/api/"):
        pull(ROOT, tmp_path, client=asked(handler))


def test_pages_are_asked_for_in_numbers_that_servers_allow() -> None:
    assert PER_PAGE <= 1000


def test_a_server_that_names_every_next_page_alike(tmp_path: Path) -> None:
    """The public server `medallion` does so, and leaves a time out where a page has one object."""
    pages = iter([report(1), report(2), report(3)])

    def handler(request: httpx.Request) -> httpx.Response:
        if not request.url.path.endswith("objects/"):
            return httpx.Response(200, json={"id": "one", "can_read": True})
        one = next(pages)
        more = b'"more": true, "next": "same", ' if one != report(3) else b""
        headers = {"x-taxii-date-added-first": "2026-11-26T08:00:00Z"}
        return httpx.Response(200, content=b"{" + more + b'"objects": [' + one + b"]}",
                              headers=headers)  # fmt: skip

    assert pull(COLLECTION, tmp_path, client=asked(handler)).new == 3
    assert "2026-11-26T08:00:00Z" in (tmp_path / CURSOR).read_text()


def of_pages(*pages: dict[str, Any], **headers: str) -> Handler:
    """A collection whose pages come one after another, the last one again and again."""
    left = list(pages)

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("objects/"):
            told = left.pop(0) if len(left) > 1 else left[0]
            return httpx.Response(200, json=told, headers=headers)
        return httpx.Response(200, json={"id": "one", "can_read": True})

    return handler


def page(*some: int, **beside: Any) -> dict[str, Any]:
    return {"objects": [json.loads(report(n)) for n in some]} | beside


@pytest.mark.parametrize(
    "pages",
    [
        (page(1, more=True, next="a"), page(more=True, next="b"), page(2)),
        (page(more=True, next="a"), page(1, 2)),
        (page(1, more=True, next=5), page(1, 2)),
    ],
)
def test_an_empty_page_is_passed_over(tmp_path: Path, pages: tuple[dict[str, Any], ...]) -> None:
    assert pull(COLLECTION, tmp_path, client=asked(of_pages(*pages))).new == 2


def test_empty_pages_without_end_are_no_list(tmp_path: Path) -> None:
    numbers = iter(range(10**6))

    def handler(request: httpx.Request) -> httpx.Response:
        told = {"more": True, "next": str(next(numbers))}
        whole = told if request.url.path.endswith("objects/") else {"can_read": True}
        return httpx.Response(200, json=whole)

    with pytest.raises(TocsinError, match="does not go on"):
        pull(COLLECTION, tmp_path, client=asked(handler))


def test_a_next_that_is_null_is_none(tmp_path: Path) -> None:
    moments = iter(["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"])
    first = of_pages(page(1, more=True, next=None), page(2))

    def handler(request: httpx.Request) -> httpx.Response:
        assert "next" not in request.url.params
        answer = first(request)
        if request.url.path.endswith("objects/"):
            answer.headers["x-taxii-date-added-last"] = next(moments)
        return answer

    assert pull(COLLECTION, tmp_path, client=asked(handler)).new == 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_waited_for(
    tmp_path: Path, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    asks = iter([httpx.Response(status, headers={"retry-after": "7"})] * 2)
    then = of_pages(page(1))
    found = pull(COLLECTION, tmp_path, client=asked(lambda request: next(asks, then(request))))
    assert (found.new, waits) == (1, [7.0, 7.0])


@pytest.mark.parametrize(
    ("said", "told", "waited"),
    [
        ("7200", "alone: 7,200 seconds", 0),
        ("Fri, 27 Nov 2099 14:00:00 GMT", "alone: Fri, 27 Nov 2099", 0),
        ("Fri, 27 Nov 2020 14:00:00 GMT", "alone: Fri, 27 Nov 2020", 5),
        ("3", "alone: 3 seconds", 5),
        ("soon", "alone: soon", 0),
        ("", r"busy \(status 503\)\.", 0),
    ],
)
def test_a_server_that_stays_busy_is_left_alone(
    tmp_path: Path, said: str, told: str, waited: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    busy = httpx.Response(503, headers={"retry-after": said} if said else {})
    with pytest.raises(TocsinError, match=told):
        pull(COLLECTION, tmp_path, client=asked(lambda _request: busy))
    assert len(waits) == waited


def naming(discovery: dict[str, Any], collections: dict[str, Any]) -> Handler:
    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("collections/"):
            return httpx.Response(200, json=collections)
        if request.url.path.endswith("objects/"):
            return httpx.Response(200, json=page(1))
        return httpx.Response(200, json=discovery)

    return handler


ONE = {"collections": [{"id": "one", "title": "One", "alias": "uno", "can_read": True}]}
OTHER = {"id": "two", "can_read": True}
THERE = {"api_roots": ["/taxii2/api/"]}


@pytest.mark.parametrize(
    ("discovery", "collections", "wanted"),
    [
        ({"api_roots": ["https://PARTNER.example:443/taxii2/api/"]}, ONE, ""),
        (THERE, {"collections": [*ONE["collections"], OTHER]}, "uno"),
    ],
)
def test_a_collection_is_found(
    tmp_path: Path, discovery: dict[str, Any], collections: dict[str, Any], wanted: str
) -> None:
    client = asked(naming(discovery, collections))
    assert pull(ROOT, tmp_path, client=client, collection=wanted).new == 1


@pytest.mark.parametrize(
    ("discovery", "collections", "what"),
    [
        ({"api_roots": None}, ONE, "no such collection"),
        ({"api_roots": [5]}, ONE, "'api_roots' is no list"),
        ({"api_roots": "/taxii2/api/"}, ONE, "'api_roots' is no list"),
        ({"api_roots": ["http://partner.example/taxii2/api/"]}, ONE, "or protocol: http:"),
        ({"api_roots": ["https://partner.example:x/"]}, ONE, "or protocol: https:"),
        (THERE, {"collections": None}, "no such collection"),
        (THERE, {"collections": ["one"]}, "'collections' is no list"),
    ],
)
def test_a_discovery_that_is_none(
    tmp_path: Path, discovery: dict[str, Any], collections: dict[str, Any], what: str
) -> None:
    with pytest.raises(TocsinError, match=what):
        pull(ROOT, tmp_path, client=asked(naming(discovery, collections)))


def test_the_address_of_a_collections_objects_is_the_collection(tmp_path: Path) -> None:
    found = pull(f"{COLLECTION}objects/", tmp_path, client=asked(of_pages(page(1))))
    assert (found.collection, found.new) == (COLLECTION, 1)


def test_a_time_without_a_zone_is_none(tmp_path: Path) -> None:
    handler = of_pages(page(1), **{"x-taxii-date-added-last": "2026-01-02T00:00:00"})
    with pytest.raises(TocsinError, match="is none"):
        pull(COLLECTION, tmp_path, client=asked(handler))
