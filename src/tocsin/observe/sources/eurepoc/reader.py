"""EuRepoC: the Global Dataset of Cyber Incidents of the European Repository of Cyber Incidents.

Releases differ in how a cell holds several values: `a; b`, `a|b`, a list as Python prints it
(`['a', 'b']`, nested by receiver), or JSON. The rules here hold for all. States and
organisations only: names of receivers, of individual hackers and of persons who attribute
are not read. docs/sources/eurepoc.md gives every rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import Any

from tocsin.observe.checks.parties import government, organisation
from tocsin.observe.checks.places import situate
from tocsin.observe.checks.private import keep_fields, of_columns
from tocsin.observe.checks.spans import Span, between, days, month_of, year_of
from tocsin.observe.checks.values import Refused
from tocsin.observe.formats.documents import read_json, records
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, actors_last, need, parse_events
from tocsin.observe.sources.eurepoc.cells import flat, flatten, one_text, parse_nested, parts
from tocsin.schema.geography.territory import Territory, UnknownTerritory, is_known, resolve

KIND = "eurepoc"
COLUMNS = frozenset({"start_date", "incident_type", "receiver_country", "initiator_category"})
REQUIRED = (
    "ID", "name", "description", "start_date", "end_date", "incident_type", "receiver_country",
    "receiver_category", "initiator_name", "initiator_country", "initiator_category",
)  # fmt: skip
READ = (
    *REQUIRED, "receiver_category_subcode", "attribution_basis", "attribution_it_company",
    "attributing_country", "attributed_initiator", "attributed_initiator_country",
    "attributed_initiator_category",
)  # fmt: skip
"""No other column is looked at: receivers' names and attributing actors can be persons."""

TARGETS = {
    "corporate targets": "business",
    "critical infrastructure": "infrastructure",
    "education": "education",
    "end user": "civilians",
    "international": "other",
    "media": "media",
    "other": "other",
    "science": "education",
    "social groups": "civilians",
    "state institutions": "government",
    "unknown": None,
    "not available": None,
}
"""By the beginning of the receiver's category."""
SUBCODES = {"health": "health", "military": "security forces", "police": "security forces"}
"""By the beginning of the receiver's sub-category, where it is closer."""
PERSONS = "individual"
"""How the category of initiators that are persons begins: never read further."""


class EuRepoC:
    """Reader of the Global Dataset of Cyber Incidents, as a table or as JSON."""

    kind = KIND

    def knows(self, source: Source) -> bool:
        """Tell whether the file has the data set's columns, or their names in a JSON document."""
        return set(source.header) >= COLUMNS or _is_json(source)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the file into reports, claims and actors; what breaks a rule goes to quarantine."""
        if _is_json(source):
            content = read_json(source.content(), source.name)
            if isinstance(content, dict):
                content = next((one for one in content.values() if isinstance(one, list)), None)
            found = records(content, where=source.name)
            kept = keep_fields(found, lambda item: flatten(item, READ))
        else:
            need(source, KIND, REQUIRED)
            kept = keep_fields(source.records(), of_columns(READ))
        batches = parse_events(
            kept,
            rows,
            key=lambda found: found["reports"][0]["native_id"].partition("/")[0],
            source="EuRepoC",
            file=source.name,
            native_id="ID",
            called={"date_start": "start_date", "date_end": "end_date"},
            keep=without_persons,
        )
        return actors_last(batches)


def without_persons(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the names of initiators where one of them is a person.

    Args:
        fields: a record by column, reduced to what is read.

    Returns:
        What quarantine may hold of it.
    """
    named = {"initiator_name": "initiator", "attributed_initiator": "attributed_initiator"}
    persons = {column for column, prefix in named.items() if _names_a_person(fields, prefix)}
    return {name: value for name, value in fields.items() if name not in persons}


def _names_a_person(fields: Mapping[str, Any], prefix: str) -> bool:
    try:
        return any(map(_is_person, parts(fields, f"{prefix}_category")))
    except Refused:
        return True


def _is_json(source: Source) -> bool:
    head = source.head.lstrip()
    return head[:1] in (b"[", b"{") and b'"receiver_country"' in head and b'"start_date"' in head


