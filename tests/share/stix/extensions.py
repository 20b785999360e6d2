"""Extensions, sightings and patterns by the clause that decides, each with its verdict.

Verdict and clause were written before the check was asked; the names of rules were added after.
"""

from __future__ import annotations

from typing import Any

from share.stix.bundles import (
    EXTENSION,
    LATER,
    MALWARE,
    OFFICE,
    SIGHTING,
    SIGN,
    bundle,
    made,
    named,
    office,
    without,
)

X = "extension-definition--11111111-2222-4333-8444-555555555555"


def sco(kind: str, n: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": kind, "spec_version": "2.1", "id": named(kind, n)} | more


SNORT = SIGN | {
    "pattern": 'alert tcp any any -> any any (msg:"x"; sid:1;)',
    "pattern_type": "snort",
}
SIGHT = without(SIGHTING, "where_sighted_refs")

EXTENSIONS: dict[str, tuple[str, str, str, dict[str, Any] | str | bytes]] = {
    "a property of an extension at the top": (
        "7.3",
        "",
        "",
        office(extensions={X: {"extension_type": "toplevel-property-extension"}}, rank=5),
    ),
    "an extension that names no kind": (
        "7.3 MUST include extension_type",
        "schema",
        "",
        office(extensions={X: {"score": 5}}),
    ),
    "an extension of an unknown kind": (
        "7.3 extension-type-enum",
        "schema",
        "",
        office(extensions={X: {"extension_type": "other-extension"}}),
    ),
    "a new object by an extension": (
        "7.3",
        "",
        "",
        bundle(made("note-of-ours", 7, text="a", extensions={X: {"extension_type": "new-sdo"}})),
    ),
    "a new observable by an extension": (
        "7.3",
        "",
        "",
        bundle(sco("plate-number", value="x", extensions={X: {"extension_type": "new-sco"}})),
    ),
    "a definition of no kind of extension": (
        "7.3.1 required",
        "schema",
        "",
        bundle(OFFICE, without(EXTENSION, "extension_types")),
    ),
    "a definition that nobody made": (
        "7.3.1 created_by_ref required",
        "required",
        "",
        bundle(without(EXTENSION, "created_by_ref")),
    ),
    "a sighting of nothing": (
        "5.2 required",
        "schema",
        "",
        bundle(SIGN, OFFICE, without(SIGHTING, "sighting_of_ref")),
    ),
    "a sighting by nobody": ("5.2 optional", "", "", bundle(SIGN, SIGHT)),
    "a sighting that ends first": (
        "5.2",
        "schema",
        "",
        bundle(SIGN, SIGHT | {"first_seen": LATER}),
    ),
    "seen less than no times": (
        "5.2 0 to 999,999,999",
        "schema",
        "",
        bundle(SIGN, SIGHT | {"count": -1}),
    ),
    "seen a thousand million times": (
        "5.2 0 to 999,999,999",
        "schema",
        "",
        bundle(SIGN, SIGHT | {"count": 1_000_000_000}),
    ),
    "seen no times, as an answer": ("5.2 zero allowed", "", "", bundle(SIGN, SIGHT | {"count": 0})),
    "a sighting of an office": (
        "5.2: any SDO or custom",
        "",
        "",
        bundle(OFFICE, SIGHT | {"sighting_of_ref": OFFICE["id"]}),
    ),
    "a pattern that does not close": (
        "9",
        "schema",
        "",
        bundle(SIGN | {"pattern": "[url:value = 'a'"}),
    ),
    "a pattern of Snort": ("4.7 open vocabulary", "", "", bundle(SNORT)),
    "a pattern of YARA with its version": (
        "4.7",
        "",
        "",
        bundle(
            SIGN
            | {
                "pattern": "rule a { condition: true }",
                "pattern_type": "yara",
                "pattern_version": "4.3",
            }
        ),
    ),
    "a sign that is valid from no time": (
        "4.7 required",
        "schema",
        "",
        bundle(without(SIGN, "valid_from")),
    ),
    "half sure": ("3.2 integer", "schema", "", office(confidence=50.5)),
    "sure in words": ("3.2 integer", "schema", "", office(confidence="High")),
    "less than not sure": ("3.2 0-100", "schema", "", office(confidence=-1)),
    "a phase of no chain": (
        "2.12 required",
        "schema",
        "",
        bundle(MALWARE | {"kill_chain_phases": [{"phase_name": "delivery"}]}),
    ),
    "no phase of a chain": (
        "2.12 required",
        "schema",
        "",
        bundle(
            MALWARE
            | {"kill_chain_phases": [{"kill_chain_name": "lockheed-martin-cyber-kill-chain"}]}
        ),
    ),
    "a phase of a well-known chain": (
        "2.12",
        "",
        "",
        bundle(
            MALWARE
            | {
                "kill_chain_phases": [
                    {"kill_chain_name": "mitre-attack", "phase_name": "lateral-movement"}
                ]
            }
        ),
    ),
}
"""Clause, errors, warnings and notes, and the bundle, by what it shows."""
