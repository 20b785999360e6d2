"""ACLED: the Armed Conflict Location & Event Data export, with the columns of 2023 and later.

Raleigh, Linke, Hegre and Karlsen (2010), Introducing ACLED, Journal of Peace Research 47(5).
ACLED's terms give each user an own licence: a file is read into the user's workspace and is
never shipped. docs/sources/acled.md gives every rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from tocsin.observe.checks.doubt import Doubt
from tocsin.observe.checks.parties import organisation
from tocsin.observe.checks.places import country, point, situate
from tocsin.observe.checks.private import of_columns
from tocsin.observe.checks.seen import older_versions
from tocsin.observe.checks.spans import (
    UNKNOWN_DAY,
    UNKNOWN_PLACE,
    Span,
    days,
    month_of,
    precision,
    vague,
    week_around,
    year_doubts,
)
from tocsin.observe.checks.values import Refused, maybe_whole, name, text, whole
from tocsin.observe.formats.documents import answered_records, is_answer
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, Rows, actors_last, need, parse_events, parse_records
from tocsin.observe.resaved import with_days, with_numbers
from tocsin.schema.days import month_number
from tocsin.schema.geography.territory import Territory
from tocsin.schema.vocabulary.folding import TEXTS
from tocsin.schema.vocabulary.placeholder import is_placeholder
from tocsin.schema.vocabulary.release import stated_time

KIND = "acled"
TIME = "timestamp"
"""When ACLED last changed the event, in seconds since 1970: the newer version of an id is valid."""
COLUMNS = frozenset({"event_id_cnty", "event_date", "event_type", "inter1"})
REQUIRED = (
    "event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1",
    "inter1", "actor2", "inter2", "country", "latitude", "longitude", "geo_precision",
    "fatalities",
)  # fmt: skip
READ = (
    *REQUIRED, "year", "iso", "admin1", "admin2", "location", "civilian_targeting", "assoc_actor_2",
    "notes", "source", TIME,
)  # fmt: skip
"""No other column is looked at."""

NUMBERS = ("fatalities", "year", TIME, "iso")
"""A spreadsheet that writes thousands apart does so in all of them."""

INTERS = {
    name: number
    for number, names in {
        0: "|none|aucun|aucune|ninguno",
        1: "state forces|forces etatiques|forces de l'etat|fuerzas estatales|fuerzas del estado",
        2: "rebel group|rebel groups|rebels|groupe rebelle|groupes rebelles|grupo rebelde"
        "|grupos rebeldes",
        3: "political militia|political militias|milice politique|milices politiques"
        "|milicia politica|milicias politicas",
        4: "identity militia|identity militias|communal militia|communal militias"
        "|milice identitaire|milices identitaires|milice communautaire|milices communautaires"
        "|milicia identitaria|milicias identitarias",
        5: "rioters|emeutiers|alborotadores",
        6: "protesters|protestors|manifestants|manifestantes",
        7: "civilians|civils|civiles",
        8: "external/other forces|other forces|external forces|forces externes/autres"
        "|forces externes|autres forces|fuerzas externas/otras|fuerzas externas|otras fuerzas",
    }.items()
    for name in names.split("|")
}
"""Classes of actors: numbers until 2024, words since; copies have them in French and Spanish."""
_NUMBERED = re.compile(r"([0-8])(?:\.0)?\s*(?:[-–:.)]\s*|\s)(\D+)")
"""'2-Rebel Groups': the number and the word of a class beside each other."""
STATE, UNARMED = {1, 8}, {5, 6, 7}
KINDS = {
    1: "state", 2: "non-state formal", 3: "non-state formal", 4: "non-state informal",
    5: "civilians", 6: "civilians", 7: "civilians",
}  # fmt: skip
OTHER = 8
PRIVATE = r"\b(private|compan(y|ies)|mercenar\w+|wagner|security|contractors?)\b"
"""External and other forces (8) are operations and missions that states sent, which are their
forces and take up nothing as an organisation would, and private companies."""
TARGETS = {
    1: "security forces", 2: "armed group", 3: "armed group", 4: "armed group",
    5: "civilians", 6: "civilians", 7: "civilians", 8: "security forces",
}  # fmt: skip
GROUPS = {
    "health workers": "health", "teachers": "education", "students": "education",
    "journalists": "media", "government of": "government",
}  # fmt: skip
"""Who the civilians were, as an associated actor begins; else they are civilians."""
VIOLENT = ("violence against civilians", "battles", "explosions/remote violence")
EVENTS = (*VIOLENT, "protests", "riots", "strategic developments")
PLACES = {1: 1, 2: 3, 3: 4}
"""ACLED's geo_precision in UCDP's place precision; the coarser one where they differ."""

CALLED = {
    "date_start": "event_date", "deaths_best": "fatalities", "place_prec": "geo_precision",
    "date_prec": "time_precision",
}  # fmt: skip
"""ACLED's names of what a report holds, where they differ."""

