"""GDELT 2.0 events: tab separated, 61 columns, no header.

Leetaru and Schrodt (2013), GDELT: Global Data on Events, Location, and Tone, 1979-2012, ISA
Annual Convention; The GDELT Event Database Data Format Codebook V2.0 (2015).

This file says what a row means, one row at a time. `blocks` does the same to whole blocks of
rows, and hands back here each row of which it is not certain. `reader` is the door to both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from tocsin.observe.checks.doubt import correction_rows
from tocsin.observe.checks.grading import grade
from tocsin.observe.checks.places import point, situate
from tocsin.observe.checks.private import WITHHELD, bare, of_columns
from tocsin.observe.checks.spans import Span, days, year_doubts
from tocsin.observe.checks.values import Refused, maybe_whole, name, whole
from tocsin.observe.formats.records import Record, text_record
from tocsin.observe.reader import Rows
from tocsin.observe.sources.gdelt.cameo import EVENTS, SCOPE, CodedActor, coded_actor, event_type
from tocsin.schema.geography.territory import Territory, UnknownTerritory, by_fips

SOURCE = "GDELT 2.0 Events"
_ACTOR = (
    "Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code",
    "Religion2Code", "Type1Code", "Type2Code", "Type3Code",
)  # fmt: skip
_GEO = (
    "Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID",
)  # fmt: skip
COLUMNS = [
    "GlobalEventID", "Day", "MonthYear", "Year", "FractionDate",
    *(f"Actor{n}{name}" for n in "12" for name in _ACTOR),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass",
    "GoldsteinScale", "NumMentions", "NumSources", "NumArticles", "AvgTone",
    *(f"{who}Geo_{name}" for who in ("Actor1", "Actor2", "Action") for name in _GEO),
    "DATEADDED", "SOURCEURL",
]  # fmt: skip
"""The 61 columns, as the codebook names them."""
READ = (
    "GlobalEventID", "Day", "MonthYear", "Year", "EventCode", "EventRootCode", "QuadClass",
    "IsRootEvent",
    "ActionGeo_Type", "ActionGeo_FullName", "ActionGeo_CountryCode", "ActionGeo_Lat",
    "ActionGeo_Long", "NumSources", "DATEADDED", "SOURCEURL",
    *(f"Actor{n}{name}" for n in "12" for name in _ACTOR if name != "Name"),
)  # fmt: skip
"""Of a refused line no other column is kept."""
PLACE_PRECISION = {1: 6, 2: 4, 3: 2, 4: 2, 5: 4}
"""GDELT's kind of place (country, US state, US city, world city, world state) in UCDP's scale."""
CALLED = {
    "date_start": "Day", "latitude": "ActionGeo_Lat", "longitude": "ActionGeo_Long",
    "place_prec": "ActionGeo_Type",
}  # fmt: skip
"""GDELT's names of what a report holds, where they differ."""
DATE_PRECISION = 2
"""The day is the article's unless the text names another: good to some days, not exact."""
_EVENT = re.compile(r"(0[1-9]|1\d|20)\d{1,2}")
_PUBLISHER = re.compile(r"https?://(?:www\.)?([A-Za-z0-9.-]{1,253})(?:[:/?#]|$)")


def record(number: int, original: bytes) -> Record:
    """Turn one line into a record; GDELT quotes nothing, and only a line feed ends a line.

    Args:
        number: the line's number in the file, from 1.
        original: the line's bytes, with its end.

    Returns:
        The record; its `fault` says why it cannot be read, where that is so.
    """
    line = original.removesuffix(b"\n").removesuffix(b"\r")
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        reason = f"Byte {error.start} is not UTF-8; the encoding is unknown."
        return Record(number, original, {}, ("encoding", reason))
    if "\x00" in text:
        return Record(number, original, {}, ("encoding", "The record holds a null character."))
    if "\r" in text:
        return Record(number, original, {}, ("characters", "It holds a carriage return."))
    found = text_record(number, original, COLUMNS, text.split("\t"))
    if found.fault and found.fault[0] == "ragged":
        count = text.count("\t") + 1
        reason = f"{count} fields where GDELT 2.0 has {len(COLUMNS)}."
        return Record(number, original, {}, ("ragged", reason))
    return found


