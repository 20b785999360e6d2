"""Do the versions of one object agree, and the objects of one producer? (STIX 2.1, 2.9 and 3.6)

OASIS's validator looks at each object by itself, and so at none of this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any

from tocsin.share.finding import Finding
from tocsin.share.stix.lines import Lines

AT_ONE = {
    "created": ("created-changed", "3.2", "Every version has the time of the first."),
    "created_by_ref": ("creator-changed", "3.6", "Who is not the creator makes a new object."),
}
"""What no version of an object may have otherwise, with the rule, the clause and the remedy."""


def check_history(objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """Find what contradicts itself among the versions of an object, or the names of a producer.

    Args:
        objects: the objects of a file.
        lines: where their identifiers stand.

    Yields:
        A finding for each object, or version of one, that contradicts an earlier one.
    """
    yield from _twice(objects, lines)
    versions: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    nth: dict[str, count[int]] = defaultdict(count)
    for one in objects:
        if name := _id(one):
            versions[name].append((next(nth[name]), one))
    for name, some in versions.items():
        if len(some) > 1:
            yield from _otherwise(name, some, lines)
            yield from _after_revoked(name, some, lines)
            yield from _marking_versions(name, some, lines)
    yield from _find_shared_ids(objects, lines)


def _twice(objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """One version of an object that says two things (STIX 2.1, 3.6)."""
    seen: dict[tuple[str, str], dict[str, Any]] = {}
    counts: dict[str, int] = {}
    for one in objects:
        name = _id(one)
        nth = counts[name] = counts.get(name, -1) + 1
        key = name, str(one.get("modified", one.get("created", "")))
        if not name or key not in seen:
            seen[key] = one
            continue
        if seen[key] != one:
            what = "it stands twice with the same time and says other things"
            remedy = "A changed object has a later 'modified'."
            yield Finding(lines.of(name, nth), "version-forked", "error", name, what, remedy)
        else:
            yield Finding(lines.of(name, nth), "twice", "warning", name, "it stands twice")


def _otherwise(
    name: str, some: list[tuple[int, dict[str, Any]]], lines: Lines
) -> Iterator[Finding]:
    """A version with another time of making, or of another creator."""
    for key, (rule, clause, remedy) in AT_ONE.items():
        first = None
        for nth, one in some:
            if not isinstance(one.get(key), str):
                continue
            said = _moment(one[key]) if key == "created" else one[key]
            if first is None:
                first = said
            elif said != first:
                what = f"'{key}' is not that of another version of it (STIX 2.1, {clause})"
                yield Finding(lines.of(name, nth), rule, "error", name, what, remedy)


def _after_revoked(
    name: str, some: list[tuple[int, dict[str, Any]]], lines: Lines
) -> Iterator[Finding]:
    """A version that is later than the one that revokes the object."""
    times = [
        _moment(one["modified"])
        for _, one in some
        if one.get("revoked") is True and isinstance(one.get("modified"), str)
    ]
    for nth, one in some:
        if times and isinstance(one.get("modified"), str) and _moment(one["modified"]) > min(times):
            what = "it is a later version of an object that is revoked (STIX 2.1, 3.6)"
            remedy = "What is revoked stays so: make a new object."
            yield Finding(lines.of(name, nth), "revoked-before", "error", name, what, remedy)


def _marking_versions(
    name: str, some: list[tuple[int, dict[str, Any]]], lines: Lines
) -> Iterator[Finding]:
    """A marking that says one thing at one time and another at another one.

    Whatever it marks would be marked otherwise without a word, so it has no versions (7.2.1).
    """
    if some[0][1].get("type") != "marking-definition":
        return
    first = {key: value for key, value in some[0][1].items() if key != "modified"}
    for nth, one in some[1:]:
        if one.get("modified") != some[0][1].get("modified") and first != {
            key: value for key, value in one.items() if key != "modified"
        }:
            what = "it is another version of a marking, which has none (STIX 2.1, 7.2.1)"
            remedy = "Make another marking, and mark anew with it."
            yield Finding(lines.of(name, nth), "marking-versions", "error", name, what, remedy)


def _find_shared_ids(objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """Objects of several types under one UUID, of one creator."""
    seen: dict[tuple[str, str], str] = {}
    for one in objects:
        kind, _, uuid = _id(one).partition("--")
        creator = one.get("created_by_ref")
        if not uuid or not isinstance(creator, str):
            continue
        other = seen.setdefault((creator, uuid.lower()), kind)
        if other != kind:
            what = f"its UUID is that of its creator's {other}, too (STIX 2.1, 2.9)"
            yield Finding(lines.of(_id(one)), "uuid-shared", "error", _id(one), what,
                          "Make a UUID for each object.")  # fmt: skip


def _moment(time: str) -> tuple[str, str]:
    """A time of STIX as it sorts, however many digits of a second it has."""
    seconds, _, digits = time.removesuffix("Z").partition(".")
    return seconds, digits.rstrip("0")


def _id(one: Mapping[str, Any]) -> str:
    return str(one.get("id", ""))
