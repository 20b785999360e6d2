"""Does a message say what its kind has to say, and do its parts agree?"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta

from tocsin.share.cap.areas import check_area
from tocsin.share.cap.document import Element, split_words
from tocsin.share.cap.resources import check_resource
from tocsin.share.cap.rules import Findings, quote
from tocsin.share.cap.structure import parse_time

FORBIDDEN = re.compile(r"[\s,<&]")
"""What an identifier and a sender may not hold (clause 3.2.1)."""
UNIQUE = re.compile(r".*[@:./].+")
"""A sender that holds an address, a domain or a number of an authority."""
ACTING = frozenset(("Shelter", "Evacuate", "Prepare", "Execute", "Avoid"))
CLOCKS_DIFFER = timedelta(minutes=15)
"""Two clocks may differ by so much before a message is said to come from the future."""
HEADLINE = 160


def check_meaning(alert: Element, found: Findings, now: datetime) -> None:
    """Hold a message to what its kind has to say.

    Args:
        alert: the outermost element.
        found: where findings are added.
        now: the time against which 'in the future' and 'expired' are told.
    """
    _identity(alert, found)
    _scope(alert, found)
    _kind(alert, found)
    references(alert, found)
    sent = parse_time(alert.value("sent"))
    if sent and sent > now + CLOCKS_DIFFER:
        what = f"it was sent at {alert.value('sent')}, which is still to come"
        found.add("sent-future", alert.first("sent") or alert, "sent", what)
    for number, info in enumerate(alert.all("info"), 1):
        _info(info, f"info[{number}]", found)
        _times(info, f"info[{number}]", sent, now, found)
    _find_hidden_signs(alert, found)


def _identity(alert: Element, found: Findings) -> None:
    for name in ("identifier", "sender"):
        child = alert.first(name)
        if child is None:
            continue
        bad = FORBIDDEN.search(child.text)
        if bad:
            what = f"{quote(child.text)} holds {quote(bad[0])}, which splits references"
            found.add(f"{name}-characters", child, name, what, "Replace it by a hyphen.")
        elif name == "sender" and child.text.strip() and not UNIQUE.fullmatch(child.text.strip()):
            what = f"{quote(child.text.strip())} may be anybody's name"
            remedy = "Write an address or a domain of your own."
            found.add("sender-unique", child, name, what, remedy)


def _scope(alert: Element, found: Findings) -> None:
    scope, at = alert.value("scope"), alert.first("scope") or alert
    if scope == "Restricted" and not alert.value("restriction"):
        found.add("restriction", at, "scope", "it is restricted and does not say to whom",
                  "Say the rule in 'restriction'.")  # fmt: skip
    if scope in ("Public", "Private") and alert.value("restriction"):
        what = f"it has a restriction although its scope is {scope}"
        found.add("restriction-unused", alert.first("restriction") or at, "restriction", what)
    if scope == "Private" and not alert.value("addresses"):
        found.add("addresses", at, "scope", "it is private and has no addresses",
                  "Name the receivers in 'addresses', or set another scope.")  # fmt: skip
    for name in ("addresses", "incidents"):
        if alert.value(name).count('"') % 2:
            found.add("quotes", alert.first(name) or at, name, "a double quote is not closed")


def _kind(alert: Element, found: Findings) -> None:
    kind, at = alert.value("msgType"), alert.first("msgType") or alert
    if kind == "Error" and not alert.value("note"):
        found.add("error-note", at, "msgType", "it is an Error without a note that says why")
    if alert.value("status") == "Exercise" and not alert.value("note"):
        what = "it is an exercise and has no note that says which"
        found.add("exercise-note", alert.first("status") or at, "status", what)
    # A network's own messages, such as a sign of life, are told by their codes.
    internal = alert.value("status") == "System"
    if kind in ("Alert", "Update") and not internal and not alert.all("info"):
        found.add("info-missing", at, "msgType", f"this {kind} has no info, so it tells nothing")


def references(alert: Element, found: Findings) -> list[tuple[str, str, str]]:
    """Read to which earlier messages a message refers, and check the form of it.

    Args:
        alert: the outermost element.
        found: where findings are added.

    Returns:
        Tuples of sender, identifier and time of sending, of those in the right form.
    """
    child, kind = alert.first("references"), alert.value("msgType")
    at = child or alert.first("msgType") or alert
    words = split_words(alert.value("references"))
    if not words and kind in ("Update", "Cancel", "Ack", "Error"):
        what = f"this {kind} does not say which message it is about"
        found.add("references-missing", at, "references", what,
                  "Write sender,identifier,sent of it.")  # fmt: skip
    if words and kind == "Alert":
        what = "it is a first Alert and refers to earlier messages"
        found.add("references-new", at, "references", what, "Make it an Update.")
    read: list[tuple[str, str, str]] = []
    sent = parse_time(alert.value("sent"))
    for word in words:
        parts = tuple(word.split(","))
        then = parse_time(parts[-1])
        if len(parts) != 3 or not all(parts) or then is None:
            what = f"{quote(word)} is not sender,identifier,sent"
            found.add("references-form", at, "references", what)
            continue
        sender, identifier, _ = parts
        if (sender, identifier) == (alert.value("sender"), alert.value("identifier")):
            found.add("references-itself", at, "references", "it refers to itself",
                      "An Update has an identifier of its own.")  # fmt: skip
        elif sent and then > sent:
            what = f"{quote(word)} was sent after this message"
            found.add("references-later", at, "references", what)
        if kind in ("Update", "Cancel") and sender != alert.value("sender"):
            what = f"this {kind} is about a message of {quote(sender)}"
            found.add("references-sender", at, "references", what)
        if (sender, identifier, parts[2]) in read:
            found.add("references-twice", at, "references", f"{quote(word)} stands twice")
        read.append((sender, identifier, parts[2]))
    if kind == "Cancel" and len(set(read)) > 1 and not _words(alert):
        what = f"it cancels {len(set(read))} messages without a word about it"
        found.add("cancel-several", at, "references", what, "Say in 'note' that all end.")
    return read


def _words(alert: Element) -> bool:
    """Is there any text that a person could read?"""
    told = [info.value("headline") + info.value("description") for info in alert.all("info")]
    return bool(alert.value("note") or any(told))


def _info(info: Element, here: str, found: Findings) -> None:
    if not info.value("language"):
        found.add("language-default", info, here, "it names no language, so it counts as en-US")
    responses = [one.text for one in info.all("responseType")]
    if "None" in responses and len(responses) > 1:
        found.add("response-none", info, here, "'None' stands beside other responses")
    both = ACTING & set(responses)
    if "AllClear" in responses and both:
        what = f"it says AllClear and {', '.join(sorted(both))} at once"
        found.add("response-clear", info, here, what)
    for name in ("category", "responseType"):
        told = [one.text for one in info.all(name)]
        for twice in sorted({one for one in told if told.count(one) > 1}):
            found.add("code-twice", info, here, f"{name} '{twice}' stands twice")
    if info.value("certainty") == "Observed" and info.value("urgency") == "Future":
        what = "it is observed, which is now or past, and its urgency is Future"
        found.add("observed-future", info, here, what)
    headline = info.first("headline")
    if headline is not None and len(headline.text.strip()) > HEADLINE:
        what = f"it has {len(headline.text.strip())} characters"
        found.add("headline-long", headline, f"{here}/headline", what)
    for number, resource in enumerate(info.all("resource"), 1):
        check_resource(resource, f"{here}/resource[{number}]", found)
    for number, area in enumerate(info.all("area"), 1):
        check_area(area, f"{here}/area[{number}]", found)


def _times(info: Element, here: str, sent: datetime | None, now: datetime, found: Findings) -> None:
    """Check the order of the times of one info."""
    at = info.first("expires") or info
    expires = parse_time(info.value("expires"))
    if info.first("expires") is None:
        found.add("expires-missing", info, here, "it does not say when it expires",
                  "Add 'expires': each receiver decides by itself otherwise.")  # fmt: skip
    if expires is None:
        return
    before = {
        "expires-sent": ("sent", sent),
        "expires-effective": ("effective", parse_time(info.value("effective"))),
        "expires-onset": ("onset", parse_time(info.value("onset"))),
    }
    for rule, (name, time) in before.items():
        if time is not None and expires < time:
            what = f"it expires at {info.value('expires')}, before its '{name}'"
            found.add(rule, at, f"{here}/expires", what)
    if expires <= now:
        days = (now - expires).days
        ago = f"{days:,} days ago" if days > 1 else "within the last two days"
        found.add("expired", at, f"{here}/expires", f"it expired {ago}; it stays a valid message")


def _find_hidden_signs(alert: Element, found: Findings) -> None:
    """Signs that turn the direction of writing can make a text read as another."""
    for element in alert.walk():
        if element.space != alert.space:
            continue
        for sign in element.text:
            if unicodedata.bidirectional(sign) in {"LRO", "RLO", "LRE", "RLE", "PDF"}:
                what = f"there is an invisible sign of direction ({unicodedata.name(sign).lower()})"
                found.add("hidden-characters", element, element.name, what)
                break
