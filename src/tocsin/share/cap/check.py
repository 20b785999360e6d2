"""Check messages: each by itself, then against each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tocsin.errors import MissingExtra
from tocsin.share.cap.document import Element, Unreadable, read
from tocsin.share.cap.feed import check_feed, entries, inside, is_feed
from tocsin.share.cap.layout import OLDER, SIGNATURE, VERSIONS
from tocsin.share.cap.meaning import check_meaning, references
from tocsin.share.cap.rules import Findings, quote
from tocsin.share.cap.signature import WEAK, Signature, check_signatures
from tocsin.share.cap.structure import check_structure, parse_time
from tocsin.share.finding import Checked

UNMARKED = (b"\0<", b"<\0")
"""How a text in UTF-16 begins that has no mark of its byte order."""
SHOWN = 3
"""So many messages of an envelope are summed up in words."""


@dataclass(frozen=True)
class CheckedMessage(Checked):
    """This is what is found about one message, its signature apart."""

    signature: Signature | None
    """What its signature is worth; None: it has none, or it could not be checked."""
    version: str
    """The version of CAP; empty where it is no message."""


def check(
    messages: Mapping[str, bytes],
    *,
    now: datetime | None = None,
    trust: Sequence[bytes] = (),
) -> list[CheckedMessage]:
    """Check messages of the Common Alerting Protocol, each by itself and against each other.

    The rules are those of CAP 1.2 (OASIS, 2010) and of `tocsin.share.cap.RULES`; nothing is
    fetched. Messages of CAP 1.1 are checked too and said to be so.

    Args:
        messages: file name to bytes.
        now: the time against which 'expired' is told; None: now.
        trust: certificates to trust, as PEM.

    Returns:
        What is found about each message, in their order.

    Raises:
        UsageError: what is to be trusted is no certificate.
        MissingExtra: defusedxml is not installed.

    >>> check({"a.xml": b"<alert/>"})[0].findings[0].what
    "its root is 'alert' of no namespace, and no alert of CAP"
    """
    moment = now or datetime.now(UTC)
    read_ones: dict[str, Element] = {}
    holders: dict[str, Element] = {}
    gathered: dict[str, Findings] = {}
    signatures: dict[str, Signature | None] = {}
    for name, content in messages.items():
        found = gathered[name] = Findings()
        root = _read(content, found)
        if root is None:
            continue
        if root.name == "alert" and root.space in VERSIONS:
            read_ones[name] = root
            _message(root, moment, found)
            signatures[name] = _signature(root, content, moment, trust, found)
            continue
        holders[name] = root
        if is_feed(root):
            check_feed(root, found)
        for alert in inside(root):
            _message(alert, moment, found)
            for one in [child for child in alert.children if child.space == SIGNATURE]:
                what = "it signs a message inside another document, so it was not looked at"
                found.add("signature-unread", one, "Signature", what,
                          "Save the message as a file of its own, byte for byte.")  # fmt: skip
    _between(read_ones, gathered)
    return [
        CheckedMessage(
            name,
            tuple(gathered[name].in_order()),
            _tell_feed(name, read_ones, holders, moment),
            signatures.get(name),
            VERSIONS[read_ones[name].space] if name in read_ones else "",
        )
        for name in messages
    ]


def _message(alert: Element, now: datetime, found: Findings) -> None:
    check_structure(alert, found)
    check_meaning(alert, found, now)


def _read(content: bytes, found: Findings) -> Element | None:
    """The alert, the feed or the envelope of a file, or None with the reason among the findings."""
    try:
        root = read(content)
    except Unreadable as error:
        found.add("readable", error.line, "file", error.what)
        return None
    if content[:2] in UNMARKED:
        what = "it is in UTF-16 and does not say which byte of a sign comes first"
        found.add("byte-order", 1, "file", what, "Write it in UTF-8, or put U+FEFF first.")
    if is_feed(root):
        return root
    if root.name == "alert" and root.space in VERSIONS:
        if VERSIONS[root.space] != "1.2":
            what = f"it is of CAP {VERSIONS[root.space]}; receivers of today expect 1.2"
            found.add("version", root, "alert", what)
        return root
    if inside(root):
        what = f"its root is '{root.name}', an envelope that is itself not checked"
        found.add("envelope", root, "file", what)
        return root
    if root.space in OLDER:
        what = f"it is of CAP {OLDER[root.space]}, which is not read"
        found.add("root", root, "file", what, "Ask its sender for CAP 1.2.")
        return None
    space = f"namespace {quote(root.space)}" if root.space else "no namespace"
    what = f"its root is '{root.name}' of {space}, and no alert of CAP"
    found.add("root", root, "file", what)
    return None


def _signature(
    alert: Element, content: bytes, now: datetime, trust: Sequence[bytes], found: Findings
) -> Signature | None:
    """What the signatures of a message are worth: the answers about the weakest."""
    signed = [one for one in alert.children if one.space == SIGNATURE]
    if not signed:
        return None
    try:
        answers = check_signatures(content, alert, now, trust)
    except MissingExtra as error:
        what = "the message is signed, and the signature was not looked at"
        found.add("signature-unread", signed[0], "Signature", what, error.remedy)
        return None
    for at, answer in zip(signed, answers, strict=True):
        _tell_signature(at, answer, found)
    return min(
        answers, key=lambda one: (one.intact is not False, one.intact is True, -one.indented)
    )


def _tell_signature(at: Element, answer: Signature, found: Findings) -> None:
    if answer.reason == WEAK:
        found.add("signature-weak", at, "Signature", answer.reason)
    elif answer.intact is None:
        found.add("signature-unread", at, "Signature", answer.reason)
    elif answer.indented:
        what = "the signature holds for every word, but white space was changed after signing"
        found.add("signature-indented", at, "Signature", what)
    elif not answer.intact:
        what = f"the signature does not hold ({answer.reason})"
        remedy = "The message was changed after it was signed, or signed wrongly: ask its sender."
        found.add("signature-broken", at, "Signature", what, remedy)


def _between(read_ones: Mapping[str, Element], gathered: Mapping[str, Findings]) -> None:
    """Rules about several messages: identifiers, and what they say of each other."""
    by_name: dict[tuple[str, str], str] = {}
    # The earlier of two is the one whose identifier it is, in whichever order the files are named.
    for name, alert in sorted(read_ones.items(), key=lambda one: _moment(one[1])):
        key = alert.value("sender"), alert.value("identifier")
        if key in by_name and all(key):
            other = read_ones[by_name[key]]
            at = alert.first("identifier") or alert
            if _moment(other) != _moment(alert):
                what = f"{by_name[key]} of {other.value('sent')} has the same sender and identifier"
                gathered[name].add("identifier-reused", at, "identifier", what,
                                   "Give each message an identifier of its own.")  # fmt: skip
            elif _words(other) != _words(alert):
                what = f"{by_name[key]} is the same message and says other things"
                gathered[name].add("identifier-altered", at, "identifier", what,
                                   "Ask the sender which of them is its own.")  # fmt: skip
        by_name.setdefault(key, name)
    for name, alert in read_ones.items():
        at = alert.first("references") or alert
        for sender, identifier, sent in references(alert, Findings()):
            other_name = by_name.get((sender, identifier))
            if other_name is None or other_name == name:
                continue
            other = read_ones[other_name]
            if parse_time(other.value("sent")) != parse_time(sent):
                what = f"{other_name} was sent at {other.value('sent')}, not at {sent}"
                gathered[name].add("reference-time", at, "references", what)
            if alert.value("msgType") in ("Update", "Cancel") and other.value("msgType") not in (
                "Alert", "Update",
            ):  # fmt: skip
                what = f"{other_name} is of the kind {other.value('msgType')}"
                gathered[name].add("reference-kind", at, "references", what)


def _moment(alert: Element) -> float:
    """When a message was sent, in seconds; what has no time that can be read comes last."""
    sent = parse_time(alert.value("sent"))
    return sent.timestamp() if sent else math.inf


def _words(alert: Element) -> list[tuple[str, str]]:
    """What a message says, without its signatures."""
    parts = [one for one in alert.children if one.space == alert.space]
    return [(one.name, one.text.strip()) for part in parts for one in part.walk()]


def _tell_feed(
    name: str, read_ones: Mapping[str, Element], holders: Mapping[str, Element], now: datetime
) -> str:
    if name not in holders:
        return _summary(read_ones[name], now) if name in read_ones else ""
    root = holders[name]
    messages = inside(root)
    if not is_feed(root):
        told = f"'{root.name}' with {_count_words(len(messages), 'message')} inside: "
        return told + " | ".join(_summary(one, now) for one in messages[:SHOWN])
    kind = "Atom" if root.name == "feed" else "RSS"
    count = _count_words(len(entries(root)), "entry", "entries")
    whole = f"{_count_words(len(messages), 'whole message')} inside, checked"
    return f"{kind} feed of {count}; {whole if messages else 'no whole message is inside'}"


def _count_words(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _summary(alert: Element, now: datetime) -> str:
    """What a message says, in a few words."""
    said = [
        f"{alert.value('status')} {alert.value('msgType')} ({alert.value('scope')}) of "
        f"{alert.value('sender')}, sent {alert.value('sent')}"
    ]
    if alert.value("status") != "Actual":
        said.append(f"not for action: its status is {alert.value('status')}")
    for info in alert.all("info"):
        areas = [area.value("areaDesc") for area in info.all("area")]
        kinds = ("polygon", "circle")
        shapes = sum(len(area.all(kind)) for area in info.all("area") for kind in kinds)
        named = f"{', '.join(areas[:3])}{' and others' if len(areas) > 3 else ''}"
        where = f" for {named}" if areas else ""
        levels = ", ".join(
            f"{name} {info.value(name)}" for name in ("urgency", "severity", "certainty")
        )
        expires = parse_time(info.value("expires"))
        until = ""
        if expires is not None:
            until = f"; {'expired' if expires <= now else 'in force until'} {info.value('expires')}"
        told = info.value("headline") or info.value("event")
        said.append(
            f"[{info.value('language') or 'en-US'}] {told}{where} "
            f"({levels}; {shapes} shape{'' if shapes == 1 else 's'}){until}"
        )
    return "; ".join(said)
