"""Pull objects from a partner's TAXII 2.1 server into a folder, and go on where one stopped.

Each object is kept once, with the bytes in which it came and its own markings; nothing of it is
changed. The folder's pages are all the memory that is needed beside the place in the partner's list
(`cursor.json`). Some servers give several objects one time and compare by 'later than', so a pull
asks again for the last moment that it has, and passes over what it holds already.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import httpx

from tocsin.base.atomic import check_folder, write_bytes
from tocsin.errors import TocsinError, UsageError
from tocsin.share.stix.original import fault_of, split_objects

T = TypeVar("T")

TAXII = "application/taxii+json;version=2.1"
PER_PAGE = 500
LARGEST = 50 * 1024 * 1024
"""Bytes of one answer, at most."""
CURSOR, WHOLE = "cursor.json", "objects.json"
OVERLAP = timedelta(milliseconds=1)
"""The finest time that every server of TAXII keeps."""
HERE = {"localhost", "127.0.0.1", "::1"}
EMPTY_PAGES = 100
"""Pages without anything new that are passed over, one after another, at most."""
BUSY = {429, 503}
WAITS, LONGEST_WAIT = 5, 60
"""How often, and how many seconds at most, a server that is busy is waited for."""


@dataclass(frozen=True)
class Pulled:
    """This is what a pull did."""

    collection: str
    """The address of the collection."""
    new: int
    """So many objects and versions came that were not here."""
    known: int
    """So many came that were here already."""
    refused: tuple[str, ...]
    """Identifiers of what is no object of STIX 2.1, and was left out."""


def pull(
    url: str,
    out: Path,
    *,
    client: httpx.Client,
    collection: str = "",
    on_page: Callable[[int], None] = lambda _count: None,
) -> Pulled:
    """Pull what is new in a collection.

    Args:
        url: the address of a server's discovery, of an API root, or of a collection.
        out: the folder to keep objects in. It holds objects of one collection.
        client: with the authentication that the server asks for; it should follow no redirects.
        collection: the identifier or title of the collection; empty where there is only one.
        on_page: is told after each page how many new objects there are so far.

    Returns:
        What came. The folder has `objects.json`, an envelope with every object, which
        `tocsin observe` and `tocsin stix check` read, and the pages in which they came.

    Raises:
        UsageError: the address is none, is not protected, or holds several collections.
        TocsinError: the server did not answer as TAXII asks. What came before is kept, and the
            next pull goes on from there.
    """
    check_folder(out)
    found = _collection(client, url, collection)
    out.mkdir(parents=True, exist_ok=True)
    cursor = _cursor(out, found)
    seen = {digest for page in _pages(out) for _, content in page for digest in [_digest(content)]}
    new = known = 0
    refused: list[str] = []
    latest = cursor.get("added_after", "")
    for objects, added_last in _answers(client, found, latest):
        fresh = []
        for told, content in objects:
            if fault_of(told):
                refused.append(str(told.get("id", "?")) if isinstance(told, dict) else "?")
            elif _digest(content) in seen:
                known += 1
            else:
                seen.add(_digest(content))
                fresh.append(content)
        if fresh:
            page = _envelope(fresh)
            write_bytes(out / f"page-{hashlib.sha256(page).hexdigest()[:24]}.json", page)
        new += len(fresh)
        latest = max(latest, added_last, key=_moment)
        on_page(new)
    # Only a list that was read to its end tells that nothing before its last moment is missing.
    _write_cursor(out, found, latest)
    if new or not (out / WHOLE).exists():
        write_bytes(
            out / WHOLE, _envelope([content for page in _pages(out) for _, content in page])
        )
    return Pulled(found, new, known, tuple(refused))


def _envelope(contents: list[bytes]) -> bytes:
    return b'{"objects":[\n' + b",\n".join(contents) + b"\n]}\n"


def _pages(out: Path) -> Iterator[list[tuple[Any, bytes]]]:
    for path in sorted(out.glob("page-*.json")):
        yield split_objects(path.read_bytes())[1]


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text) if text else datetime.fromisoformat("1970-01-01T00:00:00Z")


def _cursor(out: Path, collection: str) -> dict[str, str]:
    place = out / CURSOR
    if not place.exists():
        return {}
    try:
        kept = json.loads(place.read_bytes())
        kept["added_after"] and _moment(kept["added_after"])
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            "The place in the list cannot be read.", where=str(place),
            remedy="Delete the file: everything is asked for again, and nothing is kept twice.",
        ) from error  # fmt: skip
    if kept.get("collection") != collection:
        raise UsageError(
            "The folder holds objects of another collection.", where=str(out),
            remedy="Name a folder of its own for each collection.",
        )  # fmt: skip
    return dict(kept)


def _write_cursor(out: Path, collection: str, added_after: str) -> None:
    told = {"collection": collection, "added_after": added_after}
    write_bytes(out / CURSOR, (json.dumps(told, indent=1) + "\n").encode())


def _answers(
    client: httpx.Client, collection: str, added_after: str
) -> Iterator[tuple[list[tuple[Any, bytes]], str]]:
    """The pages of a collection from a moment on, with the time at which the last was added."""
    params = {"limit": str(PER_PAGE)}
    if added_after:
        params["added_after"] = (_moment(added_after) - OVERLAP).isoformat().replace("+00:00", "Z")
    seen: set[bytes] = set()
    places: set[str] = set()
    idle = 0
    while True:
        answer = _get(client, urljoin(collection, "objects/"), params)
        told, objects = _split(answer)
        # One server leaves the last out where a page has a single object.
        first = answer.headers.get("x-taxii-date-added-first", "")
        last = answer.headers.get("x-taxii-date-added-last", "") or first
        try:
            if _moment(last).tzinfo is None:
                raise ValueError(last)
        except ValueError as error:
            raise _faulty(answer, "the time at which objects were added is none") from error
        yield objects, last
        if not told.get("more"):
            return
        place = str(told.get("next") or last)
        before = len(seen)
        seen.update(_digest(content) for _, content in objects)
        idle = 0 if len(seen) > before else idle + 1
        # A server may give the same place again and mean the next page by it; or leave out of a
        # page all that we may not see, and go on.
        if not place or (idle and (place in places or idle > EMPTY_PAGES)):
            raise _faulty(answer, "the server says that there is more and does not go on")
        places.add(place)
        if told.get("next"):
            params["next"] = place
        else:
            # The standard lets a server page by this time alone.
            params.pop("next", None)
            params["added_after"] = place


def _collection(client: httpx.Client, url: str, wanted: str) -> str:
    """The address of the collection that is meant, on the server that was named."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in HERE):
        raise UsageError(
            "The address is not protected.", where=url,
            remedy="Give an address that begins with https://.",
        )  # fmt: skip
    url = url if url.endswith("/") else url + "/"
    if url.endswith("/objects/"):
        url = url.removesuffix("objects/")
    told = _json(client, url)
    if "can_read" in told:
        return url
    roots = [url] if "versions" in told else _list_of(told, "api_roots", str, "addresses", url)
    found: list[tuple[str, str, str]] = []
    elsewhere = []
    for root in (urljoin(url, one) for one in roots):
        if _server(root) != _server(url):
            elsewhere.append(root)
            continue
        base = root if root.endswith("/") else root + "/"
        answer = _json(client, urljoin(base, "collections/"))
        for one in _list_of(answer, "collections", dict, "collections", base):
            names = (one.get("id"), one.get("title"), one.get("alias"))
            if one.get("can_read") and (not wanted or wanted in names):
                address = urljoin(base, f"collections/{one.get('id')}/")
                found.append((address, str(one.get("id")), str(one.get("title"))))
    if not found and elsewhere:
        raise UsageError(
            f"Its collections are at another server or protocol: {elsewhere[0][:200]}.", where=url,
            remedy="Nothing is sent there unasked. Name that address yourself if you trust it.",
        )  # fmt: skip
    if len(found) != 1:
        listed = "; ".join(f"{id} ({title})" for _, id, title in found)
        raise UsageError(
            "There is no such collection that you may read." if not found
            else "There are several collections.", where=url,
            remedy=f"Name one of them: {listed}." if found else "Ask its owner for access.",
        )  # fmt: skip
    return found[0][0]


