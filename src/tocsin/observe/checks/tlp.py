"""Traffic Light Protocol: what a marking lets a reader do with an object.

FIRST (2022), TLP 2.0, and the identifiers that STIX 2.1 gives both versions. A brief is made
to be shown, so only what may go to a whole community (CLEAR, WHITE, GREEN) is read; AMBER,
AMBER+STRICT and RED are refused, and so is a marking that nobody here can read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

FREE = ("CLEAR", "WHITE", "GREEN")
_IDS = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": "WHITE",
    "34098fce-860f-48ae-8e50-ebd3cc5e41da": "GREEN",
    "f88d31f6-486f-44da-b317-01333bde0b82": "AMBER",
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "RED",
    "94868c89-83c2-464b-929b-a1a8aa3c8487": "CLEAR",
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "GREEN",
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421": "AMBER",
    "939a9414-2ddd-4d32-a0cd-375ea402b003": "AMBER+STRICT",
    "e828b379-4e03-4974-9ac4-e53a884c97c1": "RED",
}
_ORDER = ("CLEAR", "WHITE", "GREEN", "AMBER", "AMBER+STRICT", "RED")


def marking(item: Mapping[str, Any], objects: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The strictest level that marks an object or a part of it; None where none does.

    Args:
        item: a STIX object.
        objects: the objects of its bundle by id, for markings that the bundle defines.

    Returns:
        A level of TLP, or 'unreadable' where a marking is neither one of TLP nor defined.
    """
    levels = [_level(ref, objects) for ref in _references(item)]
    if "unreadable" in levels:
        return "unreadable"
    known = [level for level in levels if level in _ORDER]
    return max(known, key=_ORDER.index) if known else None


def is_free(level: str | None) -> bool:
    """May rows that come from an object of this level be kept and shown?"""
    return level is None or level in FREE


def _references(item: Mapping[str, Any]) -> Iterator[str]:
    whole, granular = item.get("object_marking_refs", []), item.get("granular_markings", [])
    yield from (str(ref) for ref in (whole if isinstance(whole, list) else [whole]))
    for part in granular if isinstance(granular, list) else [granular]:
        # A marking of language ('lang') names no definition and limits nothing.
        if not isinstance(part, dict) or "lang" not in part:
            yield str(part.get("marking_ref")) if isinstance(part, dict) else ""


def _level(ref: str, objects: Mapping[str, Mapping[str, Any]]) -> str:
    level = _IDS.get(ref.removeprefix("marking-definition--").lower())
    if level:
        return level
    defined = objects.get(ref, {})
    if defined.get("type") != "marking-definition":
        return "unreadable"
    definition = defined.get("definition")
    said = definition.get("tlp") if isinstance(definition, dict) else None
    for extension in _values(defined.get("extensions")):
        said = extension.get("tlp_2_0", said) if isinstance(extension, dict) else said
    said = said or defined.get("name") or ""
    named = str(said).upper().replace(" ", "").removeprefix("TLP:")
    if named in _ORDER:
        return named
    return "unreadable" if "TLP" in str(said).upper() else "statement"


def _values(item: Any) -> list[Any]:
    return list(item.values()) if isinstance(item, dict) else []
