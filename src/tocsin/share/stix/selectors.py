"""Do the selectors of granular markings lead to a part of their object? (STIX 2.1, 7.2.3.1)"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tocsin.share.finding import Finding
from tocsin.share.stix.lines import Lines

PLACE = re.compile(r"\[(\d+)\]", re.ASCII)


def check_selectors(objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """Find the selectors that count places in what is no list.

    OASIS's validator sees a name and a place that are not there, and takes a text for the list of
    its signs; who reads such a marking marks nothing.

    Args:
        objects: the objects of a file.
        lines: where their identifiers stand.

    Yields:
        A finding for each such selector.
    """
    for one in objects:
        name = str(one.get("id", ""))
        granular = one.get("granular_markings")
        for each in granular if isinstance(granular, list) else ():
            selectors = each.get("selectors") if isinstance(each, dict) else None
            for selector in selectors if isinstance(selectors, list) else ():
                if isinstance(selector, str) and (part := _no_list(one, selector)):
                    what = f"the selector '{selector[:80]}' counts places in '{part}', no list"
                    remedy = "A selector leads to a property or to an item of a list."
                    yield Finding(lines.of(name), "selector", "error", name, what, remedy)


def _no_list(one: dict[str, Any], selector: str) -> str:
    """The part of which a place is asked though it is no list; empty where there is none."""
    value: Any = one
    walked: list[str] = []
    for step in selector.split("."):
        place = PLACE.fullmatch(step)
        if place and not isinstance(value, list):
            return ".".join(walked) or "the object"
        if place and int(place[1]) < len(value):
            value = value[int(place[1])]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return ""
        walked.append(step)
    return ""
