"""Messages of CAP 1.2 made by chance, and one fault in each, by clause of the standard.

Both are written from the standard (OASIS, 2010, clauses 3.2 to 3.4) and know nothing of the rules
that tocsin checks by, nor of how it writes its own messages.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import random
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SPACE = "urn:oasis:names:tc:emergency:cap:1.2"
WORDS = ("river", "dust", "coast", "alarm", "orage", "crue", "état", "منطقة", "road", "school")
Fault = Callable[[ET.Element, random.Random], bool]
"""Puts a fault into a message in place; False where the message has no place for it."""


def message(rng: random.Random) -> ET.Element:
    """Make a message that the standard allows.

    Args:
        rng: where chance comes from.

    Returns:
        The alert, with optional parts here and there, in the order of the schema.
    """
    sent = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=rng.randrange(3 * 10**8))
    alert = ET.Element(f"{{{SPACE}}}alert")
    kind = rng.choice(["Alert", "Alert", "Update", "Cancel", "Ack", "Error"])
    scope = rng.choice(["Public", "Public", "Restricted", "Private"])
    _add(alert, "identifier", f"m-{rng.getrandbits(64):x}")
    _add(alert, "sender", rng.choice(["a@example.org", "ews.example.net", "https://example.com/"]))
    _add(alert, "sent", _time(sent, rng))
    _add(alert, "status", rng.choice(["Actual", "Exercise", "System", "Test", "Draft"]))
    _add(alert, "msgType", kind)
    _add(alert, "scope", scope)
    if scope == "Restricted":
        _add(alert, "restriction", _words(rng))
    if scope == "Private":
        _add(alert, "addresses", 'one@example.org "two and more" three')
    if rng.random() < 0.3:
        _add(alert, "code", "profile:X:1.0")
    if kind == "Error" or rng.random() < 0.5:
        _add(alert, "note", _words(rng))
    if kind != "Alert":
        before = sent - timedelta(hours=rng.randrange(1, 300))
        own = alert.findtext(f"{{{SPACE}}}sender")
        _add(alert, "references", f"{own},m-{rng.getrandbits(32):x},{_time(before, rng)}")
    for _ in range(rng.choice([1, 1, 2]) if kind in ("Alert", "Update") else rng.choice([0, 1])):
        _info(ET.SubElement(alert, f"{{{SPACE}}}info"), sent, rng)
    return alert


def _info(info: ET.Element, sent: datetime, rng: random.Random) -> None:
    begins = sent + timedelta(hours=rng.randrange(48))
    _add(info, "language", rng.choice(["en", "fr", "ar", "en-US", "fr-CA"]))
    _add(info, "category", rng.choice(["Security", "Infra", "Safety", "Health"]))
    _add(info, "event", _words(rng))
    if rng.random() < 0.5:
        _add(info, "responseType", rng.choice(["Prepare", "Monitor", "Assess"]))
    _add(info, "urgency", rng.choice(["Immediate", "Expected", "Future", "Unknown"]))
    _add(info, "severity", rng.choice(["Extreme", "Severe", "Moderate", "Minor", "Unknown"]))
    _add(info, "certainty", rng.choice(["Likely", "Possible", "Unlikely", "Unknown"]))
    if rng.random() < 0.5:
        _pair(ET.SubElement(info, f"{{{SPACE}}}eventCode"), rng)
    if rng.random() < 0.5:
        _add(info, "effective", _time(sent, rng))
    if rng.random() < 0.5:
        _add(info, "onset", _time(begins, rng))
    _add(info, "expires", _time(begins + timedelta(hours=rng.randrange(1, 500)), rng))
    for name in ("headline", "description", "instruction"):
        if rng.random() < 0.7:
            _add(info, name, _words(rng))
    if rng.random() < 0.5:
        _add(info, "web", "https://example.org/warnings?id=1")
    for _ in range(rng.randrange(3)):
        _pair(ET.SubElement(info, f"{{{SPACE}}}parameter"), rng)
    if rng.random() < 0.3:
        _resource(ET.SubElement(info, f"{{{SPACE}}}resource"), rng)
    for _ in range(rng.randrange(1, 3)):
        _area(ET.SubElement(info, f"{{{SPACE}}}area"), rng)


def _resource(resource: ET.Element, rng: random.Random) -> None:
    content = rng.randbytes(rng.randrange(1, 60))
    _add(resource, "resourceDesc", _words(rng))
    _add(resource, "mimeType", rng.choice(["image/png", "application/pdf", "audio/ogg"]))
    _add(resource, "size", str(len(content)))
    _add(resource, "uri", "https://example.org/map.png")
    _add(resource, "derefUri", base64.b64encode(content).decode())
    _add(resource, "digest", hashlib.sha1(content, usedforsecurity=False).hexdigest())


def _area(area: ET.Element, rng: random.Random) -> None:
    _add(area, "areaDesc", _words(rng))
    lat, lon = rng.uniform(-80, 80), rng.uniform(-170, 170)
    size = rng.uniform(0.1, 5)
    if rng.random() < 0.7:
        corners = [(lat, lon), (lat + size, lon), (lat + size, lon + size), (lat, lon + size)]
        ring = [*corners, corners[0]]
        _add(area, "polygon", " ".join(f"{a:.4f},{b:.4f}" for a, b in ring))
    else:
        _add(area, "circle", f"{lat:.4f},{lon:.4f} {size * 20:.1f}")
    _pair(ET.SubElement(area, f"{{{SPACE}}}geocode"), rng)
    if rng.random() < 0.3:
        _add(area, "altitude", "100.5")
        _add(area, "ceiling", "900")


def _pair(parent: ET.Element, rng: random.Random) -> None:
    _add(parent, "valueName", "SAME")
    _add(parent, "value", _words(rng))


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{SPACE}}}{name}").text = text


def _words(rng: random.Random) -> str:
    return " ".join(rng.choices(WORDS, k=rng.randrange(1, 6)))


def _time(moment: datetime, rng: random.Random) -> str:
    hours = rng.choice([0, 0, 1, 3, -5])
    local = moment + timedelta(hours=hours)
    zone = "-00:00" if hours == 0 else f"{hours:+03d}:00"
    return f"{local:%Y-%m-%dT%H:%M:%S}{zone}"


def _all(alert: ET.Element, name: str) -> list[ET.Element]:
    return list(alert.iter(f"{{{SPACE}}}{name}"))


def _missing(name: str) -> Fault:
    def fault(alert: ET.Element, rng: random.Random) -> bool:
        places = [(p, c) for p in alert.iter() for c in p if c.tag == f"{{{SPACE}}}{name}"]
        if places:
            parent, child = rng.choice(places)
            parent.remove(child)
        return bool(places)

    return fault


def _text(name: str, *texts: str, needs: tuple[str, str] | None = None) -> Fault:
    def fault(alert: ET.Element, rng: random.Random) -> bool:
        places = _all(alert, name)
        if needs and alert.findtext(f"{{{SPACE}}}{needs[0]}") != needs[1]:
            return False
        if places:
            rng.choice(places).text = rng.choice(texts)
        return bool(places)

    return fault


def _change(name: str, change: Callable[[str], str]) -> Fault:
    def fault(alert: ET.Element, rng: random.Random) -> bool:
        places = _all(alert, name)
        if places:
            one = rng.choice(places)
            one.text = change(one.text or "")
        return bool(places)

    return fault


def _header(name: str, value: str, *, drops: str) -> Fault:
    """Set a field of the head to a value that asks for another field, and take that away."""

    def fault(alert: ET.Element, _rng: random.Random) -> bool:
        found = alert.find(f"{{{SPACE}}}{name}")
        assert found is not None
        found.text = value
        for one in alert.findall(f"{{{SPACE}}}{drops}"):
            alert.remove(one)
        return True

    return fault


def _twice(name: str) -> Fault:
    def fault(alert: ET.Element, rng: random.Random) -> bool:
        places = [(p, i) for p in alert.iter() for i, c in enumerate(p)
                  if c.tag == f"{{{SPACE}}}{name}"]  # fmt: skip
        if places:
            parent, index = rng.choice(places)
            parent.insert(index, copy.deepcopy(parent[index]))
        return bool(places)

    return fault


def _swap(first: str, second: str) -> Fault:
    def fault(alert: ET.Element, _rng: random.Random) -> bool:
        for parent in alert.iter():
            one, two = (parent.find(f"{{{SPACE}}}{name}") for name in (first, second))
            if one is not None and two is not None:
                one.tag, two.tag = two.tag, one.tag
                one.text, two.text = two.text, one.text
                return True
        return False

    return fault


def _foreign(alert: ET.Element, rng: random.Random) -> bool:
    parent = rng.choice([alert, *_all(alert, "info"), *_all(alert, "area")])
    name = rng.choice([f"{{{SPACE}}}colour", "{urn:x}thing", "event2"])
    ET.SubElement(parent, name).text = "x"
    return True


def _namespace(alert: ET.Element, rng: random.Random) -> bool:
    other = rng.choice(["urn:oasis:names:tc:emergency:cap:1.3", "", "urn:x"])
    for one in alert.iter():
        one.tag = f"{{{other}}}{one.tag.split('}')[1]}" if other else one.tag.split("}")[1]
    return True


def _attribute(alert: ET.Element, rng: random.Random) -> bool:
    rng.choice(list(alert.iter())).set("id", "1")
    return True


def _dates(alert: ET.Element, rng: random.Random) -> bool:
    for info in _all(alert, "info"):
        end = info.find(f"{{{SPACE}}}expires")
        if end is not None:
            end.text = rng.choice(["2001-01-01T00:00:00-00:00", "1999-12-31T23:59:59+02:00"])
            return True
    return False


def _ring(change: Callable[[list[str]], list[str]]) -> Fault:
    return _change("polygon", lambda text: " ".join(change(text.split())))


REQUIRED = {
    "3.2.1": ("identifier", "sender", "sent", "status", "msgType", "scope"),
    "3.2.2": ("category", "event", "urgency", "severity", "certainty"),
    "3.2.3": ("resourceDesc", "mimeType"),
    "3.2.4": ("areaDesc",),
}
BAD_TIMES = ("2024-02-30T10:00:00-00:00", "2024-05-01 10:00:00-00:00", "2024-05-01T10:00:00",
             "2024-05-01T10:00:00.5-00:00", "2024-05-01T10:00-00:00", "20240501T100000-0000",
             "2024-05-01T25:00:00-00:00", "yesterday")  # fmt: skip
FAULTS: dict[str, list[Fault]] = {
    "3.2.1": [
        *(_missing(name) for name in REQUIRED["3.2.1"]),
        _change("identifier", lambda text: text.replace("-", " ")),
        _change("identifier", lambda text: text.replace("-", ",")),
        _change("identifier", lambda text: text + "<1"), _change("identifier", lambda _: ""),
        _change("sender", lambda text: text + " x"), _change("sender", lambda text: text + ",x"),
        _text("status", "actual", "Active", "Real"), _text("msgType", "Alarm", "update", "Warn"),
        _text("scope", "public", "Internal"), _header("msgType", "Update", drops="references"),
        _header("msgType", "Cancel", drops="references"),
        _header("msgType", "Ack", drops="references"),
        _header("scope", "Private", drops="addresses"),
        _header("scope", "Restricted", drops="restriction"),
        _change("references", lambda text: text.split(",")[1]),
        _change("references", lambda text: text.replace(",", ";")),
        _text("references", "a@example.org,m-1,2024-05-01"),
    ],
    "3.2.2": [
        *(_missing(name) for name in REQUIRED["3.2.2"]),
        _text("category", "Conflict", "security"), _text("urgency", "Soon", "immediate"),
        _text("severity", "High", "Catastrophic"), _text("certainty", "Very Likely", "Probable"),
        _text("responseType", "Flee", "prepare"), _text("language", "en_US", "français", "e"),
        _dates, _text("web", "warnings.html", "www example org"), _text("event", "", " "),
    ],
    "3.2.3": [
        *(_missing(name) for name in REQUIRED["3.2.3"]),
        _text("mimeType", "png", "a picture"), _text("size", "-4", "4 kB", "4.5"),
        _text("derefUri", "not base 64!", "abc"), _text("digest", "sha1", "12ab"),
        _change("digest", lambda text: text[::-1]),
    ],
    "3.2.4": [
        *(_missing(name) for name in REQUIRED["3.2.4"]),
        _ring(lambda ring: ring[:-1]), _ring(lambda ring: [*ring[:2], ring[0]]),
        _ring(lambda ring: [one.replace(",", " ") for one in ring]),
        _ring(lambda ring: [f"9{one}" if one[0] != "-" else f"-9{one[1:]}" for one in ring]),
        _ring(lambda ring: [f"{one.split(',')[0]},190.5" for one in ring]),
        _ring(lambda ring: [ring[0], ring[2], ring[1], *ring[3:]]),
        _text("polygon", "north of the river", "1,2,3 4,5,6 7,8,9 1,2,3"),
        _text("circle", "32.9,-115.5", "32.9 -115.5 12", "32.9,-115.5 -3", "95,10 3", "x,y 3"),
        _missing("altitude"), _text("ceiling", "1", "1e3", "high"),
    ],
    "3.3.2": [
        _text("sent", *BAD_TIMES), _change("sent", lambda text: text[:19] + "Z"),
        _text("expires", *BAD_TIMES), _change("onset", lambda text: text[:19] + "z"),
        _text("effective", *BAD_TIMES), _change("sent", lambda text: text[:19] + "UTC"),
    ],
    "3.4": [
        _twice("identifier"), _twice("sent"), _twice("urgency"), _twice("areaDesc"),
        _twice("valueName"), _twice("event"), _swap("identifier", "sender"),
        _swap("urgency", "severity"), _swap("event", "category"),
        _missing("valueName"), _missing("value"), _foreign, _namespace, _attribute,
    ],
}  # fmt: skip
"""Faults by the clause that they break."""
