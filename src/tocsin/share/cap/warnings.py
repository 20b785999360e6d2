"""Warnings out: the alerts that a workspace raised, as messages that follow each other.

Each rule in each territory is one thread of messages: an Alert when it is raised, an Update when
something of it changes, a Cancel when it no longer stands. What was sent before is read from the
messages themselves, so a folder of them is all the memory that is needed.

How a level becomes words of CAP (clause 3.2.2): *severity* by the level (advisory Moderate,
warning Severe, emergency Extreme); *certainty* by the probability (over a half Likely, otherwise
Possible); *urgency* is Future, since what is forecast lies weeks to months ahead.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import shapely

from tocsin.errors import UsageError
from tocsin.schema.days.periods import month_after
from tocsin.schema.geography.grammar import with_the
from tocsin.schema.geography.shapes import shapes
from tocsin.schema.geography.territory import alpha2
from tocsin.share.cap.document import Element, Unreadable, read
from tocsin.share.cap.layout import CODES
from tocsin.share.cap.meaning import FORBIDDEN, UNIQUE
from tocsin.share.cap.message import Area, Info, Message, as_bytes, polygons, stamp
from tocsin.share.cap.structure import parse_time
from tocsin.share.facts.words import chance, deaths_meant

SEVERITY = {"advisory": "Moderate", "warning": "Severe", "emergency": "Extreme"}
THREAD = "tocsin:warning"
"""The parameter that holds what a message is about, by which its successors find it."""
LEVEL, PROBABILITY = "tocsin:level", "tocsin:probability"
MOST_REFERENCES = 20


@dataclass(frozen=True)
class Outgoing:
    """These are the messages to send now."""

    messages: Mapping[str, bytes]
    """File name to bytes: new Alerts, Updates and Cancels; empty where nothing changed."""
    left_out: tuple[str, ...]
    """Why an alert that stands became no message, a sentence each."""


@dataclass(frozen=True)
class Sender:
    """This is who sends, and how."""

    address: str
    """An address or domain that is the sender's own, without spaces, commas, < or &."""
    status: str
    """'Actual', 'Exercise', 'System', 'Test' or 'Draft'."""
    sent: datetime
    """When the messages are sent, with its zone."""
    name: str = ""
    """Its name in words."""
    note: str = ""
    """Which exercise it is, or what else readers of all messages have to know."""

    def __post_init__(self) -> None:
        if FORBIDDEN.search(self.address) or not UNIQUE.fullmatch(self.address):
            raise UsageError(
                f"'{self.address}' cannot be a sender.",
                remedy="Give an address or domain of your own, such as warnings@example.org.",
            )
        if self.status not in CODES["status"]:
            raise UsageError(
                f"There is no status '{self.status}'.",
                remedy=f"Choose of: {', '.join(CODES['status'])}.",
            )


def warnings(
    tables: Mapping[str, pl.DataFrame],
    sender: Sender,
    *,
    before: Mapping[str, bytes] | None = None,
    territories: list[int] | None = None,
    target: str = "",
) -> Outgoing:
    """Make the messages that a workspace's alerts call for now.

    Args:
        tables: `alerts`, `alert_rules` and `alert_record`, as the schema declares them.
        sender: who sends, with which status, and when.
        before: what was sent before, file name to bytes; others' messages are passed over.
        territories: Gleditsch-Ward numbers to write of; None: all.
        target: the series whose deaths are forecast, such as 'ged_sb', so that messages say which
            deaths are counted; default: they say nothing of it.

    Returns:
        New messages, each of which `check` finds valid, and what was left out. The same tables,
        sender and earlier messages give the same bytes; where nothing changed there is none.

    Raises:
        UsageError: an earlier message cannot be read, or was sent at the very same second.
    """
    threads = _threads(before or {}, sender)
    standing: dict[str, dict[str, Any]] = {}
    left_out = []
    rules = {row["rule"]: row for row in tables["alert_rules"].to_dicts()}
    for row in tables["alerts"].sort("rule", "gwno").to_dicts():
        if row["level"] not in SEVERITY or (territories and row["gwno"] not in territories):
            continue
        until = _window_end(row["origin"], rules[row["rule"]]["within"])
        if until <= sender.sent:
            left_out.append(
                f"'{row['rule']}' in {with_the(row['territory'])}: its months ended on "
                f"{until:%Y-%m-%d}, before the message would be sent"
            )
            continue
        rule = rules[row["rule"]]
        told = {"until": until, "counts": deaths_meant(rule.get("kind", ""), target)}
        standing[f"{row['rule']}/{row['gwno']}"] = row | rule | told
    made: dict[str, bytes] = {}
    for key in sorted({*standing, *threads}):
        message = _next(key, standing.get(key), threads.get(key, []), tables, sender)
        if message is None:
            continue
        name = f"{message.identifier}.xml"
        if name in (before or {}):
            raise UsageError(
                "There is a message of this very second already.", where=name,
                remedy="Wait a second, or give another time of sending.",
            )  # fmt: skip
        made[name] = as_bytes(message)
    return Outgoing(made, tuple(left_out))


