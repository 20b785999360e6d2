"""Field forms: submissions of KoboToolbox and ODK to the form that ships with tocsin.

The form is in `schema/vocabulary/field_form/`, an XLSForm in three tables, which
docs/sources/field-forms.md shows.
Only its questions are read, never the name, number, account or device of whoever filled it in.
Points are kept to 0.01 degrees, in quarantine too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from tocsin.observe.checks.deaths import estimates
from tocsin.observe.checks.doubt import Doubt
from tocsin.observe.checks.parties import accusations, organisation, read_side
from tocsin.observe.checks.places import country, point, situate
from tocsin.observe.checks.private import HIDDEN, coarser, keep_fields
from tocsin.observe.checks.review import REVIEWS, refuse_unapproved
from tocsin.observe.checks.seen import older_versions
from tocsin.observe.checks.spans import Span, between, days, month_of, week_around, year_of
from tocsin.observe.checks.values import Refused, decimal, maybe_whole, name, text
from tocsin.observe.formats.documents import (
    flat,
    read_json,
    read_xml,
    records,
    submissions,
)
from tocsin.observe.formats.records import Record
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch, parse_events
from tocsin.schema.vocabulary import field_form
from tocsin.schema.vocabulary.field_form import questions
from tocsin.schema.vocabulary.placeholder import is_placeholder, is_placeholder_day
from tocsin.schema.vocabulary.release import stated_time

KIND = "field-form"
NEEDED = frozenset({"event_date", "event_kind", "country", "organisation"})
"""The questions by which a file of submissions to the form is known."""
IDS = ("_uuid", "instanceID", "KEY", "__id", "_id")
"""Where KoboToolbox and ODK keep the id of a submission, the surest first."""
DEGREES = 2
"""Decimals kept of a point, about 1 km: a phone's place may be a reporter's home."""
TIMES = ("updatedAt", "_submission_time", "SubmissionDate", "submissionDate", "end")
"""When a submission was last changed or sent, the surest first."""
CALLED = {"date_start": "event_date", "latitude": "point", "longitude": "point"}
"""The form's names of what a report holds, where they differ."""
OTHER_CHOICES = {"date_known": {"few_days": "2"}}
"""Choices of copies of the form, by its lists, and what they mean."""
LISTS = ("results", "value")
"""What KoboToolbox's server and OData (ODK Central) call the list of submissions in an answer."""
_PARTS = re.compile(r"[/:\-]")
"""How exports write groups: KoboToolbox a/b, ODK Central and Briefcase a-b, Aggregate a:b."""
_POINT = {"latitude": "latitude", "longitude": "longitude", "precision": "accuracy"}


@cache
def choices(name: str) -> dict[str, str]:
    """Return what each choice of a list of the form, or of a copy of it, means to tocsin.

    Args:
        name: the list's name in the form.

    Returns:
        The choice's name to its meaning.
    """
    return field_form.choices(name) | OTHER_CHOICES.get(name, {})


