"""Bundles by the clause that decides, each with the verdict that it asks for.

Verdict and clause were written before the check was asked; the names of rules were added after.
"""

from __future__ import annotations

import json
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from share.stix.bundles import (
    AMBER_1,
    LATER,
    MALWARE,
    OFFICE,
    PLACE,
    SIGHTING,
    SIGN,
    TIE,
    TIME,
    bundle,
    made,
    named,
    office,
    without,
)
from share.stix.habits import HOST, tlp


def sco(kind: str, n: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": kind, "spec_version": "2.1", "id": named(kind, n)} | more


SIGHT = without(SIGHTING, "where_sighted_refs")
LC = made(
    "language-content",
    60,
    object_ref=OFFICE["id"],
    object_modified=TIME,
    contents={"fr": {"name": "Bureau"}},
)

CLAUSES: dict[str, tuple[str, str, str, dict[str, Any] | str | bytes]] = {
    "a part of a list that is there": (
        "7.2.3.1",
        "",
        "",
        office(
            labels=["a", "b"],
            granular_markings=[{"marking_ref": AMBER_1, "selectors": ["labels.[1]"]}],
        ),
    ),
    "a part of a list that is not there": (
        "7.2.3.1 MUST",
        "schema",
        "",
        office(
            labels=["a", "b"],
            granular_markings=[{"marking_ref": AMBER_1, "selectors": ["labels.[2]"]}],
        ),
    ),
    "a part of a text": (
        "7.2.3.1",
        "selector",
        "",
        office(
            description="abc",
            granular_markings=[{"marking_ref": AMBER_1, "selectors": ["description.[0]"]}],
        ),
    ),
    "a selector by another language's signs": (
        "7.2.3.1 syntax",
        "schema",
        "",
        office(
            labels=["a"], granular_markings=[{"marking_ref": AMBER_1, "selectors": ["labels[0]"]}]
        ),
    ),
    "a selector of a part of a source": (
        "7.2.3.1",
        "",
        "",
        office(
            external_references=[{"source_name": "a", "description": "b"}],
            granular_markings=[
                {"marking_ref": AMBER_1, "selectors": ["external_references.[0].description"]}
            ],
        ),
    ),
    "a granular marking of no part": (
        "7.2.3 required, not empty",
        "schema",
        "",
        office(granular_markings=[{"marking_ref": AMBER_1, "selectors": []}]),
    ),
    "a type in capitals within an id": (
        "2.9",
        "schema",
        "",
        office(id="Identity--00000000-0000-4000-8000-000000000001"),
    ),
    "an id of braces": (
        "2.9 RFC 4122",
        "schema",
        "",
        office(id="identity--{00000000-0000-4000-8000-000000000001}"),
    ),
    "an id of another type": ("2.9", "schema", "", office(id=named("malware", 1))),
    "an office with an id by its name": (
        "2.9 SHOULD v4",
        "",
        "schema",
        office(id="identity--" + str(uuid5(NAMESPACE_DNS, "office"))),
    ),
    "an observable with an id in another name space": (
        "2.9 SHOULD",
        "",
        "",
        bundle(HOST | {"id": "ipv4-addr--" + str(uuid5(NAMESPACE_DNS, "x"))}),
    ),
    "a first sighting with nine digits of a second": (
        "2.16",
        "",
        "",
        bundle(SIGN, SIGHT | {"first_seen": "2026-11-20T07:59:59.123456789Z"}),
    ),
    "a time with an offset": (
        "2.16 Z",
        "schema",
        "",
        office(created="2026-11-20T08:00:00.000+00:00"),
    ),
    "a time in small letters": (
        "2.16 Z T",
        "schema",
        "",
        office(created="2026-11-20t08:00:00.000z"),
    ),
    "a day that is none": (
        "2.16 RFC 3339",
        "schema",
        "",
        office(created="2026-02-30T08:00:00.000Z", modified="2026-03-30T08:00:00.000Z"),
    ),
    "a time with a comma": ("2.16", "schema", "", office(created="2026-11-20T08:00:00,000Z")),
    "made after it was changed": ("3.2", "schema", "", office(created=LATER, modified=TIME)),
    "revoked in words": ("3.2 boolean", "schema", "", office(revoked="true")),
    "a place by its name alone": (
        "4.11",
        "schema",
        "",
        bundle(without(PLACE, "region", "country", "created_by_ref") | {"name": "North"}),
    ),
    "a latitude alone": (
        "4.11",
        "schema",
        "",
        bundle(without(PLACE, "created_by_ref") | {"latitude": 3.0}),
    ),
    "a statement that says nothing": (
        "7.2.1",
        "schema",
        "",
        bundle(
            tlp(
                named("marking-definition", 52),
                "c",
                {"statement": "x"},
                definition_type="statement",
            )
            | {"definition": {}}
        ),
    ),
    "a text in another language": ("7.1", "", "", bundle(OFFICE, LC)),
    "a text in another language of nothing": (
        "7.1 required",
        "schema",
        "",
        bundle(OFFICE, without(LC, "object_ref")),
    ),
    "a network address with its width": (
        "6.10",
        "",
        "",
        bundle(HOST | {"value": "198.51.100.0/24"}),
    ),
    "an address that cannot be": ("6.10", "schema", "", bundle(HOST | {"value": "300.1.1.1"})),
    "a letter without its body": (
        "6.6",
        "",
        "schema",
        bundle(sco("email-message", is_multipart=False, subject="s")),
    ),
    "a letter of several parts with one body": (
        "6.6",
        "schema",
        "schema",
        bundle(sco("email-message", is_multipart=True, body="b")),
    ),
    "a process of which nothing is known": (
        "6.13 at least one",
        "schema",
        "",
        bundle(sco("process")),
    ),
    "traffic without a protocol": (
        "6.12 required",
        "schema",
        "schema",
        bundle(sco("network-traffic", src_port=80)),
    ),
    "traffic from a port that cannot be": (
        "6.12",
        "schema",
        "schema",
        bundle(sco("network-traffic", src_port=70000, protocols=["tcp"], src_ref=HOST["id"]), HOST),
    ),
    "an account of which nothing is known": (
        "6.16 at least one",
        "schema",
        "schema",
        bundle(sco("user-account")),
    ),
    "a source with a digest of its page": (
        "2.5",
        "",
        "",
        office(
            external_references=[
                {
                    "source_name": "a",
                    "url": "https://example.org/a",
                    "hashes": {"SHA-256": "ab" * 32},
                }
            ]
        ),
    ),
    "a tie of an unusual kind": (
        "5.1 MAY",
        "",
        "schema",
        bundle(
            OFFICE,
            MALWARE,
            TIE
            | {
                "relationship_type": "funded-by",
                "source_ref": MALWARE["id"],
                "target_ref": OFFICE["id"],
            },
        ),
    ),
    "a tie to a tie": (
        "5.1 MUST NOT SRO",
        "schema",
        "",
        bundle(
            SIGN,
            MALWARE,
            TIE,
            TIE
            | {
                "id": named("relationship", 8),
                "source_ref": MALWARE["id"],
                "target_ref": TIE["id"],
                "relationship_type": "related-to",
            },
        ),
    ),
    "a tie to a marking": (
        "5.1",
        "schema",
        "",
        bundle(SIGN, TIE | {"target_ref": AMBER_1, "relationship_type": "related-to"}),
    ),
    "an empty text for a name": ("2.14 string any", "", "", office(name="")),
    "a list that is empty": ("2.11", "schema", "", office(labels=[])),
    "a nothing for a value": ("2 JSON null not allowed", "schema", "", office(description=None)),
    "a property twice": (
        "RFC 7493 I-JSON unique",
        "readable",
        "",
        json.dumps(office()).replace(
            '"type": "identity"', '"type": "identity", "type": "identity"'
        ),
    ),
    "a mark before the text": (
        "RFC 8259 8.1 MUST NOT add",
        "byte-order",
        "",
        b"\xef\xbb\xbf" + json.dumps(office()).encode(),
    ),
    "UTF-16": ("RFC 8259 8.1", "readable", "", json.dumps(office()).encode("utf-16")),
    "a number that is none": (
        "RFC 8259",
        "readable",
        "",
        json.dumps(office()).replace('"name": "Office"', '"name": "Office", "confidence": NaN'),
    ),
    "a list of objects without a bundle": ("3/8", "list", "", json.dumps([OFFICE])),
}
"""Clause, errors, warnings and notes, and the bundle, by what it shows."""
