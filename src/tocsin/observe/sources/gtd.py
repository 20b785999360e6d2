"""GTD: the Global Terrorism Database export of START, University of Maryland.

LaFree and Dugan (2007), Introducing the Global Terrorism Database, Terrorism and Political
Violence 19(2). START's terms give each user an own licence: a file is read into the user's
workspace and is never shipped. docs/sources/gtd.md gives every rule.
"""

from __future__ import annotations

import calendar
import hashlib
import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tocsin.observe.checks.parties import government, organisation
from tocsin.observe.checks.places import country, point, situate
from tocsin.observe.checks.private import keep_fields, of_columns
from tocsin.observe.checks.spans import MONTHS, Span, between, month_of, vague, year_of
from tocsin.observe.checks.values import (
    MAX_COUNT,
    ROUNDED,
    Refused,
    maybe_decimal,
    maybe_whole,
    text,
    whole,
)
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, actors_last, need, parse_events
from tocsin.observe.resaved import with_numbers
from tocsin.schema.days import known_days
from tocsin.schema.geography.territory import Territory, UnknownTerritory, resolve
from tocsin.schema.vocabulary.placeholder import is_unknown_part

KIND = "gtd"
COLUMNS = frozenset({"eventid", "iyear", "imonth", "iday", "country_txt"})
REQUIRED = (
    "eventid", "iyear", "imonth", "iday", "country_txt", "latitude", "longitude", "specificity",
    "attacktype1_txt", "targtype1_txt", "gname", "nkill",
)  # fmt: skip
READ = (
    *REQUIRED, "approxdate", "vicinity", "provstate", "city", "weaptype1_txt", "natlty1_txt",
    "summary", "nkillter", "gname2", "gname3", "guncertain1", "guncertain2", "guncertain3",
    "claimed", "claim2", "claim3", "compclaim", "related",
)  # fmt: skip
"""No other column is looked at: some can name persons, some say how."""

NUMBERS = ("eventid", "iyear", "nkill", "nkillter")
"""A spreadsheet that writes thousands apart does so in all of them."""
TARGETS = {
    "abortion related": "health",
    "airports & aircraft": "infrastructure",
    "business": "business",
    "educational institution": "education",
    "food or water supply": "infrastructure",
    "government (diplomatic)": "government",
    "government (general)": "government",
    "journalists & media": "media",
    "maritime": "infrastructure",
    "military": "security forces",
    "ngo": "other",
    "other": "other",
    "police": "security forces",
    "private citizens & property": "civilians",
    "religious figures/institutions": "religious site",
    "telecommunication": "infrastructure",
    "terrorists/non-state militia": "armed group",
    "tourists": "civilians",
    "transportation": "infrastructure",
    "unknown": None,
    "utilities": "infrastructure",
    "violent political party": "armed group",
}
"""GTD's types of targets. What a target was called (`target1`, `corp1`) is never read."""
EVENT_TYPES = {
    "security forces": "state-based",
    "government": "state-based",
    "armed group": "non-state",
    None: "other",
}
"""By target, since GTD's perpetrators are no states; all other targets make it one-sided."""
CALLED = {
    "date_start": "iyear, imonth, iday", "deaths_best": "nkill", "deaths_a": "nkillter",
    "place_prec": "specificity",
}  # fmt: skip
"""GTD's names of what a report holds, where they differ."""
PLACES = {1: 1, 2: 3, 3: 3, 4: 4, 5: 6}
"""GTD's specificity in UCDP's place precision; near a town (vicinity) is 2."""

_INFORMAL = re.compile(
    r"\b(extremists?|militants?|separatists?|gunmen|tribesm[ae]n|protesters|rebels|activists"
    r"|guerrillas?|individuals?|mob|students|youths?)\b",
    re.IGNORECASE,
)
_DAYS = re.compile(r"([A-Z][a-z]+) (\d{1,2}) ?[-–] ?(\d{1,2}),? (\d{4})", re.ASCII)


class Gtd:
    """Reader of GTD exports.

    It gives reports, claims and actors. docs/sources/gtd.md has its rules and START's terms of
    use.
    """

    kind = KIND

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the columns of a GTD export."""
        return set(source.header) >= COLUMNS

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the file into reports, claims and actors; what breaks a rule goes to quarantine."""
        need(source, KIND, REQUIRED)
        batches = parse_events(
            with_numbers(lambda: _with_ids(source), NUMBERS, source.tell),
            rows,
            source="GTD",
            file=source.name,
            native_id="eventid",
            called=CALLED,
            keep=of_columns(READ),
        )
        return actors_last(batches)