class FieldForm:
    """Reader of submissions to the form, from KoboToolbox or ODK.

    It gives reports and claims. docs/sources/field-forms.md shows the form and its rules.
    """

    kind = KIND

    def knows(self, source: Source) -> bool:
        """Tell whether the file holds the form's questions, as columns or in a document."""
        return is_form(source.header) or _is_document(source)

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the submissions into reports and claims; what breaks a rule goes to quarantine."""
        held = None if source.header else list(_submissions(source))

        def keep_answers() -> Iterator[Record]:
            return keep_fields(_submissions(source) if held is None else held, answers)

        return parse_events(
            keep_answers(),
            rows,
            source="Field reports",
            file=source.name,
            native_id=IDS[0],
            older=older_versions(keep_answers(), IDS[0], "updated"),
            called=CALLED,
            keep=dict,
        )


def _is_document(source: Source) -> bool:
    head = source.head.lstrip()
    return head[:1] in (b"[", b"{", b"<") and b"event_kind" in head and b"event_date" in head


def _submissions(source: Source) -> Iterable[Record]:
    if not _is_document(source):
        return source.records()
    content = source.content()
    if content.lstrip()[:1] == b"<":
        return records(list(submissions(read_xml(content, source.name))), where=source.name)
    items = read_json(content, source.name)
    if isinstance(items, dict):
        lists = (items[name] for name in LISTS if isinstance(items.get(name), list))
        items = next(lists, [items])
    return records(items, where=source.name)


def is_form(columns: list[str]) -> bool:
    """Tell whether columns with these names hold submissions to the form."""
    return {_PARTS.split(column)[-1] for column in columns} >= NEEDED


def answers(record: Mapping[str, Any]) -> dict[str, str]:
    """Read the answers of one submission by question, and its id; nothing else of it is kept.

    Args:
        record: a submission by column or path, whatever the export calls its groups.

    Returns:
        The answers as texts by question; also the id, the review and the time of the last change,
        where the export has them.
    """
    found: dict[str, str] = {}
    chosen: list[str] = []
    for column, value in _with_decision(record):
        said = _answer_text(value)
        *groups, name = _PARTS.split(column)
        if not said:
            continue
        if name in IDS:
            found.setdefault(name, said.removeprefix("uuid:"))
        elif column.rpartition("/")[2] in REVIEWS or (
            groups[:1] == ["_validation_status"] and name in ("uid", "label")
        ):
            found.setdefault("review", said)
        elif groups[:1] == ["__system"] and name == "deletedAt":
            found["review"] = "deleted"
        elif column.rpartition("/")[2] in TIMES:
            found.setdefault("updated", said)
        elif name in questions():
            found.setdefault(name, said)
        elif groups and questions().get(groups[-1]) == "select_multiple":
            if said.casefold() in ("1", "true", "yes", "1.0"):
                chosen.append(name)
        else:
            part = name.casefold().removeprefix("_point_")
            spread = (groups and groups[-1] == "point") or name.startswith("_point_")
            if spread and (part in _POINT or part == "accuracy"):
                found.setdefault(_POINT.get(part, part), said)
    if chosen and "target" not in found:
        found["target"] = " ".join(chosen)
    return found | _coarse(found)


def _coarse(said: Mapping[str, str]) -> dict[str, str]:
    """A phone's own place to `DEGREES`, before anything can refuse the submission and keep it."""
    decimals = {"latitude": DEGREES, "longitude": DEGREES, "accuracy": 0}
    coarse = {name: coarser(said[name], to) for name, to in decimals.items() if name in said}
    point = said.get("point", "")
    if is_placeholder(point):
        return coarse
    # Of the height above the sea nothing is kept, since it would tell a place within its square.
    height, kept = point.split()[2:3], [coarser(one, DEGREES) for one in point.split()[:2]]
    accuracy = [coarser(one, 0).replace(HIDDEN, "?") for one in point.split()[3:5]]
    readable = len(kept) == 2 and len(accuracy) < 2 and HIDDEN not in kept
    cells = [*kept, *("0" for _ in height), *accuracy]
    return coarse | {"point": " ".join(cells) if readable else HIDDEN}


