"""Traffic Light Protocol: what a marking lets a reader do with an object.

FIRST (2022), TLP 2.0, and the identifiers that STIX 2.1 gives both versions. A brief is made
to be shown, so only what may go to a whole community (CLEAR, WHITE, GREEN) is read; AMBER,
AMBER+STRICT and RED are refused, and so is a marking that nobody here can read. A producer may
say a level anywhere in a marking's definition (OpenCTI: `x_opencti_definition`), in a sentence, or
by PAP, the Permissible Actions Protocol, whose colours limit what a reader does with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from tocsin.errors import UsageError
from tocsin.observe.checks.private import Keep
from tocsin.observe.checks.values import Refused
from tocsin.schema.vocabulary.marking import TLP_1, TLP_2
from tocsin.schema.vocabulary.placeholder import is_placeholder

FREE = ("CLEAR", "WHITE", "GREEN")
_IDS = TLP_1 | TLP_2
MAX_TERMS = 20_000
"""Characters of a statement that are read; what a longer one says is taken for the strictest."""
_ORDER = ("CLEAR", "WHITE", "GREEN", "AMBER", "AMBER+STRICT", "RED")


def marking(
    item: Mapping[str, Any],
    objects: Mapping[str, Mapping[str, Any]],
    known: dict[str, str] | None = None,
) -> str | None:
    """Find the strictest level that marks a STIX object or a part of it.

    Args:
        item: a STIX object.
        objects: the objects of its bundle by id, for markings that the bundle defines.
        known: remembers what each marking of the bundle means, from one object to the next.

    Returns:
        A level of TLP, one of PAP (Permissible Actions Protocol) such as 'PAP:RED', or
        'unreadable' where a marking is not defined, or says nothing that is known here. None where
        nothing marks the object.
    """
    told = {} if known is None else known
    refs = set(_references(item))
    told.update({ref: _level(ref, objects) for ref in refs - told.keys()})
    levels = [*(told[ref] for ref in refs), *_own_levels(item)]
    if "unreadable" in levels:
        return "unreadable"
    ranked = [level for level in sorted(levels) if _rank(level) >= 0]
    return max(ranked, key=lambda level: (not is_free(level), _rank(level))) if ranked else None


def declared_levels(
    objects: Mapping[str, Mapping[str, Any]], said: Mapping[str, str]
) -> dict[str, str]:
    """Give markings that are not known here the levels that somebody says they have.

    Args:
        objects: the objects of a bundle by id, its markings among them.
        said: the id of a marking, or the name or statement in its definition (in any case), and
            its level of TLP.

    Returns:
        The id of each marking that is meant, and its level. A marking that says itself what it is
        keeps its own word.
    """
    found: dict[str, str] = {}
    plain = {name.casefold().strip(): level for name, level in said.items()}
    for ref, item in objects.items():
        if item.get("type") == "marking-definition" and _level(ref, objects) == "unreadable":
            names = [ref, *_sayings(item)]
            levels = [plain[one] for name in names if (one := name.casefold().strip()) in plain]
            if levels:
                found[ref] = max(levels, key=_rank)
    return found


def read_declared(texts: Sequence[str]) -> dict[str, str]:
    """Read what somebody says of markings, as 'NAME=LEVEL'.

    Args:
        texts: one for each marking; LEVEL is one of TLP 2.0, with or without 'TLP:'.

    Returns:
        The level of each name.

    Raises:
        UsageError: a text is not of that form, or its level is none of TLP.

    >>> read_declared(["Desk circulation=TLP:GREEN"])
    {'Desk circulation': 'GREEN'}
    """
    found = {}
    for text in texts:
        name, _, level = text.rpartition("=")
        plain = level.upper().strip().removeprefix("TLP:")
        if not name.strip() or plain not in _ORDER:
            raise UsageError(
                f"'{text}' is not a marking with its level.",
                where="--marking",
                remedy=f"Write NAME=LEVEL, with a level among {', '.join(_ORDER)}.",
            )
        found[name.strip()] = plain
    return found


def is_free(level: str | None) -> bool:
    """Tell whether rows that come from an object of this level may be kept and shown.

    Args:
        level: what `marking` gave.

    Returns:
        True for None and for the levels of `FREE`.
    """
    return level is None or level.removeprefix("PAP:") in FREE


def _references(item: Mapping[str, Any]) -> Iterator[str]:
    whole, granular = item.get("object_marking_refs", []), item.get("granular_markings", [])
    yield from (str(ref) for ref in (whole if isinstance(whole, list) else [whole]))
    for part in granular if isinstance(granular, list) else [granular]:
        # A marking of language ('lang') names no definition and limits nothing.
        if not isinstance(part, dict) or "lang" not in part:
            yield str(part.get("marking_ref")) if isinstance(part, dict) else ""


def _own_levels(item: Mapping[str, Any]) -> Iterator[str]:
    """Levels that an object says of itself, where no definition of a marking stands beside it.

    MISP and others write them as a label ('tlp:amber'), in a property of their own (`x_tlp`), or
    at the head of the title.
    """
    labels = item.get("labels", ())
    texts = [one for one in (labels if isinstance(labels, list) else ()) if isinstance(one, str)]
    texts = [one for one in texts if _NAMES_PROTOCOL.search(one.upper())]
    texts += [
        value
        for name, value in item.items()
        if _NAMES_PROTOCOL.search(name.upper()) and isinstance(value, str)
    ]
    yield from (_level_of_text(text) or "unreadable" for text in texts)
    title = item.get("name")
    if isinstance(title, str) and (head := level_at_head(title)):
        yield head


def level_at_head(title: str) -> str | None:
    """Return the level with which a title begins; None where it begins with none.

    >>> level_at_head("[TLP:AMBER+STRICT] Portal outage"), level_at_head("A leak of TLP:RED files")
    ('AMBER+STRICT', None)
    """
    found = _HEAD.match(title.upper())
    return _level_of_text(found[0]) if found else None


def check_cells(fields: Mapping[str, Any]) -> None:
    """Refuse a row of a table that says of itself that it may not be shown.

    Args:
        fields: the record by heading: a cell that is nothing but a level ('TLP:RED') counts under
            any heading, a bare colour under one that names TLP.

    Raises:
        Refused: the level is one above GREEN, or none that is known.
    """
    if marked := _find_restriction(fields):
        reason = f"The row is marked {marked[1]}. Only CLEAR and GREEN may be read."
        raise Refused("marking", reason, column=marked[0], value=marked[1])


def unless_marked(keep: Keep) -> Keep:
    """Make a function that keeps nothing of a row that `check_cells` refuses, and else as `keep`.

    >>> unless_marked(dict)({"TLP": "RED", "place": "Gao"})
    {}
    """
    return lambda fields: {} if _find_restriction(fields) else keep(fields)


def _find_restriction(fields: Mapping[str, Any]) -> tuple[str, str] | None:
    """The heading and the text of a cell that marks its row for few readers."""
    for column, said in fields.items():
        text = str(said).strip().upper() if said else ""
        if not text or len(text) > MAX_LEVEL:
            continue
        if names_protocol(column) or (_NAMES_PROTOCOL.search(text) and _HEAD.fullmatch(text)):
            level = _level_of_text(text) or "unreadable"
            if not is_free(level) and not is_placeholder(text):
                return column, text
    return None


@lru_cache(maxsize=1 << 12)
def names_protocol(column: str) -> bool:
    """Tell whether a heading is of a column of markings.

    >>> names_protocol("TLP level"), names_protocol("Outlpost")
    (True, False)
    """
    return bool(_NAMES_PROTOCOL.search(column.upper()))


def _level(ref: str, objects: Mapping[str, Mapping[str, Any]]) -> str:
    level = _IDS.get(ref.removeprefix("marking-definition--").lower())
    if level:
        return level
    defined = objects.get(ref, {})
    if defined.get("type") != "marking-definition":
        return "unreadable"
    said = [level for level in map(_level_of_text, _sayings(defined)) if level]
    if "unreadable" in said:
        return "unreadable"
    if said:
        return max(said, key=lambda level: (not is_free(level), _rank(level)))
    texts = [text for text in _sayings(defined) if text]
    return "statement" if texts and all(map(_TERMS.search, texts)) else "unreadable"


def _sayings(defined: Mapping[str, Any]) -> list[str]:
    """Everything by which a marking may say what it is, wherever a producer puts it."""
    found: list[Any] = [defined.get(key) for key in ("name", "x_opencti_definition")]
    for part in (defined.get("definition"), *_values(defined.get("extensions"))):
        if isinstance(part, dict):
            found += [part.get(key) for key in ("tlp", "tlp_2_0", "pap", "statement", "definition")]
            found += [part.get("name"), part.get("x_opencti_definition")]
    tlp = [defined.get(f"{x}definition_type") for x in ("", "x_opencti_")]
    protocol = next((str(one).upper() for one in tlp if str(one).upper() in ("TLP", "PAP")), "")
    levels = [one for one in found if isinstance(one, str) and one.strip()]
    return [
        f"{protocol}:{one}"
        if protocol and one.upper().strip() in (*_ORDER, "AMBER STRICT")
        else one
        for one in levels
        # OpenCTI writes 'custom' where its own field holds the definition.
        if one.casefold() != "custom" or len(levels) == 1
    ]


def _level_of_text(text: str) -> str | None:
    """The level that a text says, 'unreadable' where it says none that is known, None without."""
    if len(text) > MAX_TERMS:
        return "unreadable"
    upper = text.upper().strip()
    named = upper.replace(" ", "").replace("_", "+").replace("AMBERSTRICT", "AMBER+STRICT")
    if named.removeprefix("TLP:") in _ORDER:
        return named.removeprefix("TLP:")
    found = _PROTOCOL.findall(upper)
    if not found:
        return "unreadable" if re.search(r"\b(?:TLP|PAP)\b", upper) else None
    levels = []
    for protocol, colour, strict in found:
        level = colour + ("+STRICT" if strict else "")
        if level not in _ORDER:
            return "unreadable"
        levels.append(level if protocol == "TLP" else f"PAP:{level}")
    return max(levels, key=lambda level: (not is_free(level), _rank(level)))


_PROTOCOL = re.compile(r"\b(TLP|PAP)[\s:_-]*([A-Z]+)(?:\s*[+_ -]\s*(STRICT))?")
_NAMES_PROTOCOL = re.compile(r"(?:^|[^A-Z])(?:TLP|PAP)(?:[^A-Z]|$)|TRAFFIC LIGHT PROTOCOL")
_HEAD = re.compile(
    r"[\[(\s]*(?:TLP|PAP)[\s:_-]*(?:CLEAR|WHITE|GREEN|AMBER|RED)(?:\s*[+_ -]\s*STRICT)?[\])\s]*"
)
MAX_LEVEL = 40
"""Characters of a cell that is nothing but a level."""
_TERMS = re.compile(
    r"copyright|\(c\)|©|licen[cs]e|terms of use|trademark|creative commons|\bcc[ -](?:by|0)"
    r"|public domain|\bunclassified\b|all rights reserved",
    re.IGNORECASE,
)
"""A statement of authorship or of terms, which limits no readers. Any other that names no level may
be a classification that is not known here, so it is taken for the strictest."""


def _rank(level: str) -> int:
    """The place of a level; PAP's beside TLP's of the same colour."""
    plain = level.removeprefix("PAP:")
    return _ORDER.index(plain) if plain in _ORDER else -1


def _values(item: Any) -> list[Any]:
    return list(item.values()) if isinstance(item, dict) else []