def _with_ids(source: Source) -> Iterator[Record]:
    """The records; the first whose id a spreadsheet has rounded is told of."""
    told = False
    for record in keep_fields(source.records(), of_columns(READ)):
        if not told and ROUNDED.fullmatch(record.fields.get("eventid", "")):
            told = True
            source.tell(
                "A spreadsheet kept only the first digits of 'eventid'. Such an event is told from "
                "others by all that stands in its row; other releases do not know it again."
            )
        yield record


def share_of(fields: Mapping[str, str], deaths: float) -> int:
    """Return the whole deaths of one attack where GTD divides deaths among linked attacks.

    Each attack of a set gets what the rounded sum grows by with it, in the order of their ids, so
    that three attacks of 2.67 deaths have 3, 2 and 3, which are the 8 that died. Nothing but the
    record itself decides. Where it does not name the others, its number on its day stands for its
    place among them.

    Args:
        fields: the record of the attack by column.
        deaths: its deaths as GTD gives them, perhaps a fraction.

    Returns:
        Deaths, less than one away from `deaths`.
    """
    if deaths == int(deaths):
        return int(deaths)
    own = fields["eventid"] if fields["eventid"].isdecimal() else "0000"
    linked = sorted({*re.findall(r"\d+", fields.get("related", "")), own})
    place = linked.index(own) if len(linked) > 1 else int(own[-4:])
    return _nearest((place + 1) * deaths) - _nearest(place * deaths)


def _nearest(number: float) -> int:
    # Shares are written with two decimals, so that three thirds are 0.99 or 1.01.
    return math.floor(round(number, 6) + 0.5)


def rows(
    fields: Mapping[str, str],
    *,
    source: str,
    file: str,
    number: int,
) -> dict[str, Any]:
    """Turn one record into rows of `reports`, `claims` and `actors`.

    Args:
        fields: one record by column.
        source: the data set, for provenance.
        file: name of the file.
        number: number of the record in it, the header being 0.

    Returns:
        The rows by table.

    Raises:
        Refused: the record breaks a rule; the rules are in docs/sources/gtd.md.
    """
    native_id = _native_id(fields)
    report_id = f"{source}:{native_id}"
    span = _when(fields)
    unit = country(fields, "country_txt", None, on=span.start, until=span.end)
    target = _target(fields)
    where = point(fields)
    row = {
        "report_id": report_id,
        "native_id": native_id,
        "source_file": file,
        "source_row": number,
        **span.columns(),
        **where,
        "place_prec": _place_precision(fields, where["latitude"] is not None),
        "place": organisation(fields.get("city"), "city"),
        "adm1": organisation(fields.get("provstate"), "provstate"),
        **situate(unit),
        "event_type": EVENT_TYPES.get(target, "one-sided"),
        "category": " | ".join(
            filter(None, (fields.get("attacktype1_txt"), fields.get("weaptype1_txt")))
        )
        or None,
        "target": target,
        **_sides(fields, unit, target, span.start),
        "notes": text(fields, "summary"),
        **_deaths(fields),
        "source": source,
    }
    named = {name for _, name in _groups(fields)}
    return {
        "reports": [row],
        "claims": list(_claims(fields, report_id, source)),
        "actors": [_actor(name, unit, source) for name in sorted(named)],
    }


def _when(fields: Mapping[str, str]) -> Span:
    """A month or a day of 0 is unknown; `approxdate` may still give the days."""
    year = whole(fields, "iyear", low=1946, high=2100)
    if _unknown(fields, "imonth"):
        return year_of(date(year, 1, 1))
    month = whole(fields, "imonth", low=1, high=12)
    if _unknown(fields, "iday"):
        return _approximate(fields, year, month) or month_of(date(year, month, 1))
    number = whole(fields, "iday", low=1, high=31)
    try:
        on = date(year, month, number)
    except ValueError:
        said = f"{year}-{month:02d}-{number:02d}"
        return vague(known_days(said, "%Y-%m-%d") or (date(year, month, 1),) * 2, "iday", said)
    return between(on, on)


def _unknown(fields: Mapping[str, str], column: str) -> bool:
    """GTD writes 0, and copies of it -9 or -99, for a month or a day that is not known."""
    value = fields.get(column, "")
    return bool(value) and is_unknown_part(value.removesuffix(".0"))


def _approximate(fields: Mapping[str, str], year: int, month: int) -> Span | None:
    """'September 14-16, 2015' within the month that is known; any other form is left alone."""
    match = _DAYS.fullmatch(fields.get("approxdate", ""))
    if match is None or match[1].casefold() != MONTHS[month - 1] or int(match[4]) != year:
        return None
    first, last = int(match[2]), int(match[3])
    if not 1 <= first <= last <= calendar.monthrange(year, month)[1]:
        return None
    return between(date(year, month, first), date(year, month, last))


