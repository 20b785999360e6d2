"""Bundles that break one sentence with MUST or MUST NOT of STIX 2.1 each, by its clause.

They were written from the standard, and then the check was asked. None may be valid.
"""

from __future__ import annotations

from typing import Any

from share.stix.bundles import (
    AMBER_2,
    EARLIER,
    EXTENSION,
    LATER,
    MALWARE,
    OBSERVED,
    OFFICE,
    OWN,
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
)  # fmt: skip
from share.stix.habits import HOST, tlp

BY = {"created_by_ref": OFFICE["id"]}
OTHER = made("identity", 2, name="B", identity_class="organization")


def sco(kind: str, n: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": kind, "spec_version": "2.1", "id": named(kind, n)} | more


STATEMENT = without(
    made("marking-definition", 70, definition_type="statement", definition={"statement": "(c)"}),
    "modified",
)
TRAFFIC = sco("network-traffic", protocols=["tcp"], src_ref=HOST["id"])
NO_PLACE = without(PLACE, "created_by_ref")

MUSTS: dict[str, dict[str, Any]] = {
    "2.9 one UUID, two types, one producer": bundle(
        OFFICE,
        MALWARE | BY | {"id": named("malware", 77)},
        SIGN | BY | {"id": named("indicator", 77)},
    ),
    "3.2 created changes": bundle(OFFICE, OFFICE | {"created": EARLIER, "modified": LATER}),
    "3.6 after revoked": bundle(OFFICE | {"revoked": True}, OFFICE | {"modified": LATER}),
    "3.6 other creator": bundle(
        OFFICE, OTHER, SIGN | BY, SIGN | {"created_by_ref": named("identity", 2), "modified": LATER}
    ),
    "7.2.1.4 own TLP": bundle(
        OFFICE, tlp(named("marking-definition", 52), "TLP:AMBER", {"tlp": "amber"})
    ),
    "7.2.1.4 own TLP used": bundle(
        OFFICE | {"object_marking_refs": [named("marking-definition", 52)]},
        tlp(named("marking-definition", 52), "TLP:AMBER", {"tlp": "amber"}),
    ),
    "3.2 defanged on SDO": office(defanged=True),
    "2.7 hash key 2": office(
        external_references=[
            {"source_name": "a", "url": "https://a.example", "hashes": {"AB": "ab"}}
        ]
    ),
    "2.7 hash length": office(
        external_references=[
            {"source_name": "a", "url": "https://a.example", "hashes": {"SHA-256": "ab"}}
        ]
    ),
    "2.7 hash empty": office(
        external_references=[{"source_name": "a", "url": "https://a.example", "hashes": {}}]
    ),
    "2.7 hash length in file": bundle(sco("file", name="a", hashes={"SHA-256": "ab"})),
    "2.8 hex odd": bundle(sco("file", name="a", magic_number_hex="abc")),
    "2.8 hex capitals": bundle(sco("file", name="a", magic_number_hex="AB")),
    "3.2 no extension_type": bundle(OFFICE | {"extensions": {OWN: {"rank": 5}}}, EXTENSION),
    "2.3 extensions empty": office(extensions={}),
    "2.3 extension empty": bundle(OFFICE | {"extensions": {OWN: {}}}, EXTENSION),
    "3.2 lang": office(lang="e_n"),
    "4.14 both": bundle(
        OBSERVED
        | {
            "object_refs": [HOST["id"]],
            "objects": {"0": {"type": "ipv4-addr", "value": "1.2.3.4"}},
        },
        HOST,
    ),
    "4.15 opinion": bundle(
        OFFICE, made("opinion", 11, opinion="maybe", object_refs=[OFFICE["id"]])
    ),
    "4.12 analysis nothing": bundle(made("malware-analysis", 12, product="p")),
    "4.11 family no name": bundle(without(MALWARE, "name") | {"is_family": True}),
    "4.16 report no refs": bundle(
        made("report", 13, name="r", published=TIME, report_types=["campaign"])
    ),
    "4.16 report refs empty": bundle(
        made("report", 13, name="r", published=TIME, report_types=["campaign"], object_refs=[])
    ),
    "4.8 infra times": bundle(
        made(
            "infrastructure",
            14,
            name="i",
            infrastructure_types=["botnet"],
            first_seen=LATER,
            last_seen=TIME,
        )
    ),
    "5.1 stop=start": bundle(SIGN, MALWARE, TIE | {"start_time": TIME, "stop_time": TIME}),
    "5.2 count -1": bundle(SIGN, OFFICE, SIGHTING | {"count": -1}),
    "5.2 last<first": bundle(SIGN, OFFICE, SIGHTING | {"first_seen": LATER}),
    "5.2 of SRO": bundle(SIGN, MALWARE, TIE, OFFICE, SIGHTING | {"sighting_of_ref": TIE["id"]}),
    "5.2 of SCO": bundle(OFFICE, HOST, SIGHTING | {"sighting_of_ref": HOST["id"]}),
    "5.2 of marking": bundle(OFFICE, SIGHTING | {"sighting_of_ref": AMBER_2}),
    "4.14 number 0": bundle(OBSERVED | {"object_refs": [HOST["id"]], "number_observed": 0}, HOST),
    "4.14 number 1e9": bundle(
        OBSERVED | {"object_refs": [HOST["id"]], "number_observed": 1000000000}, HOST
    ),
    "3.2 confidence 101": bundle(SIGN | {"confidence": 101}),
    "2.10 labels empty": office(labels=[]),
    "11.1 capital property": office(Xscore=1),
    "11.1 2 letters": office(ab=1),
    "11.1 hyphen": office(**{"x-score": 1}),
    "11.2 type --": bundle(made("x--own", 15)),
    "11.2 type capital": bundle(made("x-Own", 15)),
    "4.7 pattern": bundle(SIGN | {"pattern": "[url:value = "}),
    "4.7 until=from": bundle(SIGN | {"valid_until": TIME}),
    "4.13 note empty": bundle(made("note", 16, content="c", object_refs=[])),
    "7.1 lang key": bundle(
        OFFICE,
        made("language-content", 17, object_ref=OFFICE["id"], contents={"e_n": {"name": "a"}}),
    ),
    "7.1 of a bundle": bundle(
        OFFICE,
        made(
            "language-content", 17, object_ref=named("bundle", 99), contents={"fr": {"name": "a"}}
        ),
    ),
    "7.2.1 no definition": bundle(
        without(tlp(named("marking-definition", 53), "c", {}), "definition", "definition_type")
    ),
    "2.5 source only": office(external_references=[{"source_name": "a"}]),
    "2.3 dict key": bundle(sco("process", pid=1, environment_variables={"ä": "x"})),
    "2.3 dict empty": bundle(sco("process", pid=1, environment_variables={})),
    "2.3 dict key long": bundle(sco("process", pid=1, environment_variables={"a" * 251: "x"})),
    "6.12 end<start": bundle(HOST, TRAFFIC | {"start": LATER, "end": TIME}),
    "6.12 active with end": bundle(HOST, TRAFFIC | {"is_active": True, "end": TIME}),
    "6.12 no src/dst": bundle(HOST, without(TRAFFIC, "src_ref")),
    "6.12 option text": bundle(
        HOST,
        TRAFFIC
        | {"extensions": {"socket-ext": {"address_family": "AF_INET", "options": {"SO_A": "x"}}}},
    ),
    "6.1 both": bundle(
        sco("artifact", payload_bin="YQ==", url="https://a.example", hashes={"MD5": "0" * 32})
    ),
    "6.1 url no hash": bundle(sco("artifact", url="https://a.example")),
    "6.7 file nothing": bundle(sco("file", size=1)),
    "6.18 x509 nothing": bundle(sco("x509-certificate")),
    "8 bundle in bundle": bundle(OFFICE, bundle(OFFICE)),
    "4.10 precision alone": bundle(NO_PLACE | {"precision": 5.0}),
    "4.10 lat 91": bundle(NO_PLACE | {"latitude": 91.0, "longitude": 0.0}),
    "4.17 actor times": bundle(
        made(
            "threat-actor",
            18,
            name="t",
            threat_actor_types=["unknown"],
            first_seen=LATER,
            last_seen=TIME,
        )
    ),
    "4.2 campaign times": bundle(made("campaign", 19, name="t", first_seen=LATER, last_seen=TIME)),
    "4.9 set times": bundle(made("intrusion-set", 19, name="t", first_seen=LATER, last_seen=TIME)),
    "4.18 cve": bundle(
        made(
            "vulnerability",
            21,
            name="v",
            external_references=[{"source_name": "cve", "external_id": "2026-1"}],
        )
    ),
    "4.1 capec": bundle(
        made(
            "attack-pattern",
            22,
            name="v",
            external_references=[{"source_name": "capec", "external_id": "550"}],
        )
    ),
    "4.14 last<first": bundle(
        OBSERVED | {"object_refs": [HOST["id"]], "first_observed": LATER}, HOST
    ),
    "4.11 first>last": bundle(MALWARE | {"first_seen": LATER, "last_seen": TIME}),
    "4.3 coa action": bundle(made("course-of-action", 23, name="c", action="x")),
    "3.2 extension key not def": office(extensions={"x-own": {"a": 1}}),
    "6.6 mail body_multipart not multi": bundle(
        sco(
            "email-message",
            is_multipart=False,
            body_multipart=[{"body": "a", "content_type": "text/plain"}],
        )
    ),
    "7.2.3 granular ref+lang none": office(granular_markings=[{"selectors": ["name"]}]),
    "7.2.2 circular": bundle(
        tlp(named("marking-definition", 54), "c", {"statement": "x"}, definition_type="statement")
        | {"object_marking_refs": [named("marking-definition", 54)]}
    ),
    "7.3 extension types empty": bundle(OFFICE, EXTENSION | {"extension_types": []}),
    "3.2 created of 2 digits": office(
        created="2026-11-20T08:00:00.00Z", modified="2026-11-20T08:00:00.00Z"
    ),
    "7.3 properties of other kind": bundle(OFFICE, EXTENSION | {"extension_properties": ["rank"]}),
    "2.10 beyond 54 bits": bundle(sco("file", name="a", size=2**53)),
    "3.1 name of 251 signs": office(**{"x_" + "a" * 249: 1}),
    "7.1 a text for a list": bundle(
        SIGN | {"labels": ["a", "b"]},
        made(
            "language-content",
            17,
            object_ref=SIGN["id"],
            object_modified=TIME,
            contents={"fr": {"labels": ["a"]}},
        ),
    ),
    "7.2.1 versions of a marking": bundle(STATEMENT, STATEMENT | {"modified": LATER, "name": "b"}),
}
