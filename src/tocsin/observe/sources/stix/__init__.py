"""STIX 2.1: bundles of threat intelligence as reports, claims and organisations.

OASIS (2021), STIX Version 2.1. An incident, a campaign or a sighting that says when, and of
which territory, is a report. Who it is attributed to is a claim with the confidence of the
relationship. Indicators, observed data, malware and tools are not read, and neither is
anything that is a person. docs/sources/stix.md gives every rule.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import Any, TypeVar

from tocsin.observe.checks.parties import organisation
from tocsin.observe.checks.places import situate
from tocsin.observe.checks.tlp import declared_levels, is_free, marking
from tocsin.observe.checks.values import Refused
from tocsin.observe.formats.documents import read_json, records
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, parse_records
from tocsin.observe.sources.stix.objects import (
    ACTORS,
    Item,
    confidence_of,
    is_person,
    place_of,
    span_of,
    territory_of,
    text_of,
    texts_of,
)
from tocsin.schema.geography.territory import Territory
from tocsin.schema.vocabulary.release import stated_time

T = TypeVar("T")
KIND = "stix"
MAX_LINKS = 1_000
"""Attributions or places of one object; their product would grow with the square of a bundle."""
EVENTS = ("incident", "campaign", "sighting")
WRAPPERS = ("report", "grouping")
SURE = 0.7
"""From here on STIX's own scale of confidence says 'high' (appendix A, none-low-med-high)."""
SECTORS = {
    "government": "government", "defense": "security forces", "emergency": "security forces",
    "health": "health", "pharma": "health", "education": "education", "communications": "media",
    "entertainment": "media", "energy": "infrastructure", "infrastructure": "infrastructure",
    "dams": "infrastructure", "nuclear": "infrastructure", "water": "infrastructure",
    "telecommunications": "infrastructure", "transportation": "infrastructure",
    "utilities": "infrastructure", "non-profit": "other",
}  # fmt: skip
"""By the beginning of a sector of STIX's vocabulary; every other sector is business."""
RELATIONS = {"duplicate-of": "alias", "attributed-to": "umbrella", "derived-from": "splinter"}
"""Relationships between organisations, as tocsin's statements of who is who."""
TIMES = ("first_seen", "last_seen", "start_time", "end_time")
READ = frozenset((
    "type", "id", "modified", "revoked", "object_marking_refs", "granular_markings",
    "created_by_ref", "name", "description", *TIMES, "incident_type", "sighting_of_ref",
    "where_sighted_refs", "object_refs", "aliases", "threat_actor_types", "resource_level",
    "identity_class", "sectors", "confidence", "relationship_type", "source_ref", "target_ref",
    "country", "administrative_area", "city", "latitude", "longitude", "precision",
))  # fmt: skip
"""No other property is looked at, and of extensions only the times."""


class Stix:
    """Reader of STIX 2.1 bundles, and of the envelopes in which TAXII sends objects.

    It gives reports, claims and actors. Only objects marked CLEAR or GREEN are read.
    """

    kind = KIND

    def __init__(self, markings: Mapping[str, str] | None = None) -> None:
        self.markings = dict(markings or {})
        """What its user says of markings that are not known here: their names and levels."""

    @property
    def digest(self) -> str:
        """Return a text that tells one reader's `markings` from another's."""
        return "; ".join(f"{name}={level}" for name, level in sorted(self.markings.items()))

    def knows(self, source: Source) -> bool:
        """Tell whether the file begins as a JSON document of STIX objects does."""
        return source.head.lstrip()[:1] == b"{" and _STIX.search(source.head) is not None

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the objects into reports, claims and actors; what breaks a rule goes to
        quarantine.
        """
        content = read_json(source.content(), source.name)
        objects = content.get("objects") if isinstance(content, dict) else None
        found = list(records(objects, where=source.name))
        fields: list[Item] = [one.fields for one in found if not one.fault]
        bundle = Bundle(fields, file=source.name, markings=self.markings)
        return parse_records(
            found,
            lambda record: bundle.rows(record.fields, number=record.number),
            lambda rows: [_key(rows)],
            source="STIX",
            file=source.name,
            native_id="id",
            called={"date_start": "first_seen", "date_end": "last_seen"},
            keep=bundle.reduce,
        )


_STIX = re.compile(rb'"type"\s*:\s*"bundle"|"spec_version"\s*:\s*"2\.1"')


def _key(rows: Mapping[str, Any]) -> str:
    """The object's id: an event gives reports of several territories, an actor one actor."""
    if "reports" in rows:
        return str(rows["reports"][0]["native_id"]).partition("/")[0]
    return str(rows["actors"][0]["actor_id"])