def _native_id(fields: Mapping[str, str]) -> str:
    """GTD's id; a digest of the row where a spreadsheet kept the first digits of it alone, since
    many events then have the same."""
    if not ROUNDED.fullmatch(fields.get("eventid", "")):
        return str(whole(fields, "eventid", low=1, high=10**13))
    told = "\0".join(f"{column}={fields[column]}" for column in READ if column in fields)
    return hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


def _place_precision(fields: Mapping[str, str], located: bool) -> int:
    specificity = maybe_whole(fields, "specificity", low=1, high=5)
    if specificity is None:
        return 4 if located else 6
    near = maybe_whole(fields, "vicinity", low=-9, high=1) == 1
    return 2 if specificity == 1 and near else PLACES[specificity]


def _target(fields: Mapping[str, str]) -> str | None:
    value = fields.get("targtype1_txt", "")
    if value and value.casefold() not in TARGETS:
        reason = f"'{value}' is none of GTD's types of targets."
        raise Refused("class", reason, column="targtype1_txt", value=value)
    return TARGETS[value.casefold()] if value else None


def _groups(fields: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """The groups that GTD names, with their number."""
    for number, column in enumerate(("gname", "gname2", "gname3"), 1):
        name = organisation(fields.get(column), column)
        if name is not None:
            yield number, name


def _is(fields: Mapping[str, str], column: str) -> bool:
    """GTD writes 1 for yes, 0 for no, -9 for unknown."""
    return maybe_whole(fields, column, low=-9, high=1) == 1


def _sides(
    fields: Mapping[str, str], unit: Territory, target: str | None, on: date
) -> dict[str, str | None]:
    """The first side is empty where GTD only suspects a group, or where claims compete."""
    contested = _is(fields, "guncertain1") or _is(fields, "compclaim")
    name = None if contested else organisation(fields.get("gname"))
    other = None
    if EVENT_TYPES.get(target, "one-sided") == "one-sided":
        other = "Civilians"
    elif target in ("security forces", "government"):
        other = _state(fields.get("natlty1_txt"), unit, on)
    return {
        "actor_a": name,
        "actor_a_id": name and f"{KIND}:{name}",
        "actor_b": other,
        "actor_b_id": None,
        "dyad_id": None,
    }


def _state(nationality: str | None, unit: Territory, on: date) -> str | None:
    """The state whose forces or offices were hit; None where they were no state's."""
    if not nationality:
        return government(unit)
    try:
        return government(resolve(nationality, on=on))
    except UnknownTerritory:
        return None


def _deaths(fields: Mapping[str, str]) -> dict[str, Any]:
    """Empty where GTD counts none. Deaths known for several attacks together are divided

    among them by GTD, so that a count may be a fraction: then low and high are the whole
    numbers around it, and best is one of them, so that the set's sum is kept.
    """
    killed = maybe_decimal(fields, "nkill", low=0, high=MAX_COUNT)
    if killed is None:
        return {f"deaths_{name}": None for name in ("low", "best", "high", "a")}
    told = maybe_decimal(fields, "nkillter", low=0, high=MAX_COUNT)
    attackers = told or 0.0
    known = told is not None and attackers == int(attackers)
    return {
        "deaths_low": math.floor(killed),
        "deaths_best": share_of(fields, killed),
        "deaths_high": math.ceil(killed),
        "deaths_a": int(attackers) if known else None,
    }


def _claims(fields: Mapping[str, str], report_id: str, source: str) -> Iterator[dict[str, Any]]:
    """Who claimed it, and whom GTD's sources only suspect or name beside the first."""
    compete = _is(fields, "compclaim")
    for number, name in _groups(fields):
        claimed = _is(fields, "claimed" if number == 1 else f"claim{number}")
        suspected = _is(fields, f"guncertain{number}") or compete or number > 1
        if claimed or suspected:
            yield {
                "report_id": report_id,
                "actor_id": f"{KIND}:{name}",
                "actor": name,
                "stance": "claimed" if claimed else "accused",
                "said_by": None,
                "source": source,
            }


def _actor(name: str, unit: Territory, source: str) -> dict[str, Any]:
    return {
        "actor_id": f"{KIND}:{name}",
        "name": name,
        "full_name": None,
        "kind": "non-state informal" if _INFORMAL.search(name) else "non-state formal",
        "gwnos": str(unit.gwno),
        "source": source,
    }