def kept_of(original: bytes) -> bytes:
    """Reduce a refused line to what is read of it, so that quarantine may keep it.

    The actors' names can be leaders', and so can the address of the article, of which only the
    site is read.

    Args:
        original: the line's bytes.

    Returns:
        The columns of `READ` as JSON; a sentence in their place where the line's columns cannot be
        told apart.

    >>> kept_of(b"77")
    b'(left out: it may name persons; see the file)'
    """
    cells = original.rstrip(b"\r\n").decode("utf-8", "backslashreplace").split("\t")
    if len(cells) != len(COLUMNS):
        return WITHHELD
    fields = dict(zip(COLUMNS, cells, strict=True))
    fields["SOURCEURL"] = publisher(fields["SOURCEURL"]) or ""
    return bare(Record(0, b"", fields), of_columns(READ))


def event(found: Record, file: str) -> Rows:
    """Turn one record into its report.

    Args:
        found: the record, see `record`.
        file: the name of the file.

    Returns:
        One row of `reports`, graded, and rows of `corrections`. No row where the event is no
        harm, or lies in no country.

    Raises:
        Refused: the record breaks a rule of docs/sources/gdelt.md.
    """
    row = report(found, file)
    if row is None:
        return {}
    row, doubts = grade(row)
    told = correction_rows(doubts, row, found.number, lambda column: CALLED.get(column, column))
    return {"reports": [row], "corrections": list(told)}


def report(found: Record, file: str) -> dict[str, Any] | None:
    """Turn one record into its report, of which nothing is graded yet.

    Args:
        found: the record, see `record`.
        file: the name of the file.

    Returns:
        A row of `reports` with its doubts; None where the event is no harm, or lies in no country.

    Raises:
        Refused: the record breaks a rule of docs/sources/gdelt.md.
    """
    if found.fault:
        raise Refused(*found.fault)
    fields = found.fields
    native_id = str(whole(fields, "GlobalEventID", high=2**62))
    span = _day(fields)
    code = _event_code(fields)
    if not code.startswith(SCOPE):
        return None
    unit = _territory(fields, span.start)
    if unit is None:
        return None
    kind = whole(fields, "ActionGeo_Type", low=1, high=5)
    place = name(fields, "ActionGeo_FullName")
    sides = [_side(fields, n) for n in "12"]
    return {
        "report_id": f"{SOURCE}:{native_id}",
        "native_id": native_id,
        "source_file": file,
        "source_row": found.number,
        **span.columns(),
        "date_prec": max(DATE_PRECISION, span.precision),
        **_year_doubts(fields, span),
        **point(fields, latitude="ActionGeo_Lat", longitude="ActionGeo_Long"),
        "place_prec": PLACE_PRECISION[kind],
        "place": place,
        "adm1": first_level(place, kind),
        **situate(unit),
        "event_type": event_type(code, sides[0].target, sides[1].target),
        "category": code,
        "target": sides[1].target,
        "actor_a_id": sides[0].code,
        "actor_a": sides[0].name,
        "actor_b_id": sides[1].code,
        "actor_b": sides[1].name,
        "notes": EVENTS[code],
        "publisher": publisher(fields["SOURCEURL"]),
        "n_sources": maybe_whole(fields, "NumSources", low=1),
        "updated": added_at(fields["DATEADDED"]),
        "source": SOURCE,
    }


