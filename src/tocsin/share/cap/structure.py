"""Is everything there, in its place, and of its kind?"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from tocsin.base.nearest import nearest
from tocsin.share.cap.document import WHITE, Element
from tocsin.share.cap.layout import CAP_12, CODES, LAYOUTS, NEW_IN_12, SIGNATURE, VERSIONS, Slot
from tocsin.share.cap.rules import Findings, quote

TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([-+])(\d\d):(\d\d)", re.ASCII)
MIDNIGHT = "T24:00:00"
"""The end of a day, which XML Schema allows beside the beginning of the next."""
FARTHEST = 14 * 60
"""A zone lies at most so many minutes from UTC (XML Schema, 3.2.7.3)."""
LANGUAGE = re.compile(r"([A-Za-z]{2,8}|[iIxX](?=-))(-[A-Za-z0-9]{1,8})*")
CODE = re.compile(r"([A-Za-z]{2,3}(-|$))|[xXiI]-")
DECIMAL = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
WHOLE = re.compile(r"\+?\d+", re.ASCII)
MIME = re.compile(r"[A-Za-z0-9][\w!#$&^.+-]*/[A-Za-z0-9][\w!#$&^.+-]*( *;.*)?", re.ASCII)
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
BARE = re.compile(r"www\.[^\s<>\"{}|\\^`:]+", re.IGNORECASE)
"""A page whose address lacks only its beginning, as two weather services write it."""
XSI = "http://www.w3.org/2001/XMLSchema-instance"
FREE = frozenset((
    "source", "restriction", "addresses", "code", "note", "references", "incidents", "audience",
    "senderName", "headline", "description", "instruction", "web", "contact", "derefUri",
    "digest", "polygon", "circle", "uri", "language",
))  # fmt: skip
"""Elements that may be empty: what depends on them is asked for by rules of their own."""


def parse_time(text: str) -> datetime | None:
    """Read a time in the form that the standard asks for (clause 3.3.2).

    Args:
        text: the text, without spaces around it.

    Returns:
        The time with its zone; None where it has another form or does not exist.

    >>> parse_time("2002-05-24T16:49:00-07:00").isoformat()
    '2002-05-24T16:49:00-07:00'
    >>> parse_time("2026-02-30T00:00:00-00:00") is None
    True
    """
    found = TIME.fullmatch(text)
    if not found or int(found[9]) > 59 or int(found[8]) * 60 + int(found[9]) > FARTHEST:
        return None
    try:
        if MIDNIGHT in text:
            return datetime.fromisoformat(text.replace(MIDNIGHT, "T00:00:00")) + timedelta(days=1)
        return datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None


def check_structure(alert: Element, found: Findings) -> None:
    """Hold a message to the layout of the standard.

    Args:
        alert: the outermost element, whose namespace is one of `VERSIONS`.
        found: where findings are added.
    """
    _layout(alert, "alert", "", found)
    signatures = [one for one in alert.children if one.space == SIGNATURE]
    if len(signatures) > 1:
        found.add(
            "several-signatures",
            signatures[1],
            "Signature",
            "there are several signatures, and each is looked at",
        )


def _layout(parent: Element, layout: str, path: str, found: Findings) -> None:
    """Check the children of one element, and what is inside them."""
    slots = {slot.name: slot for slot in LAYOUTS[layout]}
    places = {name: number for number, name in enumerate(slots)}
    _attributes(parent, path or layout, found)
    if parent.text.strip():
        what = f"there is text between its elements: {quote(parent.text.strip())}"
        found.add("mixed-text", parent, path or layout, what)
    seen: dict[str, int] = {}
    last, signed = 0, False
    for child in parent.children:
        if child.space == SIGNATURE and layout == "alert":
            signed = True
            continue
        if child.space != parent.space or child.name not in slots:
            _unknown(child, parent, slots, path, found)
            continue
        slot = slots[child.name]
        seen[child.name] = seen.get(child.name, 0) + 1
        number = f"[{seen[child.name]}]" if slot.most > 1 else ""
        here = f"{path}/{child.name}{number}".lstrip("/")
        if seen[child.name] == slot.most + 1:
            what = f"it may stand {'once' if slot.most == 1 else f'{slot.most:,} times'} only"
            found.add("repeated", child, here, what)
        if places[child.name] < last or signed:
            before = "the signature" if signed else f"'{list(slots)[last]}'"
            what = f"it stands after {before} and belongs before it"
            found.add("order", child, here, what)
        last = max(last, places[child.name])
        _content(child, slot, parent.space, here, found)
    for slot in slots.values():
        if seen.get(slot.name, 0) < slot.least and not _optional_then(slot, parent.space):
            where = path or layout
            found.add("required", parent, where, f"'{slot.name}' is missing", f"Add {slot.name}.")


def _optional_then(slot: Slot, space: str) -> bool:
    """In CAP 1.1 a resource could leave out its kind."""
    return slot.name == "mimeType" and VERSIONS[space] == "1.1"


def _unknown(
    child: Element, parent: Element, slots: dict[str, Slot], path: str, found: Findings
) -> None:
    here = f"{path}/{child.name}".lstrip("/")
    if child.space != parent.space:
        what = f"it is of {quote(child.space) if child.space else 'no namespace'}, not of CAP"
        found.add("unknown-element", child, here, what)
        return
    near = nearest(child.name, list(slots))
    remedy = f"Did you mean '{near}'?" if near else "Extensions belong into a parameter."
    found.add("unknown-element", child, here, f"'{parent.name}' holds no '{child.name}'", remedy)


def _attributes(element: Element, path: str, found: Findings) -> None:
    for space, name in element.attributes:
        if space != XSI:
            what = f"it has the attribute '{name}', and the standard has none"
            found.add("attribute", element, path, what)


def _content(child: Element, slot: Slot, space: str, here: str, found: Findings) -> None:
    """Check what one element holds."""
    if slot.kind in LAYOUTS:
        _layout(child, slot.kind, here, found)
        return
    _attributes(child, here, found)
    for inner in child.children:
        found.add("unknown-element", inner, here, f"there is an element '{inner.name}' in a text")
    text = child.text.strip(WHITE)
    if not text.strip() and slot.name not in FREE:
        if slot.name == "value":
            found.add("value-empty", child, here, "its value is empty")
        else:
            found.add("empty", child, here, "it is empty")
    elif slot.kind == "time":
        _time(child, space, here, found)
    elif slot.kind in CODES:
        _code(child, slot.kind, space, here, found)
    elif text:
        _kind(child, slot.kind, text, here, found)


def _time(child: Element, space: str, here: str, found: Findings) -> None:
    """Hold a time to its form, and say what is wrong with it."""
    text = child.text.strip(WHITE)
    if parse_time(text) is not None:
        if MIDNIGHT in text:
            what = f"{quote(text)} is the end of the day, which many programs cannot read"
            found.add("time-midnight", child, here, what, "Write 00:00:00 of the next day.")
        if text.endswith("+00:00") and space == CAP_12:
            what = f"{quote(text)} writes UTC as +00:00, and the standard asks for -00:00"
            found.add("time-utc", child, here, what, "Write -00:00.")
        return
    if re.search(r"[A-Za-z]$", text):
        what = f"{quote(text)} ends in a letter for its zone"
        found.add("time-letter", child, here, what, "Write the zone as hours, and UTC as -00:00.")
        return
    reason = "does not exist" if TIME.fullmatch(text) else "has another form"
    if re.search(r":\d\d\.\d+", text):
        reason = "has fractions of a second"
    elif re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", text):
        reason = "has no zone"
    remedy = "Write it as 2026-11-26T08:00:00-00:00."
    found.add("time", child, here, f"{quote(text)} {reason}", remedy)


def _code(child: Element, kind: str, space: str, here: str, found: Findings) -> None:
    # The schema compares codes as written: a space or a capital makes another word.
    if child.text not in CODES[kind]:
        near = nearest(child.text.strip(), CODES[kind])
        remedy = f"Did you mean '{near}'?" if near else f"Choose of: {', '.join(CODES[kind])}."
        found.add("code", child, here, f"{quote(child.text)} is no {kind} of the standard", remedy)
    elif kind == "responseType" and child.text in NEW_IN_12 and VERSIONS[space] == "1.1":
        found.add("response-version", child, here, f"CAP 1.1 has no '{child.text}'")


def _kind(child: Element, kind: str, text: str, here: str, found: Findings) -> None:
    """Check a value that is no code and no time."""
    if kind == "language" and not LANGUAGE.fullmatch(text):
        remedy = "Write it with a hyphen, such as fr or en-US."
        found.add("language", child, here, f"{quote(text)} is no tag of a language", remedy)
    elif kind == "language" and not CODE.match(text):
        what = f"{quote(text)} is no code of a language"
        found.add("language-unlikely", child, here, what, "Write the code, such as fr.")
    elif kind == "decimal" and not DECIMAL.fullmatch(text):
        found.add("decimal", child, here, f"{quote(text)} is no decimal number")
    elif kind == "size" and not WHOLE.fullmatch(text):
        found.add("size", child, here, f"{quote(text)} is no number of bytes")
    elif kind == "mime" and not MIME.fullmatch(text):
        what = f"{quote(text)} is no MIME type"
        found.add("mime", child, here, what, "Write it as image/png or application/pdf.")
    elif kind == "uri" and child.name == "web" and BARE.fullmatch(text):
        what = f"{quote(text)} does not say how it is reached"
        found.add("web-bare", child, here, what, f"Write https://{text}.")
    elif kind == "uri" and child.name == "web" and not ADDRESS.fullmatch(text):
        remedy = "Write it whole, beginning with https://."
        found.add("web", child, here, f"{quote(text)} is no full address", remedy)
