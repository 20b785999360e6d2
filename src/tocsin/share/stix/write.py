"""Write what a workspace holds as STIX 2.1: warnings, forecasts, who has which technology class.

How our tables become objects:

| object | from |
|---|---|
| `identity` | who sends |
| `location` | a territory, with its code of ISO 3166-1 |
| `report` | a warning that stands, with the record of its rule |
| `note` | the forecast of a territory, with its 90 % interval |
| `threat-actor` | an armed organisation of the ledger; never a person, a people or a state |
| `attack-pattern` | a technology class, by its name alone |
| `relationship` | that the organisation has the class, with how sure that is as `confidence` |

Identifiers are made of what an object is about, so the same thing has the same one each time, and
who got it before gets a new version of it. They have the form of UUID version 4, which the standard
asks for (2.9), with bits of a digest where others have bits of chance. Every object carries a
marking of TLP 2.0 under the identifier that OASIS published, and the definition is sent along.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from tocsin.errors import UsageError
from tocsin.schema.geography.territory import alpha2
from tocsin.schema.settings import Settings
from tocsin.schema.tables.assessed.adoption import RESTS
from tocsin.schema.tables.observed.actor import is_organisation
from tocsin.schema.vocabulary.marking import TLP_2, TLP_EXTENSION
from tocsin.schema.vocabulary.technology import LABELS
from tocsin.share.facts.words import chance
from tocsin.share.forms import months_of, over, standing_alerts

LIKELY = 0.5
"""Below this probability an organisation is not said to have a class."""
Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Producer:
    """This is who sends, to whom it may go, and when."""

    name: str
    """The organisation that sends."""
    level: str = "AMBER"
    """The level of TLP 2.0: CLEAR, GREEN, AMBER, AMBER+STRICT or RED."""
    made: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    """When this is written, with its zone; new versions carry it."""

    def __post_init__(self) -> None:
        if self.level not in TLP_2.values():
            raise UsageError(
                f"There is no marking '{self.level[:40]}'.",
                remedy=f"Choose of: {', '.join(TLP_2.values())}.",
            )
        if not self.name.strip():
            raise UsageError("The sender has no name.", remedy="Name the organisation.")


def write(
    tables: Tables, settings: Settings, producer: Producer, *, before: bytes | None = None
) -> bytes:
    """Write a bundle of STIX 2.1.

    Args:
        tables: `alerts`, `alert_rules`, `alert_record`, `forecasts`, `adoption`, `actors`; any may
            be empty.
        settings: of which the region is used.
        producer: who sends.
        before: the bundle that was written before. An object that did not change keeps its
            version; one that no longer stands is revoked.

    Returns:
        The bundle in UTF-8, its objects by identifier. The same arguments give the same bytes.

    Raises:
        UsageError: the earlier bundle cannot be read.
    """
    made = {one["id"]: one for one in _objects(tables, settings, producer)}
    for id, old in _earlier(before).items():
        new = made.get(id)
        if new is None:
            made[id] = _revoke(old, producer)
        elif _same(new, old):
            made[id] = old
        else:
            # A report was published when it was first written, whatever of it changed since.
            new |= {name: old[name] for name in ("created", "published") if name in old}
    marking = _marking(producer.level)
    objects = [marking, *(made[id] for id in sorted(made) if id != marking["id"])]
    named = json.dumps(objects, sort_keys=True, ensure_ascii=False)
    bundle = {"type": "bundle", "id": f"bundle--{_uuid(named)}", "objects": objects}
    return (json.dumps(bundle, ensure_ascii=False, indent=1) + "\n").encode()


def _earlier(before: bytes | None) -> dict[str, dict[str, Any]]:
    """The objects of an earlier bundle that have versions, by identifier."""
    if before is None:
        return {}
    try:
        objects = json.loads(before)["objects"]
        return {one["id"]: one for one in objects if "modified" in one}
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            "The earlier bundle cannot be read.", remedy="Move it out of the way, or repair it."
        ) from error


def _same(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    times = {"created", "modified", "published"}
    return {k: v for k, v in new.items() if k not in times} == {
        k: v for k, v in old.items() if k not in times
    }


def _revoke(old: dict[str, Any], producer: Producer) -> dict[str, Any]:
    if old.get("revoked"):
        return old
    return old | {"modified": _stamp(producer.made), "revoked": True}


def _objects(tables: Tables, settings: Settings, producer: Producer) -> list[dict[str, Any]]:
    make = _Maker(producer)
    found = [make.identity]
    warnings = _warnings(tables, settings, make)
    forecasts = _forecasts(tables, settings, make)
    adopted = _users(tables, settings, make)
    referred = {ref for one in (*warnings, *forecasts, *adopted) for ref in _refs(one)}
    names = {
        **_territory_names(tables, "alerts"),
        **_territory_names(tables, "forecasts"),
        **_territory_names(tables, "adoption"),
    }
    for gwno, name in sorted(names.items()):
        place = make.location(gwno, name)
        if place["id"] in referred:
            found.append(place)
    return [*found, *warnings, *forecasts, *adopted]


def _refs(one: Mapping[str, Any]) -> list[str]:
    return [
        *one.get("object_refs", ()),
        *(one[k] for k in ("source_ref", "target_ref") if k in one),
    ]


def _territory_names(tables: Tables, table: str) -> dict[int, str]:
    frame = tables.get(table)
    if frame is None or frame.is_empty():
        return {}
    return dict(frame.select("gwno", "territory").unique("gwno").iter_rows())


class _Maker:
    """What all objects of one producer share."""

    def __init__(self, producer: Producer) -> None:
        self.producer = producer
        self.time = _stamp(producer.made)
        self.owner = self._id("identity", producer.name)
        self.identity = self.object(
            "identity", producer.name, name=producer.name, identity_class="organization"
        )

    def _id(self, kind: str, about: str) -> str:
        return f"{kind}--{_uuid(f'{self.producer.name}/{kind}/{about}')}"

    def object(self, kind: str, about: str, **more: Any) -> dict[str, Any]:
        """An object with its identifier, its owner and its marking; empty values are left out."""
        marking = f"marking-definition--{_uuid_of(self.producer.level)}"
        head = {
            "type": kind, "spec_version": "2.1", "id": self._id(kind, about),
            "created": self.time, "modified": self.time, "created_by_ref": self.owner,
            "object_marking_refs": [marking],
        }  # fmt: skip
        if kind == "identity":
            del head["created_by_ref"]
        return head | {name: value for name, value in more.items() if value not in (None, "", [])}

    def location(self, gwno: int, name: str) -> dict[str, Any]:
        """A whole territory."""
        code = alpha2(gwno)
        more = {"country": code} if code else {"region": "unknown"}
        return self.object("location", str(gwno), name=name, **more)


def _warnings(tables: Tables, settings: Settings, make: _Maker) -> list[dict[str, Any]]:
    if any(name not in tables for name in ("alerts", "alert_rules", "alert_record")):
        return []
    found = []
    for row in standing_alerts(tables, settings):
        about = f"{row['rule']}/{row['gwno']}/{row['since']}"
        percent = chance(row["probability"])
        found.append(
            make.object(
                "report",
                about,
                name=f"{row['territory']}: {row['level']} ({row['rule']}), {percent} for "
                f"{months_of(row)}",
                description=f"Rule: {row['sentence']}. {row['counts'] and row['counts'] + ' '}"
                f"Estimated probability {percent} for "
                f"{months_of(row)}, from data to {row['data_to']:%B %Y}; at this level since "
                f"{row['since']:%B %Y}.{over(row, make.producer.made.date())} Record of the rule: "
                f"{row['record']}. This is a statistical estimate about a territory, made from "
                "public reports; it says nothing of any place within it, nor of any person.",
                report_types=["threat-report"],
                published=make.time,
                lang="en",
                labels=["early-warning", f"level:{row['level']}",
                        f"probability:{row['probability']:.4f}", f"until:{row['until']}"],
                object_refs=[make.location(row["gwno"], row["territory"])["id"]],
            )
        )  # fmt: skip
    return found


def _forecasts(tables: Tables, settings: Settings, make: _Maker) -> list[dict[str, Any]]:
    frame = tables.get("forecasts")
    if frame is None or frame.is_empty():
        return []
    here = frame.filter(pl.col("gwno").is_in(settings.region.gwnos)).sort("gwno", "month")
    record = _coverage(tables)
    found = []
    for rows in here.partition_by("gwno", maintain_order=True):
        row = rows.row(0, named=True)
        months = "\n".join(
            f"{one['month']:%Y-%m}: median {one['p50']:.0f}, 90% interval {one['p05']:.0f} to "
            f"{one['p95']:.0f}, at least one death {chance(one['p_any'])}"
            for one in rows.to_dicts()
        )
        found.append(
            make.object(
                "note",
                f"forecast/{row['gwno']}",
                abstract=f"{row['territory']}: forecast of deaths by month ({row['target']})",
                content=f"Deaths by month, forecast by the model '{row['model']}' from data to "
                f"{row['origin']:%B %Y}.\n{months}\n{record}",
                labels=["forecast"],
                authors=[make.producer.name],
                lang="en",
                object_refs=[make.location(row["gwno"], row["territory"])["id"]],
            )
        )
    return found


def _coverage(tables: Tables) -> str:
    """How often the interval held in the past; a forecast is not passed on without it."""
    record = tables.get("track_record")
    if record is None or record.is_empty():
        return "The model has no record yet."
    rows = record.filter(
        pl.col("chosen"), pl.col("window") == "all", pl.col("horizon") == 0,
        pl.col("region") == "all",
    ).to_dicts()  # fmt: skip
    if not rows:
        return "The model has no record yet."
    return (
        f"In the past {100 * rows[0]['coverage']:.0f}% of {rows[0]['n']:,} months of territories "
        "lay within the 90% interval."
    )


def _users(tables: Tables, settings: Settings, make: _Maker) -> list[dict[str, Any]]:
    """Organisations that likely have a class, each with the territories where it was seen."""
    frame = tables.get("adoption")
    if frame is None or frame.is_empty():
        return []
    # A joint side is no organisation, and who of it has the class is not known.
    joint = pl.col("coalition").is_not_null() if "coalition" in frame.columns else pl.lit(False)
    told = {"n_own", "n_named"} <= set(frame.columns)
    rests = RESTS if told else pl.lit("")
    rows = frame.with_columns(rests.alias("rests")).filter(
        ~joint, pl.col("gwno").is_in(settings.region.gwnos), pl.col("confidence") >= LIKELY
    )
    actors = tables.get("actors")
    if actors is not None and not actors.is_empty():
        states = actors.filter(pl.col("kind").is_in(["state", "civilians"]))["actor_id"]
        rows = rows.filter(~pl.col("actor_id").is_in(states.implode()))
        rows = rows.filter(is_organisation(actors))
    found: dict[str, dict[str, Any]] = {}
    for row in rows.sort("actor_id", "technology", "gwno").to_dicts():
        for one in _possession(row, make):
            # The same organisation has a class once, however many territories it was seen in.
            found.setdefault(one["id"], one)
    return list(found.values())


def _possession(row: Mapping[str, Any], make: _Maker) -> Sequence[dict[str, Any]]:
    label = LABELS[row["technology"]]
    who = make.object(
        "threat-actor", row["actor_id"], name=row["actor"],
        description="An armed organisation as public sources name it.",
    )  # fmt: skip
    what = make.object(
        "attack-pattern", row["technology"], name=label,
        description="An abstract class of technology; it says nothing of how a thing is made or "
        "used.",
    )  # fmt: skip
    where = make.location(row["gwno"], row["territory"])
    rests = f" It {row['rests']}." if row["rests"] else ""
    has = make.object(
        "relationship", f"{row['actor_id']}/{row['technology']}",
        relationship_type="uses", source_ref=who["id"], target_ref=what["id"],
        confidence=round(100 * row["confidence"]),
        description=f"It has this class with a probability of {chance(row['confidence'])}; if "
        f"so, since {row['first_median']:%Y-%m} (90% interval {row['first_low']:%Y-%m} to "
        f"{row['first_high']:%Y-%m}). Estimated from public reports.{rests}",
    )  # fmt: skip
    seen = make.object(
        "relationship", f"{row['actor_id']}/{row['gwno']}", relationship_type="located-at",
        source_ref=who["id"], target_ref=where["id"],
    )  # fmt: skip
    return who, what, has, seen


def _uuid(about: str) -> uuid.UUID:
    digest = hashlib.sha256(f"tocsin:stix:{about}".encode()).digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def _uuid_of(level: str) -> str:
    return next(uuid for uuid, named in TLP_2.items() if named == level)


def _marking(level: str) -> dict[str, Any]:
    """The definition of a level as OASIS published it."""
    extension = {"extension_type": "property-extension", "tlp_2_0": level.lower()}
    return {
        "type": "marking-definition", "spec_version": "2.1",
        "id": f"marking-definition--{_uuid_of(level)}", "created": "2022-10-01T00:00:00.000Z",
        "name": f"TLP:{level}", "extensions": {TLP_EXTENSION: extension},
    }  # fmt: skip


def _stamp(moment: datetime | date) -> str:
    """A time of STIX: UTC, to the millisecond."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    moment = moment.astimezone(UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"
