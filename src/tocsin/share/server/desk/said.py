"""What a warning, a forecast or an incident says, read from bytes that may be anybody's.

Whoever may write here, and every partner's server, decides what an object holds. What a page shows
is read part by part, and what is not of the kind that it should be is left out.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS
from tocsin.schema.tables.anticipated.diffusion import CONTROLS
from tocsin.schema.tables.assessed.incident import EVERYTHING
from tocsin.schema.tables.observed.report import EVENT_TYPES
from tocsin.schema.vocabulary.field_form import questions
from tocsin.schema.vocabulary.technology import TECHNOLOGIES
from tocsin.share.facts.reported import WHOLE

MONTH = re.compile(r"[12][0-9]{3}-(?:0[1-9]|1[0-2])(?:-[0-9]{2})?")
DAY = re.compile(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]")
ENDED = "none"
"""The level of a warning that no longer stands."""
INCIDENT, RECORD = "incident", "record"
"""Types of objects: an incident, and a record of a producer's file that tells of one."""
LONGEST = 2000
COUNTS = ("hits", "misses", "false_alarms")
AMOUNTS = ("p05", "p50", "p95", "p_any", "p_25")


@dataclass(frozen=True)
class Warned:
    """This is what a warning says; what it does not say, or says in no known way, is None."""

    level: str
    """One of `ALERT_LEVELS`, or `ENDED`; 'watch' where it says none."""
    sentence: str
    chance: float | None
    first: str | None
    last: str | None
    """The first and the last month of which it speaks, as 2026-12."""
    since: str | None
    data_to: str | None
    record: dict[str, int] | None
    territory: str = ""
    """Its territory, as its owner calls it."""
    prepared: str = ""
    """What its owner has prepared for it, in the owner's words."""
    target: str = ""
    """The series whose deaths its rule counts, such as 'ged_sb'; empty where it does not say."""

    @property
    def counts_a_part(self) -> bool:
        """Tell whether its rule counts deaths of some kinds of violence only."""
        return self.target not in ("", WHOLE, EVERYTHING)

    def is_past(self, month: str) -> bool:
        """Tell whether the months of which it speaks were over before a month, such as 2026-12."""
        return self.last is not None and self.last[:7] < month


def read_warning(content: bytes) -> Warned:
    """Read what a warning says.

    Args:
        content: the bytes of the object.

    Returns:
        What could be read.
    """
    told = _object(content)
    months = told.get("months") if isinstance(told.get("months"), dict) else {}
    assert isinstance(months, dict)
    first, last = _month(months.get("first")), _month(months.get("last"))
    level = told.get("level")
    record = told.get("record")
    counts = record if isinstance(record, dict) else {}
    is_record = all(isinstance(counts.get(name), int) for name in COUNTS)
    return Warned(
        level if level in (*ALERT_LEVELS, ENDED) else "watch",
        _text(told.get("sentence")) or _text(told.get("headline")), _share(told.get("probability")),
        first if last else None, last if first else None, _month(told.get("since")),
        _month(told.get("data_to")),
        {name: counts[name] for name in COUNTS} if is_record else None,
        _text(told.get("territory")), _text(told.get("prepared")), _text(told.get("target")),
    )  # fmt: skip


@dataclass(frozen=True)
class Scored:
    """This is how forecasts did, so many months ahead."""

    months: int
    n: int
    """Months of territories scored."""
    crps: float
    """The mean error, in deaths."""
    coverage: float
    """The share of what came that lay within the interval of 90 %."""


@dataclass(frozen=True)
class Foreseen:
    """This is what a forecast says."""

    data_to: str
    months: tuple[dict[str, Any], ...]
    """For each month: `month`, deaths `p05, p50, p95`, and probabilities `p_any, p_25`."""
    record: tuple[int, float] | None
    """Months of territories scored in the region, and the mean CRPS in deaths."""
    horizons: tuple[Scored, ...]
    """The record by how many months ahead, in this region."""
    model: str
    target: str = ""
    """The series whose deaths it counts, such as 'ged_sb'; empty where it does not say."""


