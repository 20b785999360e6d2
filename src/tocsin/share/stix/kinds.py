"""Do objects of STIX have what is of their type alone?

OASIS's validator takes a property that a type must not have for one of the producer's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tocsin.share.finding import Finding
from tocsin.share.stix.lines import Lines

OBSERVABLES = frozenset({
    "artifact", "autonomous-system", "directory", "domain-name", "email-addr", "email-message",
    "file", "ipv4-addr", "ipv6-addr", "mac-addr", "mutex", "network-traffic", "process", "software",
    "url", "user-account", "windows-registry-key", "x509-certificate",
})  # fmt: skip
"""The types of what is observed (STIX 2.1, 6)."""
OTHERS = frozenset({
    "attack-pattern", "campaign", "course-of-action", "grouping", "identity", "incident",
    "indicator", "infrastructure", "intrusion-set", "location", "malware", "malware-analysis",
    "note", "observed-data", "opinion", "report", "threat-actor", "tool", "vulnerability",
    "relationship", "sighting", "extension-definition", "language-content", "marking-definition",
})  # fmt: skip
"""The other types of the standard (STIX 2.1, 4, 5 and 7); types of one's own may be either."""
HEXADECIMAL = re.compile(r"(?:[0-9a-f]{2})+")


def check_kinds(objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """Find what objects of some types have, or refer to, and those of others may not.

    Args:
        objects: the objects of a file.
        lines: where their identifiers stand.

    Yields:
        What is found, an object after the other.
    """
    for one in objects:
        yield from _check(one, lines.of(str(one.get("id", ""))))


def _check(one: dict[str, Any], at: int) -> Iterator[Finding]:
    kind, name = str(one.get("type")), str(one.get("id", ""))
    if kind == "bundle":
        what = "a bundle stands among the objects of a bundle, and is no object (STIX 2.1, 8)"
        yield Finding(at, "bundle-inside", "error", name, what, "Put its objects there.")
    if "defanged" in one and kind in OTHERS:
        what = f"'defanged' is for what is observed, not for {kind} (STIX 2.1, 3.2)"
        yield Finding(at, "defanged", "error", name, what, "Leave it out.")
    sighted = str(one.get("sighting_of_ref", "")).partition("--")[0]
    if kind == "sighting" and sighted in OBSERVABLES:
        what = f"'sighting_of_ref' names a {sighted}, which is no domain object (STIX 2.1, 5.2)"
        remedy = "Name it in an observed-data, and that in 'observed_data_refs'."
        yield Finding(at, "reference-kind", "error", name, what, remedy)
    for key, value in _hexadecimals(one):
        if not HEXADECIMAL.fullmatch(value):
            what = f"'{key}' is no even number of the digits 0 to 9 and a to f (STIX 2.1, 2.8)"
            yield Finding(at, "hexadecimal", "error", name, what, "Write small letters.")


def _hexadecimals(value: Any) -> Iterator[tuple[str, str]]:
    """Each property of the type `hex` anywhere in an object; their names end with its name."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str) and name.endswith("_hex"):
                yield name, inner
            yield from _hexadecimals(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _hexadecimals(inner)
