"""Bundles as partners send them, with the verdict that STIX 2.1 asks for.

Each verdict was written down from the standard before the check was asked.
"""

from __future__ import annotations

from typing import Any

TIME = "2026-11-20T08:00:00.000Z"
LATER = "2026-11-21T08:00:00.000Z"
EARLIER = "2026-11-19T08:00:00.000Z"
AMBER_1 = "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"
AMBER_2 = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
PLATFORM = "marking-definition--826578e1-40ad-459f-bc73-ede076f81f37"


def named(kind: str, n: int) -> str:
    return f"{kind}--00000000-0000-4000-8000-{n:012d}"


def made(kind: str, n: int, **more: Any) -> dict[str, Any]:
    head = {"type": kind, "spec_version": "2.1", "id": named(kind, n)}
    return head | {"created": TIME, "modified": TIME} | more


def without(one: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in one.items() if key not in names}


def bundle(*objects: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "bundle", "id": named("bundle", 99), "objects": list(objects)} | more


OFFICE = made("identity", 1, name="Office", identity_class="organization")
SIGN = made(
    "indicator", 2, name="x", description="y", indicator_types=["anomalous-activity"],
    pattern="[url:value = 'http://example.org/']", pattern_type="stix", valid_from=TIME,
)  # fmt: skip
PLACE = made("location", 3, region="northern-africa", country="ML", created_by_ref=OFFICE["id"])
MALWARE = made("malware", 5, name="m", is_family=False, malware_types=["worm"])
TIE = made(
    "relationship", 4, relationship_type="indicates", source_ref=SIGN["id"],
    target_ref=MALWARE["id"],
)  # fmt: skip
SIGHTING = made(
    "sighting", 6, sighting_of_ref=SIGN["id"], where_sighted_refs=[OFFICE["id"]], first_seen=TIME,
    last_seen=TIME, count=2,
)  # fmt: skip
PAGE = {"type": "url", "spec_version": "2.1", "id": named("url", 20), "value": "https://a.example/"}
OBSERVED = made("observed-data", 30, first_observed=TIME, last_observed=TIME, number_observed=1)
EXTENSION = made(
    "extension-definition", 9, name="n", schema="https://example.org/s.json", version="1.0",
    extension_types=["property-extension"], created_by_ref=OFFICE["id"], description="d",
)  # fmt: skip
OWN = EXTENSION["id"]
NO_VERSION = without(OFFICE, "spec_version")


def office(**more: Any) -> dict[str, Any]:
    return bundle(OFFICE | more)


def granular(*selectors: str, **more: str) -> dict[str, Any]:
    return office(granular_markings=[{**more, "selectors": list(selectors)}])