def _server(url: str) -> tuple[str, str | None, int | None]:
    """Protocol, host and port; a port that stands for itself is the one of the protocol."""
    parts = urlsplit(url)
    try:
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        port = -1
    return parts.scheme, parts.hostname, port


def _list_of(told: dict[str, Any], key: str, kind: type[T], what: str, url: str) -> list[T]:
    """The values under a key, all of one kind; there may be none."""
    some = told.get(key)
    if some is None:
        return []
    if not isinstance(some, list) or not all(isinstance(one, kind) for one in some):
        raise _wrong(f"'{key}' is no list of {what}", url)
    return some


def _json(client: httpx.Client, url: str) -> dict[str, Any]:
    answer = _get(client, url, {})
    try:
        told = answer.json()
    except ValueError as error:
        raise _faulty(answer, "the answer is no JSON") from error
    if not isinstance(told, dict):
        raise _faulty(answer, "the answer is no object")
    return told


def _split(answer: httpx.Response) -> tuple[dict[str, Any], list[tuple[Any, bytes]]]:
    if not answer.content.strip():
        return {}, []
    try:
        return split_objects(answer.content)
    except UsageError as error:
        raise _faulty(answer, error.what.rstrip(".")) from error


def _ask(client: httpx.Client, url: str, params: dict[str, str]) -> httpx.Response:
    try:
        return client.get(url, params=params, headers={"accept": TAXII})
    except httpx.HTTPError as error:
        raise TocsinError(
            f"The server does not answer ({type(error).__name__}).", where=url,
            remedy="Try again later; what came before is kept.",
        ) from error  # fmt: skip