def read_forecast(content: bytes) -> Foreseen | None:
    """Read what a forecast says.

    Args:
        content: the forecast as it was published, JSON.

    Returns:
        What it says; None where something is missing or odd, so that it cannot be shown whole.
    """
    told = _object(content)
    rows, data_to = told.get("months"), _month(told.get("data_to"))
    if not isinstance(rows, list) or data_to is None or not all(map(_is_row, rows)):
        return None
    found = None
    record = told.get("record")
    for one in record if isinstance(record, list) else []:
        if isinstance(one, dict) and one.get("region") == "this region":
            n, crps = _number(one.get("n")), _number(one.get("crps"))
            found = (int(n), crps) if n is not None and crps is not None else None
    horizons = tuple(filter(None, map(_read_scores, _list(told.get("horizons")))))
    model, target = (_text(told.get(name)) for name in ("model", "target"))
    return Foreseen(data_to, tuple(rows), found, horizons, model, target)


def _read_scores(row: Any) -> Scored | None:
    said = row if isinstance(row, dict) else {}
    months, n, crps = (_number(said.get(name)) for name in ("months", "n", "crps"))
    coverage = _share(said.get("coverage"))
    if months is None or n is None or crps is None or coverage is None:
        return None
    return Scored(int(months), int(n), crps, coverage)


@dataclass(frozen=True)
class Follower:
    """This is an organisation that may come to use a technology class."""

    actor: str
    technology: str
    gwno: int
    """The Gleditsch-Ward number of its territory."""
    probability: float
    low: float
    high: float
    """The chance within twelve months, and its interval of 90 %."""
    strongest: str
    """The ties that add most by the model with ties, in English."""


@dataclass(frozen=True)
class Spread:
    """This is what a brief says of how technology spreads."""

    shown: bool
    """True where the network beats all that it was held against."""
    missed: tuple[str, ...]
    """Of `CONTROLS`, those that it does not beat."""
    origin: str
    """The last day of which the newest incidents tell."""
    followers: tuple[Follower, ...]
    skill: tuple[float, float, float] | None
    """Of earlier chances within twelve months, against the best peer, with its interval."""


def read_spread(content: bytes) -> Spread | None:
    """Read what a brief says of who may be next, or None where it says nothing of it."""
    told = _object(content).get("diffusion")
    verdict = told.get("verdict") if isinstance(told, dict) else None
    if not isinstance(told, dict) or not isinstance(verdict, dict):
        return None
    rows = [one for one in _list(told.get("next")) if isinstance(one, dict)]
    missed = _text(verdict.get("missed")).split()
    skill = None
    for one in _list(told.get("foreseen")):
        if isinstance(one, dict) and (one.get("window"), one.get("months")) == ("all", 12):
            found = [_number(one.get(name)) for name in ("skill", "skill_low", "skill_high")]
            skill = None if None in found else (found[0] or 0.0, found[1] or 0.0, found[2] or 0.0)
    return Spread(
        verdict.get("shown") is True, tuple(one for one in CONTROLS if one in missed),
        max((_day(one.get("origin")) for one in rows), default=""),
        tuple(filter(None, map(_follower, rows))), skill,
    )  # fmt: skip


def _follower(told: dict[str, Any]) -> Follower | None:
    names = ("probability", "low", "high")
    shares = {name: found for name in names if (found := _share(told.get(name))) is not None}
    gwno, technology = _number(told.get("gwno")), told.get("technology")
    if len(shares) < len(names) or gwno is None or technology not in TECHNOLOGIES:
        return None
    return Follower(
        actor=_text(told.get("actor")), technology=str(technology), gwno=int(gwno),
        # Briefs of earlier versions call it 'because'.
        strongest=_text(told.get("ties_model_strongest", told.get("because"))), **shares,
    )  # fmt: skip


@dataclass(frozen=True)
class Step:
    """This is one step of why two reports are taken for one event."""

    comparison: str
    level: str
    """How well it agreed, in words."""
    bits: float