def rows(fields: Mapping[str, Any], *, source: str, file: str, number: int) -> dict[str, Any]:
    """Turn one incident into rows of `reports` (one a receiving territory), `claims`, `actors`.

    Args:
        fields: one record by column; a value is text, or a list from JSON.
        source: the data set, for provenance.
        file: name of the file.
        number: number of the record in it, the header being 0.

    Raises:
        Refused: the record breaks a rule; the rules are in docs/sources/eurepoc.md.
    """
    incident = one_text(fields, "ID").removesuffix(".0")
    if not incident:
        raise Refused("missing", "The incident has no ID.", column="ID")
    span = _when(fields)
    receivers = _receivers(fields, span.start)
    sides = _sides(fields, span.start)
    kinds = [part for part in parts(fields, "incident_type") if organisation(part)]
    found: dict[str, Any] = {
        "reports": [],
        "claims": [],
        "actors": _actors(fields, span.start, source),
    }
    for unit, target in receivers:
        native_id = incident if len(receivers) == 1 else f"{incident}/{unit.iso3 or unit.gwno}"
        report_id = f"{source}:{native_id}"
        found["reports"].append(
            {
                "report_id": report_id,
                "native_id": native_id,
                "source_file": file,
                "source_row": number,
                **span.columns(),
                "latitude": None,
                "longitude": None,
                "place_prec": 6,
                **situate(unit),
                "event_type": "other",
                "category": "; ".join(dict.fromkeys(kinds)) or None,
                "target": target,
                **sides,
                "actor_b": government(unit)
                if target in ("government", "security forces")
                else None,
                "headline": one_text(fields, "name") or None,
                "notes": one_text(fields, "description") or None,
                "deaths_low": None,
                "deaths_best": None,
                "deaths_high": None,
                "source": source,
            }
        )
        found["claims"] += [
            claim | {"report_id": report_id} for claim in _claims(fields, span.start, source)
        ]
    return found


def _when(fields: Mapping[str, Any]) -> Span:
    """EuRepoC gives no precision: it writes the first of the month, or of the year, where it

    knows no more, so a start on such a day is taken to mean that the day is not known.
    """
    first = days({"start_date": one_text(fields, "start_date")}, "start_date")
    ended = organisation(one_text(fields, "end_date"))
    last = days({"end_date": ended}, "end_date") if ended else first
    start, end = first.start, last.end
    if start.day == end.day == 1 and start <= end:
        end = year_of(end).end if end.month == 1 else month_of(end).end
    return replace(between(start, end), doubts=first.to(last).doubts if ended else first.doubts)


def _receivers(fields: Mapping[str, Any], on: date) -> list[tuple[Territory, str | None]]:
    """The territories that were hit, each once, with the class of what was hit there.

    Regions, unions of states and 'Global' are no territories and are left out.
    """
    names = parts(fields, "receiver_country")
    found: dict[int, tuple[Territory, str | None]] = {}
    for at, name in enumerate(names):
        unit = _territory(name, on)
        if unit is not None:
            found.setdefault(unit.gwno, (unit, _target(fields, at, len(names))))
    if not found:
        reason = "No receiver is a territory that tocsin knows."
        raise Refused("territory", reason, column="receiver_country", value="; ".join(names))
    return list(found.values())


def _territory(name: str, on: date) -> Territory | None:
    """None for what is no territory: a region, a union of states, a state that had split."""
    try:
        return resolve(name, on=on) if is_known(name) else None
    except UnknownTerritory:
        return None


def _target(fields: Mapping[str, Any], at: int, receivers: int) -> str | None:
    """The first category of a receiver that says what was hit, or its closer sub-category."""
    categories = _of_receiver(fields, "receiver_category", at, receivers)
    subcodes = _of_receiver(fields, "receiver_category_subcode", at, receivers)
    for category, subcode in zip_longest(categories, subcodes, fillvalue=""):
        closer = _begins(SUBCODES, subcode) or _begins(TARGETS, category)
        if closer and category:
            return closer
    return None


def _of_receiver(fields: Mapping[str, Any], column: str, at: int, receivers: int) -> list[str]:
    """Those of one receiver where they are told apart by receiver; else all."""
    found = parse_nested(fields, column)
    if len(found) == receivers > 1 or any(isinstance(one, list) for one in found):
        found = found[at : at + 1] if len(found) == receivers else found
    return list(flat(found))


