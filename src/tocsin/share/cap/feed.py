"""Feeds that list warnings: Atom (RFC 4287) and RSS 2.0. Do they say what a reader needs?"""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime

from tocsin.share.cap.document import Element
from tocsin.share.cap.layout import VERSIONS
from tocsin.share.cap.rules import Findings, quote

ATOM = "http://www.w3.org/2005/Atom"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[-+]\d\d:\d\d)", re.ASCII)


def is_feed(root: Element) -> bool:
    """Tell whether a document is a feed that can be checked.

    Args:
        root: the outermost element.

    Returns:
        True for Atom and for RSS.
    """
    return (root.space, root.name) == (ATOM, "feed") or (root.space, root.name) == ("", "rss")


def check_feed(root: Element, found: Findings) -> None:
    """Hold a feed to its standard; the messages in it are not looked at.

    Args:
        root: the outermost element of Atom or RSS.
        found: where findings are added.
    """
    if root.name == "feed":
        _atom(root, found)
    else:
        _rss(root, found)


def inside(root: Element) -> list[Element]:
    """Give the messages that stand inside a feed or an envelope, such as EDXL-DE or SOAP.

    Args:
        root: the outermost element.

    Returns:
        The alerts of CAP 1.2 and 1.1 in their order, none of them inside another.
    """
    if root.name == "alert" and root.space in VERSIONS:
        return [root]
    return [one for child in root.children for one in inside(child)]


def entries(root: Element) -> list[Element]:
    """Give the entries of a feed.

    Args:
        root: the outermost element.

    Returns:
        The entries of Atom or the items of RSS, in their order.
    """
    if root.name == "feed":
        return root.all("entry")
    return [item for channel in root.all("channel") for item in channel.all("item")]


def _atom(root: Element, found: Findings) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: an id, a title and a time of update; ids are unique."""
    authors = bool(root.all("author"))
    seen: set[str] = set()
    parts = [("feed", root)]
    parts += [(f"entry[{number}]", entry) for number, entry in enumerate(entries(root), 1)]
    for here, part in parts:
        for name in ("id", "title", "updated"):
            if not part.value(name) and (name != "title" or part.first("title") is None):
                found.add("feed-required", part, here, f"'{name}' is missing", f"Add {name}.")
        updated = part.value("updated")
        if updated and not _exists(updated):
            found.add("feed-time", part, here, f"{quote(updated)} is no time of RFC 3339")
        if not authors and here != "feed" and not part.all("author"):
            found.add("feed-required", part, here, "neither it nor the feed has an author")
        key = part.value("id")
        if key and here != "feed":
            stamped = f"{key} {updated}"
            if stamped in seen:
                found.add("feed-twice", part, here, f"the entry {quote(key)} stands twice")
            seen.add(stamped)
        links = [one.attributes.get(("", "rel"), "alternate") for one in part.all("link")]
        if here != "feed" and part.first("content") is None and "alternate" not in links:
            found.add("feed-required", part, here, "it has neither content nor a link")


def _rss(root: Element, found: Findings) -> None:
    """RSS 2.0: a channel has a title, a link and a description; an item a title or description."""
    channels = root.all("channel")
    if len(channels) != 1:
        found.add("feed-required", root, "rss", "there is not exactly one channel")
    for channel in channels:
        for name in ("title", "link", "description"):
            if not channel.value(name):
                found.add("feed-required", channel, "channel", f"'{name}' is missing")
    seen: set[str] = set()
    for number, item in enumerate(entries(root), 1):
        here = f"item[{number}]"
        if not item.value("title") and not item.value("description"):
            what = "it has neither a title nor a description"
            found.add("feed-required", item, here, what)
        published = item.value("pubDate")
        if published and _rfc822(published) is None:
            found.add("feed-time", item, here, f"{quote(published)} is no date of RFC 822")
        key = item.value("guid")
        if key and key in seen:
            found.add("feed-twice", item, here, f"the item {quote(key)} stands twice")
        seen.add(key)


def _exists(stamp: str) -> bool:
    try:
        return bool(STAMP.fullmatch(stamp)) and bool(datetime.fromisoformat(stamp))
    except ValueError:
        return False


def _rfc822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
