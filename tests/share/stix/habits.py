"""More bundles with the habits of other producers, with the verdict that STIX 2.1 asks for.

Whether each is valid was written down from the standard before the check was asked; the names of
the rules that say why were added after.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from share.stix.bundles import (
    AMBER_1,
    AMBER_2,
    EARLIER,
    LATER,
    MALWARE,
    NO_VERSION,
    OBSERVED,
    OFFICE,
    PAGE,
    PLACE,
    PLATFORM,
    SIGN,
    TIE,
    TIME,
    bundle,
    made,
    named,
    office,
    without,
)

SCO = UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""The name space of the standard for ids of observables."""
HOST = {"type": "ipv4-addr", "spec_version": "2.1", "value": "198.51.100.3",
        "id": "ipv4-addr--" + str(uuid5(SCO, '{"value":"198.51.100.3"}'))}  # fmt: skip
OPENCTI = "extension-definition--ea279b3e-5c71-4632-ac08-831c66a786ba"
TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
REPORT = made("report", 40, name="r", published=TIME, object_refs=[OFFICE["id"]])
GROUP = made("grouping", 41, context="suspicious-activity", object_refs=[OFFICE["id"]])


def tlp(id: str, name: str, definition: dict[str, str], **more: Any) -> dict[str, Any]:
    return {
        "type": "marking-definition", "spec_version": "2.1", "id": id, "name": name,
        "created": "2017-01-20T00:00:00.000Z", "definition_type": "tlp", "definition": definition,
    } | more  # fmt: skip


def tlp_2(level: str, id: str = AMBER_2) -> dict[str, Any]:
    inside = {"extension_type": "property-extension", "tlp_2_0": level}
    return {
        "type": "marking-definition", "spec_version": "2.1", "id": id, "name": "TLP:AMBER",
        "created": "2022-10-01T00:00:00.000Z", "extensions": {TLP_EXTENSION: inside},
    }  # fmt: skip


def seen(**more: Any) -> dict[str, Any]:
    return bundle(OBSERVED | {"object_refs": [HOST["id"]]} | more, HOST)