def _begins(classes: Mapping[str, str | None], value: str) -> str | None:
    folded = value.casefold()
    return next((found for start, found in classes.items() if folded.startswith(start)), None)


def _organisations(fields: Mapping[str, Any], prefix: str, on: date) -> list[tuple[str, str, str]]:
    """Initiators of one prefix: name (empty where none is said), category and country.

    A person is none, and where names and categories cannot be paired, no name is kept that
    may be a person's.
    """
    names = parts(fields, f"{prefix}_name" if prefix == "initiator" else prefix)
    countries = parts(fields, f"{prefix}_country")
    categories = parts(fields, f"{prefix}_category")
    paired = len(categories) == len(names)
    persons = [_is_person(category) for category in categories]
    if any(persons) and not paired:
        names = ["" for _ in names]
    found = []
    for at, name in enumerate(names or [""] * len(categories or countries)):
        category = categories[at] if at < len(categories) else (categories or [""])[-1]
        country = countries[at] if at < len(countries) else (countries or [""])[-1]
        if _is_person(category):
            found.append(("", category, country))
            continue
        unit = _territory(country, on)
        state = government(unit) if unit and category.casefold() == "state" else ""
        found.append((organisation(name, prefix) or state, category, country))
    return found


def _is_person(category: str) -> bool:
    return category.casefold().startswith(PERSONS)


def _sides(fields: Mapping[str, Any], on: date) -> dict[str, str | None]:
    """The first initiator that is named or is a state."""
    named = [name for name, _, _ in _organisations(fields, "initiator", on) if name]
    first = named[0] if named else None
    return {"actor_a": first, "actor_a_id": _id(first), "actor_b_id": None, "dyad_id": None}


def _id(name: str | None) -> str | None:
    """A state is known by its name; an organisation by EuRepoC's name of it."""
    return None if name is None or name.startswith("Government of ") else f"{KIND}:{name}"


def _actors(fields: Mapping[str, Any], on: date, source: str) -> list[dict[str, Any]]:
    found = {}
    for prefix in ("initiator", "attributed_initiator"):
        for name, category, country in _organisations(fields, prefix, on):
            actor_id = _id(name or None)
            if actor_id and actor_id not in found:
                unit = _territory(country, on)
                found[actor_id] = {
                    "actor_id": actor_id,
                    "name": name,
                    "full_name": None,
                    "kind": "state" if category.casefold() == "state" else "non-state formal",
                    "gwnos": str(unit.gwno) if unit else "",
                    "source": source,
                }
    return list(found.values())


def _claims(fields: Mapping[str, Any], on: date, source: str) -> Iterator[dict[str, Any]]:
    """Each attribution as a claim: the attacker's own, or an accusation by whom EuRepoC names."""
    bases = [basis.casefold() for basis in parts(fields, "attribution_basis")]
    accused = _organisations(fields, "attributed_initiator", on)
    paired = len(bases) == len(accused)
    said: set[tuple[str, str, str | None]] = set()
    for at, (name, _, _) in enumerate(accused):
        own = bases[at : at + 1] if paired else bases
        claimed = bool(own) and all(basis.startswith("attacker confirms") for basis in own)
        by = None if claimed or not paired else _said_by(fields, bases[at], at, len(bases), on)
        one = (name, "claimed" if claimed else "accused", by)
        if name and one not in said:
            said.add(one)
            yield {
                "actor_id": _id(name),
                "actor": name,
                "stance": one[1],
                "said_by": by,
                "source": source,
            }


def _said_by(
    fields: Mapping[str, Any], basis: str, at: int, attributions: int, on: date
) -> str | None:
    """The state or the company that attributes; persons who speak for them are not read."""
    column = "attribution_it_company" if basis.startswith("it-security") else "attributing_country"
    values = parts(fields, column)
    value = values[at] if len(values) == attributions else ""
    if column == "attribution_it_company":
        return organisation(value, column)
    unit = _territory(value, on) if "government" in basis or "state entity" in basis else None
    return government(unit) if unit else None