@dataclass(frozen=True)
class Linked:
    """This is why two reports are taken for one event."""

    one: str
    other: str
    probability: float
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Happened:
    """This is what an incident, or a record of it, says happened."""

    first: str
    last: str
    """The first and the last day on which it may have happened, such as 2026-11-02; or empty."""
    place: str
    kind: str
    """One of `EVENT_TYPES`; 'other' where it says none."""
    sides: tuple[str, ...]
    deaths: tuple[int, int, int] | None
    """The lowest, the best and the highest count; None where nobody counted."""
    reports: tuple[tuple[str, float], ...] = ()
    """Ids of its reports, each with the probability that it tells of this event."""
    links: tuple[Linked, ...] = ()
    publisher: str = ""
    file: str = ""
    row: int | None = None
    native_id: str = ""
    technologies: tuple[str, ...] = ()
    """Technology classes that its reports name."""
    suspected: Mapping[str, float | None] = field(default_factory=dict)
    """Of its sides those that are only suspected, with how probable each is; None: not told."""


def read_incident(content: bytes) -> Happened:
    """Read what an incident, or a record of a producer's file, says.

    Args:
        content: the bytes of the object.

    Returns:
        What could be read.
    """
    told = _object(content)
    kind, row = told.get("kind"), _number(told.get("row"))
    deaths = [_number(one) for one in _list(told.get("deaths"))]
    counts = tuple(int(one) for one in deaths if one is not None and one >= 0)
    members = [one for one in _list(told.get("reports")) if isinstance(one, dict)]
    return Happened(
        _day(told.get("first")), _day(told.get("last")),
        ", ".join(filter(None, (_text(told.get("place")), _text(told.get("adm1"))))),
        kind if kind in EVENT_TYPES else "other",
        tuple(filter(None, map(_text, _list(told.get("sides"))))),
        counts if len(counts) == 3 else None,
        tuple((_text(one.get("report")), _share(one.get("probability")) or 0.0) for one in members),
        tuple(map(_read_link, (one for one in _list(told.get("links")) if isinstance(one, dict)))),
        _text(told.get("publisher")), _text(told.get("file")),
        None if row is None else int(row), _text(told.get("native_id")),
        tuple(one for one in TECHNOLOGIES if one in _list(told.get("technologies"))),
        {_text(name): _share(sure) for name, sure in _members(told.get("suspected"))},
    )  # fmt: skip


def _read_link(told: dict[str, Any]) -> Linked:
    steps = [one for one in _list(told.get("steps")) if isinstance(one, dict)]
    return Linked(
        _text(told.get("one")), _text(told.get("other")), _share(told.get("probability")) or 0.0,
        tuple(
            Step(_text(one.get("comparison")), _text(one.get("level")), _number(one.get("bits"))
                 or 0.0) for one in steps
        ),
    )  # fmt: skip


def read_answers(content: bytes) -> dict[str, str]:
    """Read the answers of a field report, as the form asks; what is no text is left out.

    >>> read_answers(b'{"answers": {"deaths_best": "2", "country": "Mali", "x": "y"}}')
    {'country': 'Mali', 'deaths_best': '2', 'x': 'y'}
    """
    told = _object(content).get("answers")
    found = told if isinstance(told, dict) else {}
    ordered = [*(name for name in questions() if name in found), *found]
    return {name: _text(found[name]) for name in ordered if _text(found[name])}


def _members(value: Any) -> Iterable[tuple[str, Any]]:
    return value.items() if isinstance(value, dict) else ()


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _day(value: Any) -> str:
    return value if isinstance(value, str) and DAY.fullmatch(value) else ""


def _is_row(row: Any) -> bool:
    return (
        isinstance(row, dict)
        and _month(row.get("month")) is not None
        and all(_number(row.get(name)) is not None for name in AMOUNTS)
    )


def _object(content: bytes) -> dict[str, Any]:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _text(value: Any) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""


def _month(value: Any) -> str | None:
    return value if isinstance(value, str) and MONTH.fullmatch(value) else None


def _number(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and math.isfinite(value) and abs(value) < 1e12 else None


def _share(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and 0 <= number <= 1 else None