HABITS: dict[str, tuple[bool, str, dict[str, Any]]] = {
    "a platform's extension that is not sent along": (
        True, "", office(extensions={OPENCTI: {"extension_type": "property-extension", "score": 5}})
    ),
    "a platform's tie of any kind": (
        True, "", bundle(OFFICE, MALWARE, TIE | {
            "relationship_type": "related-to", "source_ref": OFFICE["id"]})
    ),
    "a platform's own properties": (True, "schema", office(x_opencti_score=50, x_opencti_id="a")),
    "a platform's level, sent along": (
        True, "marking-own marking-platform", bundle(
            OFFICE | {"object_marking_refs": [PLATFORM]},
            tlp(PLATFORM, "TLP:AMBER+STRICT", {"statement": "TLP:AMBER+STRICT"},
                definition_type="statement"))
    ),
    "a report with labels of a platform": (
        True, "", bundle(OFFICE, REPORT | {"labels": ["Threat-Report", 'misp:tool="MISP"']})
    ),
    "2.0: what was seen": (
        True, "version", bundle(without(OBSERVED, "spec_version") | {
            "objects": {"0": {"type": "ipv4-addr", "value": "198.51.100.3"}}}, spec_version="2.0")
    ),
    "2.0: a sign with its labels": (
        True, "version", bundle(
            without(SIGN, "spec_version", "pattern_type", "indicator_types") | {
                "labels": ["anomalous-activity"]}, spec_version="2.0")
    ),
    "2.0: a level, sent along": (
        True, "version", bundle(
            NO_VERSION | {"object_marking_refs": [AMBER_1]},
            without(tlp(AMBER_1, "", {"tlp": "amber"}), "spec_version", "name"),
            spec_version="2.0")
    ),
    "TLP 1, sent along": (
        True, "", bundle(OFFICE | {"object_marking_refs": [AMBER_1]},
                         tlp(AMBER_1, "TLP:AMBER", {"tlp": "amber"}))
    ),
    "TLP 2, sent along": (
        True, "", bundle(OFFICE | {"object_marking_refs": [AMBER_2]}, tlp_2("amber"))
    ),
    "TLP 2 in capitals": (
        False, "marking-spelt", bundle(OFFICE | {"object_marking_refs": [AMBER_2]}, tlp_2("AMBER"))
    ),
    "TLP 2, of the level below": (
        False, "marking-misnamed",
        bundle(OFFICE | {"object_marking_refs": [AMBER_2]}, tlp_2("green")),
    ),
    "a copyright, sent along": (
        True, "", bundle(
            OFFICE | {"object_marking_refs": [named("marking-definition", 51)]},
            tlp(named("marking-definition", 51), "c", {"statement": "(c) Office"},
                definition_type="statement"))
    ),
    "an observable by its content": (True, "", bundle(HOST)),
    "an observable by chance": (True, "schema", bundle(HOST | {"id": named("ipv4-addr", 1)})),
    "what was seen, by references": (True, "", seen()),
    "what was seen, in both ways": (
        False, "schema", seen(objects={"0": {"type": "ipv4-addr", "value": "198.51.100.3"}})
    ),
    "what was seen, in neither way": (False, "schema", bundle(OBSERVED)),
    "seen no times": (False, "schema", seen(number_observed=0)),
    "seen last before first": (False, "schema", seen(last_observed=EARLIER)),
    "a pattern of no kind": (False, "schema", bundle(without(SIGN, "pattern_type"))),
    "a pattern with its version": (True, "", bundle(SIGN | {"pattern_version": "2.1"})),
    "valid for no time": (False, "schema", bundle(SIGN | {"valid_until": TIME})),
    "malware that may be a family": (False, "schema", bundle(without(MALWARE, "is_family"))),
    "a family without a name": (
        False, "schema", bundle(without(MALWARE | {"is_family": True}, "name"))
    ),
    "a tie that stops first": (
        False, "schema", bundle(SIGN, MALWARE, TIE | {"start_time": LATER, "stop_time": TIME})
    ),
    "a report of nothing": (False, "schema", bundle(without(REPORT, "object_refs"))),
    "a report never published": (False, "schema", bundle(OFFICE, without(REPORT, "published"))),
    "a note": (
        True, "", bundle(OFFICE, made("note", 42, content="c", authors=["Office"],
                                      object_refs=[OFFICE["id"]]))
    ),
    "an opinion of the list": (
        True, "", bundle(OFFICE, made("opinion", 43, opinion="agree", object_refs=[OFFICE["id"]]))
    ),
    "an opinion of one's own": (
        False, "schema",
        bundle(OFFICE, made("opinion", 43, opinion="maybe", object_refs=[OFFICE["id"]])),
    ),
    "a group": (True, "", bundle(OFFICE, GROUP)),
    "a group of no context": (False, "schema", bundle(OFFICE, without(GROUP, "context"))),
    "an incident": (True, "", bundle(made("incident", 44, name="i"))),
    "infrastructure": (
        True, "", bundle(made("infrastructure", 45, name="i", infrastructure_types=["botnet"]))
    ),
    "a place off the Earth": (
        False, "schema", bundle(OFFICE, PLACE | {"latitude": 95.0, "longitude": 3.0})
    ),
    "a precision of no point": (False, "schema", bundle(OFFICE, PLACE | {"precision": 10.0})),
    "a source and no more": (False, "schema", office(external_references=[{"source_name": "a"}])),
    "a source with its address": (
        True, "schema", office(external_references=[{"source_name": "a", "url": "https://example.org/a"}])
    ),
    "surer than sure": (False, "schema", office(confidence=101)),
    "not sure at all": (True, "", office(confidence=0)),
    "a phase in capitals": (
        True, "schema", bundle(MALWARE | {"kill_chain_phases": [
            {"kill_chain_name": "Lockheed", "phase_name": "Delivery"}]})
    ),
    "a type with a low line": (False, "schema", bundle(made("attack_pattern", 46, name="a"))),
    "a bundle without an id": (False, "required", without(office(), "id")),
    "an office without a name": (False, "schema", bundle(without(OFFICE, "name"))),
    "an actor without a name": (False, "schema", bundle(made("threat-actor", 47))),
    "an actor of one's own kind": (
        True, "schema", bundle(made("threat-actor", 47, name="a", threat_actor_types=["band"]))
    ),
    "a pattern of attack of a catalogue": (
        True, "schema", bundle(made("attack-pattern", 48, name="a", x_mitre_version="1.0",
                              external_references=[{"source_name": "capec",
                                                    "external_id": "CAPEC-163"}]))
    ),
    "a campaign that ends first": (
        False, "schema", bundle(made("campaign", 49, name="c", first_seen=LATER, last_seen=TIME))
    ),
    "goals that are none": (False, "schema", bundle(made("intrusion-set", 50, name="s", goals=[]))),
    "a course of action": (True, "", bundle(made("course-of-action", 51, name="c"))),
    "a tool": (True, "", bundle(made("tool", 52, name="t", tool_types=["remote-access"]))),
    "a weakness of a catalogue": (
        True, "", bundle(made("vulnerability", 53, name="CVE-2026-0001", external_references=[
            {"source_name": "cve", "external_id": "CVE-2026-0001"}]))
    ),
    "a digest that is too short": (
        False, "schema", bundle({"type": "file", "spec_version": "2.1", "id": named("file", 1),
                           "hashes": {"MD5": "abc"}})
    ),
    "a file without a name": (
        False, "schema", bundle({"type": "file", "spec_version": "2.1", "id": named("file", 1)})
    ),
    "a host that leads to an office": (
        False, "reference-kind schema", bundle(OFFICE, {
            "type": "domain-name", "spec_version": "2.1", "id": named("domain-name", 1),
            "value": "a.example", "resolves_to_refs": [OFFICE["id"]]})
    ),
    "two observables, of which one has an id by chance": (True, "schema", bundle(HOST, PAGE)),
}  # fmt: skip
"""Whether each is valid, the rules of which something is said, and the bundle."""