def _window_end(origin: date, within: int) -> datetime:
    """The first moment after the months that a rule speaks of."""
    last = month_after(origin, within + 1)
    return datetime(last.year, last.month, 1, tzinfo=UTC)


def _threads(before: Mapping[str, bytes], sender: Sender) -> dict[str, list[Element]]:
    """Earlier messages of this sender and status by what they are about, oldest first."""
    found: dict[str, list[Element]] = {}
    for name, content in before.items():
        try:
            alert = read(content)
        except Unreadable as error:
            raise UsageError(
                f"An earlier message cannot be read: {error.what}.", where=name,
                remedy="Move it out of the folder, or repair it.",
            ) from error  # fmt: skip
        key = _parameter(alert, THREAD)
        mine = (alert.value("sender"), alert.value("status")) == (sender.address, sender.status)
        if key and mine:
            found.setdefault(key, []).append(alert)
    for thread in found.values():
        thread.sort(key=lambda alert: (parse_time(alert.value("sent")), alert.value("identifier")))
    return found


def _parameter(alert: Element, name: str) -> str:
    for info in alert.all("info"):
        for pair in info.all("parameter"):
            if pair.value("valueName") == name:
                return pair.value("value")
    return ""


def _next(
    key: str,
    row: dict[str, Any] | None,
    thread: list[Element],
    tables: Mapping[str, pl.DataFrame],
    sender: Sender,
) -> Message | None:
    """The message that a thread needs now, if any."""
    # What came before a Cancel is over; a warning after it begins anew.
    cancels = [n for n, one in enumerate(thread) if one.value("msgType") == "Cancel"]
    live = thread[cancels[-1] + 1 :] if cancels else thread
    references = tuple(
        ",".join(one.value(name) for name in ("sender", "identifier", "sent"))
        for one in live[-MOST_REFERENCES:]
    )
    if row is None:
        ends = [parse_time(info.value("expires")) for one in live[-1:] for info in one.all("info")]
        if not any(end and end > sender.sent for end in ends):
            return None
        return _cancel(key, live[-1], references, sender)
    info = _info(key, row, tables, sender)
    said = dict(info.parameters)
    if live and all(_parameter(live[-1], name) == value for name, value in said.items()):
        return None
    kind = "Update" if live else "Alert"
    return _message(key, kind, (info,), references, sender)


def _message(
    key: str, kind: str, infos: tuple[Info, ...], references: tuple[str, ...], sender: Sender
) -> Message:
    seed = "\n".join((sender.address, sender.status, key, kind, stamp(sender.sent)))
    return Message(
        identifier=f"tocsin-{hashlib.sha256(seed.encode()).hexdigest()[:32]}",
        sender=sender.address, sent=sender.sent, status=sender.status, kind=kind, infos=infos,
        note=sender.note or ("Exercise." if sender.status == "Exercise" else ""),
        references=references,
    )  # fmt: skip