_WORDED = re.compile(r"(\d{1,2})[ -]([A-Za-z]{3,9})[ -](\d{4})", re.ASCII)


class Acled:
    """Reader of ACLED exports.

    It gives reports and actors. docs/sources/acled.md has its rules and ACLED's terms of use.
    """

    kind = KIND

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the columns of an ACLED export, or is an answer with them."""
        return set(source.header) >= COLUMNS or is_answer(source, "event_id_cnty", "event_type")

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the file into reports and actors; what breaks a rule of docs/sources goes to
        quarantine.
        """
        names, records = answered_records(source, "event_type")
        need(source, KIND, REQUIRED, names=names)
        timed = TIME in names
        batches = parse_events(
            with_numbers(
                lambda: with_days(records, ("event_date",), source.tell), NUMBERS, source.tell
            ),
            rows,
            source="ACLED",
            file=source.name,
            native_id="event_id_cnty",
            older=older_versions(records(), "event_id_cnty", TIME) if timed else (),
            called=CALLED,
            keep=of_columns(READ),
        )
        return actors_last(batches)


DELETED = frozenset({"event_id_cnty", "deleted_timestamp"})
"""The columns of ACLED's list of deleted events."""


class AcledDeletions:
    """Reader of ACLED's list of deleted events.

    It gives withdrawals: a deleted event counts no more, whichever file is read first.
    docs/sources/acled.md has its rules.
    """

    kind = "acled-deletions"

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the columns of ACLED's list of deleted events, or is an answer
        with them.
        """
        return set(source.header) >= DELETED or is_answer(source, *DELETED)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the ids of deleted events; a row without one goes to quarantine."""
        _, records = answered_records(source, "deleted_timestamp")
        return parse_records(
            records(),
            _deletion,
            lambda found: [found["withdrawals"][0]["native_id"]],
            source="ACLED",
            file=source.name,
            native_id="event_id_cnty",
            keep=of_columns(DELETED),
        )


def _deletion(record: Record) -> Rows:
    native_id = text(record.fields, "event_id_cnty")
    if native_id is None:
        raise Refused("missing", "The row has no id of an event.", column="event_id_cnty")
    when = stated_time(record.fields.get("deleted_timestamp", ""))
    return {"withdrawals": [{"native_id": native_id, "withdrawn": when, "source": "ACLED"}]}


def rows(fields: Mapping[str, str], *, source: str, file: str, number: int) -> dict[str, Any]:
    """Turn one record into rows of `reports` and `actors`.

    Args:
        fields: one record by column.
        source: the data set, for provenance.
        file: name of the file.
        number: number of the record in it, the header being 0.

    Returns:
        The rows by table: one report, and the organisations that it names.

    Raises:
        Refused: the record breaks a rule; the rules are in docs/sources/acled.md.
    """
    native_id = text(fields, "event_id_cnty")
    if native_id is None:
        raise Refused("missing", "The event has no id.", column="event_id_cnty")
    span = _when(fields)
    unit = country(fields, "country", "iso", on=span.start, until=span.end)
    inters = _inter(fields, "inter1"), _inter(fields, "inter2")
    deaths = maybe_whole(fields, "fatalities")
    placed, unplaced = precision(
        fields, "geo_precision", "place_prec", high=3, unknown=UNKNOWN_PLACE
    )
    row = {
        "report_id": f"{source}:{native_id}",
        "native_id": native_id,
        "source_file": file,
        "source_row": number,
        **span.columns(),
        **year_doubts(fields, "year", span),
        **point(fields),
        "place_prec": PLACES.get(placed, UNKNOWN_PLACE),
        "accuracy_doubts": [*_precision(fields)[1], *unplaced],
        "place": name(fields, "location"),
        "adm1": name(fields, "admin1"),
        "adm2": name(fields, "admin2"),
        **situate(unit),
        "event_type": _event_type(fields, inters),
        "category": " | ".join(filter(None, (fields["event_type"], fields["sub_event_type"]))),
        "target": _target(fields, inters[1]),
        **_sides(fields),
        "notes": text(fields, "notes"),
        "publisher": text(fields, "source"),
        "n_sources": _sources(fields),
        "deaths_low": deaths,
        "deaths_best": deaths,
        "deaths_high": deaths,
        "updated": stated_time(fields.get(TIME, "")) or None,
        "source": source,
    }
    return {"reports": [row], "actors": _actors(fields, inters, unit, source)}