def added_at(text: str) -> str | None:
    """Read when GDELT added the event.

    Args:
        text: fourteen digits, from year to second, in UTC.

    Returns:
        The time by ISO 8601 in UTC, as `reports` has it; None where the text is no such time.

    >>> added_at("20240305001500")
    '2024-03-05T00:15:00.000000Z'
    """
    if not re.fullmatch(r"[0-9]{14}", text):
        return None
    parts = f"{text[:4]}-{text[4:6]}-{text[6:8]}T{text[8:10]}:{text[10:12]}:{text[12:]}"
    return f"{parts}.000000Z"


def _day(fields: Mapping[str, str]) -> Span:
    value = fields["Day"]
    if not re.fullmatch(r"[0-9]{8}", value):
        reason = "'Day' is not a day written as eight digits."
        raise Refused("date", reason, column="Day", value=value)
    added = fields["DATEADDED"]
    if re.fullmatch(r"[0-9]{14}", added) and value > added[:8]:
        reason = f"The day is after GDELT added the event, on {added[:8]}."
        raise Refused("date", reason, column="Day", value=value)
    return days({"Day": f"{value[:4]}-{value[4:6]}-{value[6:]}"}, "Day")


def _year_doubts(fields: Mapping[str, str], span: Span) -> dict[str, Any]:
    """'Year' and 'MonthYear' say again what the day says."""
    again = {"Year": fields["Year"], "MonthYear": fields["MonthYear"][:4]}
    return year_doubts(again, "Year", span) or year_doubts(again, "MonthYear", span)


def _event_code(fields: Mapping[str, str]) -> str:
    """The CAMEO code, checked against its root: columns that have slipped do not agree."""
    code = fields["EventCode"]
    whole(fields, "IsRootEvent", high=1)
    whole(fields, "QuadClass", low=1, high=4)
    if not _EVENT.fullmatch(code) or not code.isascii():
        raise Refused("code", "This is no CAMEO event.", column="EventCode", value=code)
    root = fields["EventRootCode"]
    if root.zfill(2) != code[:2]:
        reason = f"The event {code} is not of the root {root}."
        raise Refused("code", reason, column="EventRootCode", value=root)
    if code.startswith(SCOPE) and code not in EVENTS:
        raise Refused("code", "CAMEO has no such event.", column="EventCode", value=code)
    return code


def _territory(fields: Mapping[str, str], on: date) -> Territory | None:
    """The state that the action's FIPS code means; None for the sea, and where none is given."""
    code = fields["ActionGeo_CountryCode"]
    if not whole(fields, "ActionGeo_Type", high=5) or not code:
        return None
    try:
        return by_fips(code, on=on)
    except UnknownTerritory as error:
        column = "ActionGeo_CountryCode"
        raise Refused("territory", str(error), column=column, value=code) from None


def _side(fields: Mapping[str, str], number: str) -> CodedActor:
    codes = [fields[f"Actor{number}{column}"] for column in _ACTOR if column != "Name"]
    try:
        return coded_actor(tuple(codes))
    except ValueError as error:
        column = f"Actor{number}Code"
        raise Refused("code", "This is no CAMEO actor.", column=column, value=str(error)) from None


def first_level(place: str | None, kind: int) -> str | None:
    """Return the first administrative level in a place's full name.

    Args:
        place: the name as GDELT writes it, its parts between commas.
        kind: GDELT's kind of place: 1 country, 2 US state, 3 US city, 4 world city, 5 world state.

    Returns:
        The name; None where the full name has no such part.

    >>> first_level("Aleppo, Halab, Syria", 4), first_level("Halab, Syria", 5)
    ('Halab', 'Halab')
    """
    parts = (place or "").split(", ")
    if kind in (3, 4):
        return parts[1] or None if len(parts) == 3 else None
    return parts[0] or None if kind in (2, 5) and len(parts) == 2 else None


def publisher(address: str) -> str | None:
    """Return the host of an article's address; the rest may name persons and is not kept.

    Args:
        address: the address (URL).

    Returns:
        The host without 'www.'; None where the text is no address of the web.
    """
    match = _PUBLISHER.match(address)
    return match[1].lower() if match else None