class Bundle:
    """The objects of one bundle by id, each in its newest version."""

    def __init__(
        self, objects: list[Item], *, file: str, markings: Mapping[str, str] | None = None
    ) -> None:
        self.file = file
        self.by_id: dict[str, Item] = {}
        for item in objects:
            ref = text_of(item, "id")
            known = self.by_id.get(ref, {})
            if ref and stated_time(text_of(item, "modified")) >= stated_time(
                text_of(known, "modified")
            ):
                self.by_id[ref] = item
        self.links: dict[tuple[str, str], list[Item]] = defaultdict(list)
        self._levels: dict[str, str] = declared_levels(self.by_id, markings or {})
        self.wrapped: dict[str, int] = defaultdict(int)
        for item in self.by_id.values():
            if item.get("type") == "relationship" and self._usable(item):
                ends = text_of(item, "source_ref"), text_of(item, "relationship_type")
                self.links[ends].append(item)
            if item.get("type") in WRAPPERS and self._usable(item):
                for ref in texts_of(item, "object_refs"):
                    self.wrapped[ref] += 1

    def rows(self, item: Item, *, number: int) -> dict[str, Any]:
        """Make the rows that one object of the bundle gives.

        Args:
            item: the object.
            number: its number in the file, from 1.

        Returns:
            Rows by table; no table where the object only serves others, was revoked or replaced,
            or is a person.

        Raises:
            Refused: its marking forbids re-use, it has no type or no id, or it is an event without
                a day or a territory.
        """
        level = self._level(item)
        if not is_free(level):
            reason = (
                "Its marking says nothing that is known here, so it is taken for the strictest "
                "(`tocsin observe --marking NAME=LEVEL` says otherwise)."
                if level == "unreadable"
                else f"It is {_marking_name(level)}."
            )
            raise Refused("marking", f"{reason} Only CLEAR and GREEN may be read.", column="id")
        kind = text_of(item, "type")
        if not kind or not text_of(item, "id"):
            raise Refused("missing", "The object has no type or no id.", column="id")
        if item is not self.by_id.get(text_of(item, "id")) or item.get("revoked") is True:
            return {}
        if kind in EVENTS:
            return self._event(item, level, number)
        if kind in ACTORS:
            return self._actor(item)
        return {}

    def reduce(self, item: Item) -> dict[str, Any]:
        """Reduce a refused object to what is read of it; to its type and id if it is not free.

        Args:
            item: the object.

        Returns:
            Its properties of `READ`, and the times in its extensions. Of a person, and of what is
            marked for few eyes, the type and the id.
        """
        if is_person(item) or not is_free(self._level(item)):
            return {name: text_of(item, name) for name in ("type", "id")}
        found = {name: value for name, value in item.items() if name in READ}
        extensions = item.get("extensions")
        parts = extensions.items() if isinstance(extensions, dict) else ()
        times = {
            name: {one: part[one] for one in TIMES if one in part}
            for name, part in parts
            if isinstance(part, dict)
        }
        told = {name: part for name, part in times.items() if part}
        return found | ({"extensions": told} if told else {})

    def _level(self, item: Item) -> str | None:
        return marking(item, self.by_id, self._levels)

    def _usable(self, item: Item) -> bool:
        return item.get("revoked") is not True and is_free(self._level(item))

    def _get(self, ref: str, *kinds: str) -> Item | None:
        """An object that may be used, of one of some types, and no person."""
        item = self.by_id.get(ref)
        if item is None or item.get("type") not in kinds or not self._usable(item):
            return None
        return None if is_person(item) else item

    def _follow(self, ref: str, relation: str, *kinds: str) -> Iterator[tuple[Item, Item]]:
        for link in _few(self.links.get((ref, relation), ())):
            target = self._get(text_of(link, "target_ref"), *kinds)
            if target is not None:
                yield link, target

    def _creator(self, item: Item) -> str | None:
        found = self._get(text_of(item, "created_by_ref"), "identity")
        return organisation(text_of(found, "name"), "name") if found else None

    def _source(self, item: Item) -> str:
        return f"STIX {self._creator(item) or 'of an unnamed producer'}"

    def _event(self, item: Item, level: str | None, number: int) -> dict[str, Any]:
        span = span_of(item)
        places = self._places(item, span.start)
        source, creator = self._source(item), self._creator(item)
        accused = _few(self._claims_of(item))
        target = self._target(item)
        found: dict[str, Any] = {"reports": [], "claims": []}
        for place in places:
            unit: Territory = place.pop("unit")
            native_id = text_of(item, "id")
            native_id += f"/{unit.iso3 or unit.gwno}" if len(places) > 1 else ""
            row = {
                "report_id": f"{source}:{native_id}",
                "native_id": native_id,
                "source_file": self.file,
                "source_row": number,
                **span.columns(),
                **place,
                **situate(unit),
                "event_type": "other",
                "category": " | ".join([text_of(item, "type"), *self._kinds(item)]),
                "target": target,
                **_side(accused),
                "headline": self._title(item) or None,
                "notes": text_of(item, "description") or None,
                "publisher": " ".join(
                    filter(None, (creator, level and f"({_marking_name(level)})"))
                )
                or None,
                "n_sources": self.wrapped.get(text_of(item, "id")) or None,
                "deaths_low": None,
                "deaths_best": None,
                "deaths_high": None,
                "source": source,
            }
            found["reports"].append(row)
            found["claims"] += [
                {name: value for name, value in claim.items() if name != "sure"}
                | {"report_id": row["report_id"], "source": source}
                for claim in accused
            ]
        return found

    def _title(self, item: Item) -> str:
        """A sighting has no name: it is called after what was seen, unless that is a pattern."""
        seen = self._get(text_of(item, "sighting_of_ref"), *ACTORS, "campaign", "incident")
        return text_of(item, "name") or text_of(seen or {}, "name")

    def _kinds(self, item: Item) -> list[str]:
        return [text_of(item, "incident_type")] if text_of(item, "incident_type") else []

    def _places(self, item: Item, on: date) -> list[dict[str, Any]]:
        """Where it hit: locations that it targets or was seen at, or that its targets lie at."""
        refs = _few(texts_of(item, "where_sighted_refs"))
        direct = [self._get(ref, "location", "identity") for ref in refs]
        for relation in ("targets", "located-at", "impacts"):
            direct += [
                end
                for _, end in self._follow(text_of(item, "id"), relation, "location", "identity")
            ]
        locations = [one for one in direct if one and one["type"] == "location"]
        for one in direct:
            if one and one["type"] == "identity":
                locations += [
                    end for _, end in self._follow(text_of(one, "id"), "located-at", "location")
                ]
        found: dict[int, dict[str, Any]] = {}
        for location in _few(locations):
            unit = territory_of(location, on)
            if unit is not None:
                found.setdefault(unit.gwno, {"unit": unit, **place_of(location)})
        if not found:
            reason = "It is linked to no location with a country."
            raise Refused("territory", reason, column="id", value=text_of(item, "id"))
        return list(found.values())

    def _target(self, item: Item) -> str | None:
        for _, victim in self._follow(text_of(item, "id"), "targets", "identity"):
            for sector in texts_of(victim, "sectors"):
                known = (SECTORS[start] for start in SECTORS if sector.startswith(start))
                return next(known, "business")
        return None

    def _claims_of(self, item: Item) -> Iterator[dict[str, Any]]:
        """Organisations that it is attributed to, also through a campaign, each as a claim."""
        seen = self._get(text_of(item, "sighting_of_ref"), *ACTORS, "campaign", "incident")
        if seen is not None and seen["type"] in ACTORS:
            yield self._claim(item, seen)
        sources = [text_of(item, "id")] + ([text_of(seen, "id")] if seen is not None else [])
        for ref in sources:
            for link, end in self._follow(ref, "attributed-to", *ACTORS, "identity", "campaign"):
                if end["type"] == "campaign":
                    further = self._follow(text_of(end, "id"), "attributed-to", *ACTORS, "identity")
                    yield from (self._claim(one, last) for one, last in further)
                else:
                    yield self._claim(link, end)

    def _claim(self, link: Item, actor: Item) -> dict[str, Any]:
        confidence = confidence_of(link)
        return {
            "actor_id": text_of(actor, "id"),
            "actor": organisation(text_of(actor, "name"), "name") or text_of(actor, "id"),
            "stance": "accused",
            "said_by": self._creator(link),
            "confidence": confidence,
            "sure": confidence is None or confidence >= SURE,
        }

    def _actor(self, item: Item) -> dict[str, Any]:
        name = organisation(text_of(item, "name"), "name")
        if name is None or is_person(item):
            return {}
        source, actor_id = self._source(item), text_of(item, "id")
        state = any("nation-state" in one for one in texts_of(item, "threat_actor_types"))
        actor = {
            "actor_id": actor_id,
            "name": name,
            "full_name": None,
            "kind": "state" if state else "non-state formal",
            "gwnos": "",
            "source": source,
        }
        relations = [
            _relation(actor_id, "alias", None, alias, source)
            for alias in dict.fromkeys(texts_of(item, "aliases"))
            if organisation(alias, "aliases") and alias != name
        ]
        for link_type, relation in RELATIONS.items():
            for _, end in self._follow(actor_id, link_type, *ACTORS):
                name = text_of(end, "name")
                relations.append(_relation(actor_id, relation, text_of(end, "id"), name, source))
        return {"actors": [actor], "actor_relations": relations}


def _few(found: Iterable[T]) -> list[T]:
    """Relations of relations of an object, which no honest bundle has many of."""
    some = list(islice(found, MAX_LINKS + 1))
    if len(some) > MAX_LINKS:
        raise Refused("range", f"It is related to more than {MAX_LINKS:,} objects.", column="id")
    return some


def _marking_name(level: str | None) -> str:
    return str(level) if str(level).startswith("PAP:") else f"TLP:{level}"


def _relation(
    actor_id: str, relation: str, related_id: str | None, related: str, source: str
) -> dict[str, Any]:
    return {
        "actor_id": actor_id,
        "relation": relation,
        "related_id": related_id,
        "related_name": related,
        "source": source,
    }


def _side(accused: list[dict[str, Any]]) -> dict[str, Any]:
    """The first side, where all that are sure enough name one organisation."""
    named = {claim["actor_id"]: claim["actor"] for claim in accused if claim["sure"]}
    one = len(named) == 1 and len({claim["actor_id"] for claim in accused}) == 1
    actor_id, actor = next(iter(named.items())) if one else (None, None)
    return {
        "actor_a_id": actor_id,
        "actor_a": actor,
        "actor_b_id": None,
        "actor_b": None,
        "dyad_id": None,
    }