def _wait_of(answer: httpx.Response) -> float | None:
    """The seconds that a busy server asks to wait for (RFC 9110, 10.2.3); None: it says nothing."""
    text = answer.headers.get("retry-after", "").strip()
    try:
        if text.isascii() and text.isdigit():
            return float(text)
        when = parsedate_to_datetime(text)
        return max(0.0, (when - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return None


def _get(client: httpx.Client, url: str, params: dict[str, str]) -> httpx.Response:
    answer = _ask(client, url, params)
    for _ in range(WAITS):
        wait = _wait_of(answer) if answer.status_code in BUSY else None
        if wait is None or wait > LONGEST_WAIT:
            break
        time.sleep(wait)
        answer = _ask(client, url, params)
    if answer.status_code in BUSY:
        said = answer.headers.get("retry-after", "")[:60]
        until = f"{int(said):,} seconds" if said.isascii() and said.isdigit() else said
        raise TocsinError(
            f"The server is busy (status {answer.status_code})"
            + (f" and asks to be left alone: {until}." if until else "."),
            where=url, remedy="Try again then; what came before is kept.",
        )  # fmt: skip
    if answer.status_code in {401, 403}:
        raise TocsinError(
            "The server does not let you in.", where=url, remedy="Check the token or the password."
        )
    if answer.status_code != 200:
        raise _faulty(answer, f"it answered with status {answer.status_code}")
    if len(answer.content) > LARGEST:
        raise _faulty(answer, f"the answer has more than {LARGEST:,} bytes")
    return answer


def _faulty(answer: httpx.Response, what: str) -> TocsinError:
    return _wrong(what, str(answer.request.url))


def _wrong(what: str, url: str) -> TocsinError:
    return TocsinError(
        f"The server does not speak TAXII 2.1 as it should: {what}.",
        where=url[:300],
        remedy="Check the address; what came before is kept, and the next pull goes on from there.",
    )