def _with_decision(record: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The record's fields, those of its groups too (ODK Central's OData has objects in objects);

    of a review in JSON only what was decided, never who did.
    """
    for column, value in record.items():
        if column in REVIEWS and isinstance(value, dict):
            yield column, value.get("uid") or value.get("label")
        elif isinstance(value, dict):
            yield from flat({column: value}).items()
        else:
            yield column, value


def _answer_text(value: Any) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()


def rows(said: Mapping[str, str], *, source: str, file: str, number: int) -> dict[str, Any]:
    """Turn one submission into rows of `reports` and `claims`.

    Args:
        said: what `answers` gave.
        source: the data set, for provenance.
        file: name of the file.
        number: number of the submission in it, from 1.

    Returns:
        The rows by table.

    Raises:
        Refused: the submission breaks a rule; the rules are in docs/sources/field-forms.md.
    """
    native_id = next((said[name] for name in IDS if name in said), None)
    if native_id is None:
        raise Refused("missing", "The submission has no id.", column=IDS[0])
    refuse_unapproved(said.get("review", ""), "review")
    reporter = organisation(said.get("organisation"), "organisation")
    if reporter is None:
        raise Refused("missing", "No organisation stands behind it.", column="organisation")
    span = _when(said)
    place = country(said, "country", "country", on=span.start, until=span.end)
    report_id = f"{source}:{native_id}"
    row = {
        "report_id": report_id,
        "native_id": native_id,
        "source_file": file,
        "source_row": number,
        **span.columns(),
        **_round_point(point(_read_point(said))),
        **_place_precision(said),
        "place": name(said, "place"),
        "adm1": name(said, "admin1"),
        "adm2": name(said, "admin2"),
        **situate(place),
        "event_type": _choice(said, "event_kind"),
        "target": _target(said),
        **_sides(said),
        "headline": text(said, "headline"),
        "notes": text(said, "account"),
        "publisher": reporter,
        "n_sources": maybe_whole(said, "n_sources", low=1),
        **estimates(said, low="deaths_low", best="deaths_best", high="deaths_high"),
        "updated": stated_time(said.get("updated", "")) or None,
        "source": f"{source}: {reporter}",
    }
    return {"reports": [row], "claims": list(_claims(said, reporter, row))}


def _choice(said: Mapping[str, str], name: str, default: str | None = None) -> str | None:
    value = said.get(name)
    if not value or is_placeholder(value):
        if default is None:
            raise Refused("missing", f"'{name}' is empty.", column=name)
        return choices(name)[default]
    if value not in choices(name):
        reason = f"'{name}' has no choice '{value}'."
        raise Refused("class", reason, column=name, value=value)
    return choices(name)[value]


def _when(said: Mapping[str, str]) -> Span:
    known = days(said, "event_date")
    if known.doubts:
        return known
    on = known.start
    if not said.get("date_known") and is_placeholder_day(on, unsure=True):
        reason = f"{on} in 'event_date' stands for a day that is not known."
        raise Refused("date", reason, column="event_date", value=said["event_date"])
    precision = int(_choice(said, "date_known", "day") or 1)
    few = timedelta(days=2)
    return {
        1: between(on, on),
        2: between(on - few, on + few),
        3: week_around(on),
        4: month_of(on),
        5: year_of(on),
    }[precision]


def _read_point(said: Mapping[str, str]) -> dict[str, str]:
    """Latitude, longitude and accuracy, from one cell 'lat lon alt acc' or from four."""
    cell = said.get("point", "").split()
    if not cell:
        return {name: said[name] for name in ("latitude", "longitude", "accuracy") if name in said}
    if len(cell) not in (2, 3, 4):
        return {"latitude": said["point"], "longitude": ""}
    return {"latitude": cell[0], "longitude": cell[1], "accuracy": (*cell, "", "")[3]}


def _round_point(where: Mapping[str, Any]) -> dict[str, Any]:
    """A point to `DEGREES`; of one that cannot be read nothing is kept, since it may be exact."""
    hidden = [replace(one, original=HIDDEN) for one in where.get("point_doubts", ())]
    found = {one: where[one] and round(where[one], DEGREES) for one in ("latitude", "longitude")}
    return found | ({"point_doubts": hidden} if hidden else {})


def _place_precision(said: Mapping[str, str]) -> dict[str, Any]:
    """As the form says; a point that the phone knew badly is no better than near."""
    known = int(_choice(said, "place_known", "place" if _has_place(said) else "country") or 6)
    pointed = _read_point(said)
    if not pointed.get("accuracy"):
        return {"place_prec": known}
    try:
        metres = decimal(pointed, "accuracy", low=0, high=1e7)
    except Refused as refusal:
        doubt = Doubt("place_prec", HIDDEN, str(known), "point", refusal.reason)
        return {"place_prec": known, "accuracy_doubts": [doubt]}
    return {"place_prec": max(known, 4 if metres > 25_000 else 2 if metres > 1_000 else 1)}


def _has_place(said: Mapping[str, str]) -> bool:
    return bool(said.get("place") or said.get("point") or said.get("latitude"))


def _target(said: Mapping[str, str]) -> str | None:
    """A report has one class: of those ticked, the first that says more than 'civilians'."""
    ticked = said.get("target", "").split()
    for one in ticked:
        if one not in choices("target"):
            reason = f"'target' has no choice '{one}'."
            raise Refused("class", reason, column="target", value=said["target"])
    found = [name for name in choices("target") if name in ticked]
    closer = [name for name in found if name not in ("civilians", "other")] or found
    return choices("target")[closer[0]] if closer else None


def _sides(said: Mapping[str, str]) -> dict[str, Any]:
    sure = _choice(said, "actor_known", "yes") == "yes"
    civilians = "Civilians" if _choice(said, "event_kind") == "one-sided" else None
    one, other = read_side(said, "actor_a"), read_side(said, "actor_b")
    return {
        "actor_a": one.name if sure else None,
        "actor_a_id": None,
        "actor_b": other.name or (None if other.suspects else civilians),
        "actor_b_id": None,
        "dyad_id": None,
        "party_doubts": [*(one.doubts if sure else ()), *other.doubts],
    }


def _claims(
    said: Mapping[str, str], reporter: str, row: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    shared = {"report_id": row["report_id"], "actor_id": None, "source": row["source"]}
    side = read_side(said, "actor_a")
    if side.name and _choice(said, "actor_known", "yes") == "suspected":
        side = replace(side, suspects=(side.name,))
    for accusation in accusations(side, row["report_id"], row["source"], reporter):
        yield shared | accusation
    about = organisation(said.get("claim_about"), "claim_about")
    if about and said.get("claim_stance"):
        stance = _choice(said, "claim_stance")
        yield shared | {
            "actor": about,
            "stance": stance,
            "said_by": organisation(said.get("claim_by"), "claim_by"),
        }
