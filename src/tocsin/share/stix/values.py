"""Are numbers, names and translations such as STIX 2.1 lets them be, where no schema looks?

OASIS's validator takes each whole number, whatever its size, each name of a producer's own
property, whatever its length, and each text in another language, whatever it is a translation of.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from tocsin.share.finding import Finding
from tocsin.share.stix.kinds import OBSERVABLES
from tocsin.share.stix.lines import Lines

GREATEST = 2**53 - 1
"""The greatest whole number (STIX 2.1, 2.10): receivers with binary64 keep no digit beyond it."""
LONGEST = 250
"""Signs of the name of a property at most (STIX 2.1, 3.1)."""
UNUSED = {
    "marking-definition": ("modified", "revoked", "labels", "confidence", "lang"),
    "language-content": ("lang",),
} | dict.fromkeys(
    OBSERVABLES,
    ("created_by_ref", "revoked", "labels", "confidence", "lang", "external_references"),
)
"""Common properties that a type does not use, by type (the tables of STIX 2.1, 6 and 7)."""


def check_values(objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """Find numbers out of range, names that are too long, and translations of another shape.

    Args:
        objects: the objects of a file; those of another version than 2.1 are passed over.
        lines: where their identifiers stand.

    Yields:
        What is found, an object after the other.
    """
    versions = {(str(one.get("id")), str(one.get("modified"))): one for one in objects}
    for one in objects:
        if "created" in one and one.get("spec_version") != "2.1":
            continue
        name = str(one.get("id", ""))
        at = lines.of(name)
        for path, number in _too_great(one, ""):
            what = f"'{path}' is {number}; the greatest is {GREATEST} (STIX 2.1, 2.6 and 2.10)"
            yield Finding(at, "number-range", "error", name, what, "Write it as a text.")
        for key in one:
            if len(key) > LONGEST:
                what = f"the name '{key[:20]}…' has {len(key)} signs, of {LONGEST} (STIX 2.1, 3.1)"
                yield Finding(at, "name-long", "error", name, what, "Give it a shorter name.")
        yield from _find_unused(one, at)
        if one.get("type") == "language-content":
            meant = versions.get((str(one.get("object_ref")), str(one.get("object_modified"))))
            yield from _translation(one, meant or {}, at)


def _too_great(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Each number anywhere in a value that is too great, with its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _too_great(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _too_great(inner, path)
    elif isinstance(value, int) and abs(value) > GREATEST:
        yield path, f"a whole number of {len(str(abs(value)))} digits"
    elif isinstance(value, float) and math.isinf(value):
        yield path, "greater than a number of binary64"


def _find_unused(one: dict[str, Any], at: int) -> Iterator[Finding]:
    """Common properties that the type has not, which no MUST forbids: a warning."""
    kind, name = str(one.get("type")), str(one.get("id", ""))
    for key in UNUSED.get(kind, ()):
        if key in one:
            what = f"'{key}' is no property of {kind} (STIX 2.1, the table of its type)"
            remedy = "Leave it out: receivers pass it over."
            if kind == "marking-definition" and key in ("modified", "revoked"):
                remedy = "A marking has no versions: make another one, and mark anew with it."
            yield Finding(at, "property-unused", "warning", name, what, remedy)


def _translation(one: dict[str, Any], meant: dict[str, Any], at: int) -> Iterator[Finding]:
    """Texts in other languages that are of another shape than what they translate (7.1.1)."""
    name, contents = str(one.get("id", "")), one.get("contents")
    for language, texts in contents.items() if isinstance(contents, dict) else ():
        for key, text in texts.items() if isinstance(texts, dict) else ():
            if key in meant and (path := _unlike(meant[key], text, key)):
                what = f"'{path}' in '{language}' is of another shape than what it translates"
                remedy = "A text for a text, a list as long for a list (STIX 2.1, 7.1.1)."
                yield Finding(at, "translation-shape", "error", name, what, remedy)


def _unlike(original: Any, translated: Any, path: str) -> str:
    """Where a translation has another shape; empty: nowhere."""
    if isinstance(original, dict):
        if not isinstance(translated, dict):
            return path
        shared = [key for key in translated if key in original]
        found = (_unlike(original[key], translated[key], f"{path}.{key}") for key in shared)
        return next((one for one in found if one), "")
    if isinstance(original, list):
        if not isinstance(translated, list) or len(original) != len(translated):
            return path
        # An item that is not translated is an empty text, whatever the item is.
        pairs = [(a, b) for a, b in zip(original, translated, strict=True) if b != ""]
        return next((one for a, b in pairs if (one := _unlike(a, b, path))), "")
    return path if isinstance(original, str) and not isinstance(translated, str) else ""