def _sources(fields: Mapping[str, str]) -> int | None:
    """How many sources ACLED names; one that stands twice is one, and a dash is none."""
    named = (one.strip() for one in fields.get("source", "").split(";"))
    return len({one.casefold() for one in named if not is_placeholder(one)}) or None


def _when(fields: Mapping[str, str]) -> Span:
    """ACLED gives the day, or the middle of the week, or a day within the month."""
    on = _day(fields)
    if on.doubts:
        return on
    unsure = replace(on, precision=UNKNOWN_DAY)
    return {0: unsure, 1: on, 2: week_around(on.start), 3: month_of(on.start)}[
        _precision(fields)[0]
    ]


def _precision(fields: Mapping[str, str]) -> tuple[int, tuple[Doubt, ...]]:
    return precision(fields, "time_precision", "date_prec", high=3, unknown=UNKNOWN_DAY)


def _day(fields: Mapping[str, str]) -> Span:
    worded = _WORDED.fullmatch(fields.get("event_date", ""))
    if worded and month_number(worded[2]) is None:
        year = int(worded[3])
        return vague((date(year, 1, 1), date(year, 12, 31)), "event_date", worded[0])
    return days(fields, "event_date")


def _inter(fields: Mapping[str, str], column: str) -> int:
    value = fields.get(column, "")
    word = re.sub(r"\s*/\s*", "/", TEXTS.fold(value).strip())
    numbered = _NUMBERED.fullmatch(word)
    found = INTERS.get(numbered[2] if numbered else word)
    if found is not None and (numbered is None or int(numbered[1]) == found):
        return found
    if value[:1].isdigit() and not numbered:
        return whole(fields, column, low=0, high=8)
    raise Refused("class", f"'{value}' is no class of actors.", column=column, value=value)


def _event_type(fields: Mapping[str, str], inters: tuple[int, int]) -> str:
    """UCDP's types from the classes of both sides.

    Violence against the unarmed is one-sided, whoever did it. Of the rest, violence in which
    a state's forces take part is state-based, that between two organised groups non-state.
    What is no violence, or has one side only, is 'other'.
    """
    kind = fields["event_type"].casefold()
    if kind not in EVENTS:
        reason = f"'{fields['event_type']}' is none of ACLED's types of events."
        raise Refused("class", reason, column="event_type", value=fields["event_type"])
    if kind not in VIOLENT:
        return "other"
    if kind == VIOLENT[0] or inters[1] in UNARMED or fields.get("civilian_targeting"):
        return "one-sided"
    if 0 in inters or inters[0] in UNARMED:
        return "other"
    return "state-based" if set(inters) & STATE else "non-state"


def _target(fields: Mapping[str, str], inter: int) -> str | None:
    if fields["event_type"].casefold() not in VIOLENT:
        return None
    if inter == 0:
        return "civilians" if fields.get("civilian_targeting") else None
    associated = [one.strip() for one in fields.get("assoc_actor_2", "").casefold().split(";")]
    named = [GROUPS[start] for one in associated for start in GROUPS if one.startswith(start)]
    return named[0] if named and inter in UNARMED else TARGETS[inter]


def _sides(fields: Mapping[str, str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {"dyad_id": None}
    for side, column in (("a", "actor1"), ("b", "actor2")):
        party = organisation(fields.get(column), column)
        found[f"actor_{side}"] = party
        found[f"actor_{side}_id"] = party and f"{KIND}:{party}"
    return found


def _actors(
    fields: Mapping[str, str], inters: tuple[int, int], unit: Territory, source: str
) -> list[dict[str, Any]]:
    """ACLED has no list of actors: each event tells of its own. An actor's id is its name."""
    found = []
    for column, inter in zip(("actor1", "actor2"), inters, strict=True):
        party = organisation(fields.get(column), column)
        if party is None:
            continue
        sent = inter == OTHER and not re.search(PRIVATE, party, re.IGNORECASE)
        forces = sent or re.match(r"(military|police) forces of ", party, re.IGNORECASE)
        kind = KINDS.get(inter, "state" if forces else "non-state formal")
        found.append(
            {
                "actor_id": f"{KIND}:{party}",
                "name": party,
                "full_name": None,
                "kind": kind,
                "gwnos": str(unit.gwno),
                "source": source,
            }
        )
    return found
