"""Which elements a message has, in which order, how often, and of what kind.

The layout is that of CAP 1.2, clause 3.2 and its schema (OASIS, 2010, clause 3.4), told here as a
table. CAP 1.1 has the same elements with fewer kinds of response.
"""

from __future__ import annotations

from dataclasses import dataclass

CAP_12 = "urn:oasis:names:tc:emergency:cap:1.2"
CAP_11 = "urn:oasis:names:tc:emergency:cap:1.1"
OLDER = {"http://www.incident.com/cap/1.0": "1.0"}
"""The namespaces of versions that are named and not read."""
VERSIONS = {CAP_12: "1.2", CAP_11: "1.1"}
"""The versions that are checked, by namespace."""
SIGNATURE = "http://www.w3.org/2000/09/xmldsig#"
"""The namespace of XML signatures, the only one that a message may hold beside its own."""

MANY = 10_000
"""As often as one likes; more are refused, as no receiver would read them."""


@dataclass(frozen=True)
class Slot:
    """This is a place for an element within another."""

    name: str
    """The element's name."""
    least: int = 0
    """It stands there at least so often."""
    most: int = 1
    """It stands there at most so often."""
    kind: str = "text"
    """What it holds: the name of a kind of value, of a list of codes, or of a layout below."""


CODES: dict[str, tuple[str, ...]] = {
    "status": ("Actual", "Exercise", "System", "Test", "Draft"),
    "msgType": ("Alert", "Update", "Cancel", "Ack", "Error"),
    "scope": ("Public", "Restricted", "Private"),
    "category": (
        "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport",
        "Infra", "CBRNE", "Other",
    ),
    "responseType": (
        "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear",
        "None",
    ),
    "urgency": ("Immediate", "Expected", "Future", "Past", "Unknown"),
    "severity": ("Extreme", "Severe", "Moderate", "Minor", "Unknown"),
    "certainty": ("Observed", "Likely", "Possible", "Unlikely", "Unknown"),
}  # fmt: skip
"""The lists of codes of clause 3.2; spelling and capitals count."""
NEW_IN_12 = ("Avoid", "AllClear")
"""Kinds of response that CAP 1.1 does not know."""

PAIR = (Slot("valueName", 1), Slot("value", 1))
LAYOUTS: dict[str, tuple[Slot, ...]] = {
    "alert": (
        Slot("identifier", 1), Slot("sender", 1), Slot("sent", 1, kind="time"),
        Slot("status", 1, kind="status"), Slot("msgType", 1, kind="msgType"), Slot("source"),
        Slot("scope", 1, kind="scope"), Slot("restriction"), Slot("addresses"),
        Slot("code", most=MANY), Slot("note"), Slot("references"), Slot("incidents"),
        Slot("info", most=MANY, kind="info"),
    ),
    "info": (
        Slot("language", kind="language"), Slot("category", 1, MANY, "category"),
        Slot("event", 1), Slot("responseType", most=MANY, kind="responseType"),
        Slot("urgency", 1, kind="urgency"), Slot("severity", 1, kind="severity"),
        Slot("certainty", 1, kind="certainty"), Slot("audience"),
        Slot("eventCode", most=MANY, kind="eventCode"), Slot("effective", kind="time"),
        Slot("onset", kind="time"), Slot("expires", kind="time"), Slot("senderName"),
        Slot("headline"), Slot("description"), Slot("instruction"), Slot("web", kind="uri"),
        Slot("contact"), Slot("parameter", most=MANY, kind="parameter"),
        Slot("resource", most=MANY, kind="resource"), Slot("area", most=MANY, kind="area"),
    ),
    "resource": (
        Slot("resourceDesc", 1), Slot("mimeType", 1, kind="mime"), Slot("size", kind="size"),
        Slot("uri", kind="uri"), Slot("derefUri"), Slot("digest"),
    ),
    "area": (
        Slot("areaDesc", 1), Slot("polygon", most=MANY), Slot("circle", most=MANY),
        Slot("geocode", most=MANY, kind="geocode"), Slot("altitude", kind="decimal"),
        Slot("ceiling", kind="decimal"),
    ),
    "eventCode": PAIR, "parameter": PAIR, "geocode": PAIR,
}  # fmt: skip
"""What each element with elements inside holds, in the order that the schema asks for."""