BUNDLES: dict[str, tuple[bool, str, dict[str, Any]]] = {
    "objects that belong together": (True, "", bundle(OFFICE, SIGN, PLACE, TIE, MALWARE, SIGHTING)),
    "2.0": (True, "version", bundle(NO_VERSION, spec_version="2.0")),
    "2.0 in a bundle of 2.1": (False, "version schema", bundle(NO_VERSION)),
    "one of 2.0 among others": (False, "version", bundle(PLACE, NO_VERSION, SIGN)),
    "2.1 in a bundle of 2.0": (False, "version schema", bundle(OFFICE, spec_version="2.0")),
    "one of 2.1 in a bundle of 2.0": (
        False, "version schema", bundle(NO_VERSION, PLACE, spec_version="2.0")
    ),
    "a bundle that says 2.1, as many do": (True, "schema", bundle(OFFICE, spec_version="2.1")),
    "a bundle of a version that is none": (
        False, "version schema", bundle(OFFICE, spec_version="2.2")
    ),
    "a version that is a number": (False, "version schema", bundle(OFFICE, spec_version=2.1)),
    "a version that is none": (False, "schema", office(spec_version="2.2")),
    "a property of one's own": (True, "schema", office(x_score=3)),
    "an object of one's own": (True, "schema", bundle(made("x-note-of-ours", 7, text="a"))),
    "an extension of properties": (
        True, "", bundle(OFFICE | {"extensions": {
            OWN: {"extension_type": "property-extension", "rank": 5}}}, EXTENSION),
    ),
    "an extension at the top": (
        True, "", bundle(
            OFFICE | {"rank": 5, "extensions": {
                OWN: {"extension_type": "toplevel-property-extension"}}},
            EXTENSION | {"extension_types": ["toplevel-property-extension"],
                         "extension_properties": ["rank"]}),
    ),
    "an extension of no kind": (
        False, "schema", office(extensions={OWN: {"extension_type": "own"}}),
    ),
    "a type by an extension": (
        True, "", bundle(
            OFFICE, made("my-type", 8, extensions={OWN: {"extension_type": "new-sdo"}}),
            EXTENSION | {"extension_types": ["new-sdo"]}),
    ),
    "TLP 1": (True, "", office(object_marking_refs=[AMBER_1])),
    "TLP 2": (True, "", office(object_marking_refs=[AMBER_2])),
    "a level in both": (True, "", office(object_marking_refs=[AMBER_1, AMBER_2])),
    "a level of one platform": (
        True, "marking-platform marking-unknown", office(object_marking_refs=[PLATFORM])
    ),
    "a marking that is an office": (
        False, "reference-kind", office(object_marking_refs=[OFFICE["id"]])
    ),
    "a part marked": (True, "", granular("name", marking_ref=AMBER_2)),
    "a part that is not there": (False, "schema", granular("nothing", marking_ref=AMBER_2)),
    "a part in a language": (True, "", granular("name", lang="fr")),
    "a part that is not there in a language": (False, "schema", granular("nothing", lang="fr")),
    "a part in a language and marked": (
        False, "granular-two", granular("name", lang="fr", marking_ref=AMBER_2)
    ),
    "a part marked by what is elsewhere": (
        True, "marking-unknown", granular("name", marking_ref=named("marking-definition", 50))
    ),
    "a creator that is elsewhere": (True, "reference-elsewhere", bundle(PLACE)),
    "a creator that is no identity": (
        False, "reference-kind", bundle(SIGN, PLACE | {"created_by_ref": SIGN["id"]})
    ),
    "a UUID by time": (
        True, "schema", office(id="identity--c9a646d3-9c61-11ee-8c90-0242ac120002")
    ),
    "a UUID of version 7": (
        False, "schema", office(id="identity--018f4e3a-1111-7111-8111-111111111111")
    ),
    "a UUID of no variant": (
        False, "schema", office(id="identity--00000000-0000-4000-0000-000000000001")
    ),
    "a name of another type": (False, "schema", office(id=named("indicator", 1))),
    "a time without a zone": (
        False, "schema", office(created=TIME[:-1], modified=TIME[:-1])
    ),
    "a time with hours for its zone": (False, "schema", office(created=f"{TIME[:-1]}+00:00")),
    "a time of seconds": (False, "schema", office(created="2026-11-20T08:00:00Z")),
    "a time of six digits": (
        True, "time-digits",
        office(created=f"{TIME[:-1]}123Z", modified=f"{TIME[:-1]}123Z"),
    ),
    "a day that is none": (False, "schema", office(created="2026-02-30T08:00:00.000Z")),
    "changed before it was made": (False, "schema", office(modified=EARLIER)),
    "valid to before from": (False, "schema", bundle(SIGN | {"valid_until": EARLIER})),
    "a sighting of what is elsewhere": (True, "reference-elsewhere", bundle(SIGHTING)),
    "a sighting by a machine": (
        False, "reference-kind schema",
        bundle(OFFICE, SIGN, MALWARE, SIGHTING | {"where_sighted_refs": [MALWARE["id"]]}),
    ),
    "a sighting that ends first": (
        False, "schema", bundle(OFFICE, SIGN, SIGHTING | {"first_seen": LATER})
    ),
    "a tie to what is elsewhere": (True, "reference-elsewhere", bundle(TIE)),
    "a tie to a marking": (False, "schema", bundle(SIGN, TIE | {"target_ref": AMBER_2})),
    "a tie of one's own kind": (
        True, "schema", bundle(SIGN, MALWARE, TIE | {"relationship_type": "stands-beside"})
    ),
    "no objects": (True, "", without(bundle(), "objects")),
    "an empty list of objects": (False, "empty", bundle()),
    "an empty list": (False, "schema", office(labels=[])),
    "nothing for a value": (False, "schema", office(description=None)),
    "two versions": (True, "", bundle(OFFICE, OFFICE | {"modified": LATER, "name": "Other"})),
    "a version that says two things": (
        False, "schema version-forked", bundle(OFFICE, OFFICE | {"name": "Other"})
    ),
    "a pattern that is broken": (False, "schema", bundle(SIGN | {"pattern": "[url:value = "})),
    "a pattern of another kind": (
        True, "", bundle(SIGN | {"pattern": "rule a { condition: true }", "pattern_type": "yara"})
    ),
    "a place that is nowhere": (
        False, "schema", bundle(without(PLACE, "region", "country", "created_by_ref"))
    ),
    "half a point": (False, "schema", bundle(OFFICE, PLACE | {"latitude": 12.0})),
    "what was seen, as 2.0 told it": (
        True, "schema", bundle(OBSERVED | {"objects": {"0": PAGE}})
    ),
    "words in another language": (
        True, "", bundle(OFFICE, made("language-content", 31, object_ref=OFFICE["id"],
                                      contents={"fr": {"name": "Bureau"}}))
    ),
    "revoked": (True, "revoked", office(revoked=True)),
}  # fmt: skip
"""Whether each is valid, the rules of which something is said, and the bundle."""