def _cancel(key: str, last: Element, references: tuple[str, ...], sender: Sender) -> Message:
    """Say that a warning no longer stands, with what it was about."""
    info = last.all("info")[0]
    areas = tuple(Area(area.value("areaDesc")) for area in info.all("area"))
    expires = parse_time(info.value("expires")) or sender.sent
    ended = Info(
        language="en", event=info.value("event"), urgency="Past", severity="Minor",
        certainty="Unlikely", headline=_prefix(f"Ended: {info.value('event')}", sender),
        description="The rule by which this warning was raised no longer calls for it. "
        "This does not say that nothing can happen.",
        expires=expires, areas=areas, responses=("Monitor",), sender_name=sender.name,
        parameters=((THREAD, key), (LEVEL, "none")),
    )  # fmt: skip
    made = _message(key, "Cancel", (ended,), references, sender)
    return replace(made, note=(made.note + " The earlier messages listed end.").strip())


def _info(
    key: str,
    row: dict[str, Any],
    tables: Mapping[str, pl.DataFrame],
    sender: Sender,
) -> Info:
    """What is said of one alert that stands, with the record of its rule."""
    percent = chance(row["probability"])
    first = month_after(row["origin"], 1)
    last = month_after(row["origin"], row["within"])
    months = f"{first:%B %Y} to {last:%B %Y}" if first != last else f"{first:%B %Y}"
    event = f"Risk of {_condition(row['sentence'])}"
    description = (
        f"By the rule '{row['rule']}' ({row['sentence']}), this warning stands for "
        f"{row['territory']}. The estimated probability for {months} is {percent}, from data to "
        f"{row['origin']:%B %Y}. {row['counts'] and row['counts'] + ' '}"
        f"{_record(row['rule'], tables)} It stands at this level since "
        f"{row['since']:%B %Y}. This is a statistical estimate about a territory, made from public "
        "reports; it says nothing of any place within it, nor of any person."
    )
    return Info(
        language="en", event=event, urgency="Future", severity=SEVERITY[row["level"]],
        certainty="Likely" if row["probability"] > 0.5 else "Possible",
        headline=_prefix(f"{row['territory']}: {row['level']}, {percent} for {months}", sender),
        description=description, onset=datetime(first.year, first.month, 1, tzinfo=UTC),
        expires=row["until"], responses=("Assess", "Monitor"), sender_name=sender.name,
        instruction="Compare it with what you know from other sources, and with your own plan for "
        "this level; a person decides.",
        parameters=(
            # Nothing that is estimated is certain: 0.9996 is no 1.00.
            (THREAD, key), (LEVEL, row["level"]),
            (PROBABILITY, f"{min(max(row['probability'], 0.01), 0.99):.2f}"),
            ("tocsin:data-to", f"{row['origin']:%Y-%m}"),
        ),
        areas=(_area(row["gwno"], row["territory"]),),
    )  # fmt: skip


def _prefix(headline: str, sender: Sender) -> str:
    return headline if sender.status == "Actual" else f"{sender.status.upper()} – {headline}"


def _condition(sentence: str) -> str:
    """What a rule watches for: its sentence without the probability at which it is raised."""
    return re.split(", (?:probability|cost) ", sentence, maxsplit=1)[0]


def _record(rule: str, tables: Mapping[str, pl.DataFrame]) -> str:
    """How the rule did so far, in words; a warning is not sent without it."""
    mine = tables["alert_record"].filter(pl.col("rule") == rule, pl.col("window") == "all")
    if mine.is_empty():
        return "This rule has no record yet, so nobody knows how often it is right."
    seen = mine.row(0, named=True)
    raised = seen["hits"] + seen["false_alarms"]
    return (
        f"In the past, worked out without knowing what came, the rule was raised {raised:,} times: "
        f"{seen['hits']:,} times it came, {seen['false_alarms']:,} times it did not; "
        f"{seen['misses']:,} times it came without a warning. Each month of a territory counts."
    )


def _area(gwno: int, name: str) -> Area:
    features = shapes([gwno])["features"]
    drawn = polygons(shapely.geometry.shape(features[0]["geometry"])) if features else ()
    code = alpha2(gwno)
    return Area(name, drawn, (("ISO 3166-1", code),) if code else ())
