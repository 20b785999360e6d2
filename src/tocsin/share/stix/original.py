"""Objects of STIX with the very bytes in which they came.

Who reads JSON and writes it again changes it: times lose digits, numbers their form, keys their
order; and a digest or a signature over the object no longer holds. So the bytes of each object are
cut out of the file as they stand, and kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from tocsin.errors import UsageError

STIX = "application/stix+json;version=2.1"
"""The media type of an object of STIX 2.1 (OASIS, TAXII 2.1, 1.6.8)."""
ID = re.compile(
    r"(?P<type>[a-z][a-z0-9-]{1,48}[a-z0-9])--"
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)
SPACE = re.compile(r"[ \t\r\n]*")


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"'{text}' is no number of JSON")


_DECODER = json.JSONDecoder(parse_constant=_no_number)


def split_objects(content: bytes) -> tuple[dict[str, Any], list[tuple[Any, bytes]]]:
    """Cut an envelope of TAXII or a bundle of STIX into its objects.

    Args:
        content: the bytes of a JSON object.

    Returns:
        Its members other than `objects`, and each object with its own bytes.

    Raises:
        UsageError: this is no JSON in UTF-8, no object, or its `objects` are no list.
    """
    try:
        text = content.decode("utf-8")
        return _split(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"This is no envelope of JSON ({str(error)[:120]}).") from error


def _split(text: str) -> tuple[dict[str, Any], list[tuple[Any, bytes]]]:
    members: dict[str, Any] = {}
    objects: list[tuple[Any, bytes]] = []
    at = _expect(text, 0, "{")
    at = _space(text, at)
    while text[at : at + 1] != "}":
        name, at = _DECODER.raw_decode(text, at)
        if not isinstance(name, str) or name in members or (name == "objects" and objects):
            raise ValueError("a name is no text, or stands twice")
        at = _space(text, _expect(text, at, ":"))
        if name == "objects":
            if text[at : at + 1] != "[":
                raise ValueError("'objects' is no list")
            for value, start, end in _elements(text, at + 1):
                if end:
                    objects.append((value, text[start:end].encode()))
                else:
                    at = start
        else:
            members[name], at = _DECODER.raw_decode(text, at)
        at = _space(text, at)
        if text[at : at + 1] == ",":
            at = _space(text, at + 1)
            if text[at : at + 1] == "}":
                raise ValueError("a comma stands before the end")
        elif text[at : at + 1] != "}":
            raise ValueError("a comma is missing")
    if _space(text, at + 1) != len(text):
        raise ValueError("something follows the end")
    return members, objects


def _elements(text: str, at: int) -> Iterator[tuple[Any, int, int]]:
    """The elements of a list with their places; last, the place after the list, and 0."""
    at = _space(text, at)
    if text[at : at + 1] == "]":
        yield None, at + 1, 0
        return
    while True:
        start = at
        value, at = _DECODER.raw_decode(text, at)
        yield value, start, at
        at = _space(text, at)
        if text[at : at + 1] == "]":
            yield None, at + 1, 0
            return
        at = _space(text, _expect(text, at, ","))


def _space(text: str, at: int) -> int:
    found = SPACE.match(text, at)
    return found.end() if found else at


def _expect(text: str, at: int, sign: str) -> int:
    at = _space(text, at)
    if text[at : at + 1] != sign:
        raise ValueError(f"'{sign}' is missing")
    return at + 1


def version_of(told: Any) -> str:
    """Give the version of an object: its `modified`, else `created`; a fixed time for others.

    Args:
        told: the object.

    Returns:
        A time of RFC 3339; TAXII 2.1, 3.4.1, gives 1970 for objects that have neither.
    """
    return str(told.get("modified") or told.get("created") or "1970-01-01T00:00:00.000Z")


def fault_of(told: Any) -> str:
    """Say why something cannot be kept as an object of STIX 2.1.

    Args:
        told: what was read.

    Returns:
        A sentence; empty where it can be kept.
    """
    if not isinstance(told, dict):
        return "It is no object."
    found = ID.fullmatch(str(told.get("id", "")))
    if not found or found["type"] != told.get("type"):
        return "Its 'id' is not its type and a UUID."
    if told.get("spec_version", "2.1") != "2.1":
        return "It is not of STIX 2.1."
    return ""
