"""The script of an exercise: what each cell is told, when, and what stays with the controllers.

The columns are those of a Master Scenario Events List (FEMA, Homeland Security Exercise and
Evaluation Program, 2020). What truly happens in the future is told to players by reports that come
early and in doubt, or late; others tell of what does not happen. Only the controllers know which.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

import numpy as np
import polars as pl

from tocsin.plan.exercise import messages
from tocsin.plan.exercise.future import Future
from tocsin.plan.exercise.messages import Teller
from tocsin.schema.geography.grammar import with_the

COLUMNS = (
    "Event Number", "Designated Scenario Time", "Event Type", "Inject Mode", "From", "To",
    "Message", "Expected Participant Response", "Exercise Objective", "Notes",
)  # fmt: skip
"""The columns of the list, in their order."""
CELLS = (
    "Regional early-warning cell", "Civil protection cell", "Border and customs cell",
    "Partner states cell",
)  # fmt: skip
"""Who plays."""
OBJECTIVES = {
    "warn": "Warn neighbours in time, and say how sure one is",
    "verify": "Check a report against a second source before acting on it",
    "serve": "Keep essential services going",
    "share": "Say to partners and the public what is known and what is not",
}
SHARP = 1.5
"""Deaths rise when they are so many times the mean of the three months before."""
SERIOUS = 25.0
"""Deaths a month below which a rise is not told."""
FALSE = 2.0
"""A false report tells of at least so many times what truly happens; less may be no error."""
OUTAGE = 5.0
"""Points of services lost more than in the month before that are an outage."""

FIRST_HOUR, HOURS = 6, 15
"""Messages come in the fifteen hours from six in the morning."""
LETTERS = "abcdefghijklmnopqrstuvwxyz"

Kind = Literal["rise", "outage", "displacement", "rumour"]
KINDS: tuple[Kind, ...] = ("rise", "outage", "displacement")
OFTEN = (0.6, 0.2, 0.2)
"""How often a rumour tells of each."""
COUNTED: dict[Kind, str] = {
    "rise": "deaths in the month", "outage": "points of services lost",
    "displacement": "people displaced in the month", "rumour": "",
}  # fmt: skip
"""What the size of a turn counts."""
USUAL = {"rise": 60.0, "outage": 10.0, "displacement": 5_000.0}
"""The size of a rumour where nothing of its kind truly happens."""


@dataclass(frozen=True)
class Turn:
    """This is one thing that happens in the future, or is only said to."""

    at: datetime
    """When it happens, or would."""
    kind: Kind
    """What it is; a rumour does not happen."""
    territory: str
    """Where."""
    size: float
    """Deaths, points of service, or people; for a rumour what is said."""
    told: Kind = "rise"
    """Of a rumour, what is said to happen."""
    by_sea: bool = False
    """Is it on an island, so that people and goods come to its neighbours by sea or air?"""

    @property
    def happens(self) -> bool:
        """Tell whether it is true."""
        return self.kind != "rumour"

    @property
    def where(self) -> str:
        """Give its territory as it stands within a sentence."""
        return with_the(self.territory)

    @property
    def looks(self) -> Kind:
        """Give what players are told, true or not."""
        return self.kind if self.happens else self.told


@dataclass(frozen=True)
class Script:
    """This is a whole exercise on paper."""

    future: Future
    """The hidden truth."""
    turns: tuple[Turn, ...]
    """What happens and what is only said to, by time."""
    events: pl.DataFrame
    """The list, a row an inject, with `COLUMNS`, all of them texts."""


def write_script(future: Future, *, injects: int = 20) -> Script:
    """Write the script of an exercise from a future.

    Args:
        future: what happens.
        injects: about how many messages players get, at least 4; contingencies come on top.

    Returns:
        The script. The same future gives the same script.
    """
    rng = np.random.default_rng([future.number, 7])
    every = sorted(_turns(future, rng), key=lambda turn: -_weight(turn))
    true = every[: max(1, injects // 3)]
    said = [*true, *_rumours(future, every, true, max(1, injects // 6), rng)]
    said.sort(key=lambda turn: (turn.at, turn.territory, turn.kind))
    teller = Teller(rng)
    rows = [row for turn in said for row in _injects(turn, rng, teller)]
    rows.sort(key=lambda row: (row["Designated Scenario Time"], row["Message"]))
    number, letter = 0, 0
    for row in rows:
        contingent = row["Event Type"] == "Contingency"
        number, letter = (number, letter + 1) if contingent else (number + 1, 0)
        # Contingencies are lettered after the event that they follow.
        row["Event Number"] = f"{number}{LETTERS[letter - 1] if contingent else ''}"
    return Script(future, tuple(said), pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String)))


def _turns(future: Future, rng: np.random.Generator) -> Iterator[Turn]:
    """What happens in a future that an exercise can turn on."""
    for month, first in enumerate(future.months):
        for place, territory in enumerate(future.territories):
            at, sea = _moment(first, rng), territory in future.islands
            deaths = float(future.deaths[month, place])
            before = future.deaths[max(0, month - 3) : month, place]
            usual = float(before.mean()) if len(before) else deaths
            if deaths >= SERIOUS and deaths >= SHARP * usual and month:
                yield Turn(at, "rise", territory, deaths, by_sea=sea)
            if month:
                more = future.service_lost[month, place] - future.service_lost[month - 1, place]
                if more >= OUTAGE:
                    yield Turn(at + timedelta(days=3), "outage", territory, float(more))
                people = float(future.displaced[month, place])
                if people > 2 * float(future.displaced[month - 1, place]) and people >= 1000:
                    at = at + timedelta(days=6)
                    yield Turn(at, "displacement", territory, people, by_sea=sea)


def _moment(month: date, rng: np.random.Generator) -> datetime:
    """A day and an hour of a month; drawn alike for what is true and what is not."""
    day = int(rng.integers(3, 26))
    hour = int(rng.integers(FIRST_HOUR, FIRST_HOUR + HOURS))
    return datetime(month.year, month.month, day, hour)


def _weight(turn: Turn) -> float:
    """How much a turn matters beside others of its kind; kinds take turns."""
    scale = {"rise": SERIOUS, "outage": OUTAGE, "displacement": 1000.0, "rumour": 1.0}
    return float(np.log(turn.size / scale[turn.kind] + 1.0))


def _rumours(
    future: Future, every: list[Turn], true: list[Turn], most: int, rng: np.random.Generator
) -> Iterator[Turn]:
    """Things that are said of places and months in which nothing of the kind happens.

    They are as large as what does happen, and of all kinds: if every large number, or every outage,
    were true, players would learn that and not to check. None is of the first month, in which
    nothing comes true, since there is no month before it to rise from.
    """
    sizes = {kind: [turn.size for turn in true if turn.kind == kind] or [usual]
             for kind, usual in USUAL.items()}  # fmt: skip
    # What happens and is too small to be told happens all the same.
    busy = {(turn.territory, turn.at.month, turn.at.year) for turn in every}
    quiet = [
        (month, place)
        for month, first in list(enumerate(future.months))[1:] or [(0, future.months[0])]
        for place, territory in enumerate(future.territories)
        if (territory, first.month, first.year) not in busy
    ]
    for chosen in rng.permutation(len(quiet))[:most]:
        month, place = quiet[int(chosen)]
        told = KINDS[int(rng.choice(len(KINDS), p=OFTEN))]
        size = max(float(rng.choice(sizes[told])), FALSE * _happens(future, told, month, place))
        at, territory = _moment(future.months[month], rng), future.territories[place]
        yield Turn(at, "rumour", territory, size, told, territory in future.islands)


def _happens(future: Future, kind: Kind, month: int, place: int) -> float:
    """How much of a kind there truly is in a month, of what messages count."""
    counted = {"rise": future.deaths, "displacement": future.displaced}.get(kind)
    return 0.0 if counted is None else float(counted[month, place])


def _injects(turn: Turn, rng: np.random.Generator, teller: Teller) -> Iterator[dict[str, str]]:
    """The messages that tell of a turn; each has an hour of its own, but for the report's."""
    first, border = -int(rng.integers(3, 12)), "Harbour offices" if turn.by_sea else "Border posts"
    if turn.looks == "rise":
        # What comes true and what does not begin with the same words.
        yield _row(
            _other_hour(turn, first), "Contextual", "Telephone", "Field reporter", CELLS[0],
            teller.say(messages.HINTS, turn), "Ask a second source; say how sure one is.", "verify",
            _note(turn),
        )  # fmt: skip
        yield _row(
            _other_hour(turn, first + 1), "Contextual", "Radio", border, CELLS[2],
            teller.say(messages.ASKED_AT_SEA if turn.by_sea else messages.ASKED, turn),
            "Ask the early-warning cell what is known; keep lawful trade moving.", "serve",
            _note(turn),
        )  # fmt: skip
        yield _row(
            turn.at, "Inject", *_report(turn, rng, teller),
            "Check before answering; say what is known and what is not.", "verify", _note(turn),
        )  # fmt: skip
    if turn.kind == "rise":
        yield _row(
            _other_hour(turn, 2), "Inject", "E-mail", "Field office", CELLS[1],
            teller.say(messages.HOSPITALS, turn),
            "Send help by the plan; pass it on to partners.", "share", _note(turn),
        )  # fmt: skip
    if turn.looks == "rise":
        yield _contingency(turn, teller, warned=True)
        yield _contingency(turn, teller, warned=False)
    elif turn.looks == "outage":
        yield _row(
            turn.at, "Inject", "Radio", "Utilities", CELLS[1],
            teller.say(messages.OUTAGES, turn),
            "Ask a second source; share out backup by need; name no cause that is not known.",
            "serve", _note(turn),
        )  # fmt: skip
    elif turn.looks == "displacement":
        yield _row(
            turn.at, "Inject", "E-mail", border, CELLS[2],
            teller.say(messages.LANDINGS if turn.by_sea else messages.ROADS, turn),
            "Ask a second source; keep the border open for people and lawful trade; register and "
            "help.", "serve", _note(turn),
        )  # fmt: skip


def _other_hour(turn: Turn, days: int) -> datetime:
    """A moment so many days from a turn, in the daytime and at another hour than on other days."""
    minutes = 60 * (turn.at.hour - FIRST_HOUR) + turn.at.minute + 445 * (days % 31)
    day = turn.at.replace(hour=FIRST_HOUR, minute=0) + timedelta(days=days)
    return day + timedelta(minutes=minutes % (60 * HOURS))


def _report(turn: Turn, rng: np.random.Generator, teller: Teller) -> tuple[str, str, str, str]:
    """How a rise is first told: mode, sender, receiver and message, drawn alike for true and false.

    If only false reports came by social media, players would learn the mode and not to check.
    """
    if rng.random() < 0.5:
        return "Social media", "Unknown account", CELLS[3], teller.say(messages.POSTS, turn)
    return "E-mail", "Partner office", CELLS[1], teller.say(messages.OFFICES, turn)


def _contingency(turn: Turn, teller: Teller, *, warned: bool) -> dict[str, str]:
    """What follows from what players decided; a controller hands out one of the two."""
    mode, sender = "Telephone", "Neighbouring authorities" if warned else "Journalist"
    if not turn.happens:
        said = messages.CLOSED if warned else messages.DENIED
        response = "Say what was known when, what is known now, and what is done."
    elif warned:
        said, response = messages.THANKS, "Say until when the warning holds, and how sure one is."
    else:
        said, response = messages.BLAMED, "Say openly what was known, and what is done now."
    condition = f"Hand out if {'a' if warned else 'no'} warning for this territory was given before"
    note = f"{condition} {turn.at:%Y-%m-%d %H:%M}. {_note(turn)}"
    told, at = teller.say(said, turn), _other_hour(turn, 4)
    return _row(at, "Contingency", mode, sender, CELLS[3], told, response, "share", note)


def _note(turn: Turn) -> str:
    """What only controllers read."""
    if not turn.happens:
        return f"Truth: a false report; nothing beyond the usual happens in {turn.where}."
    return f"Truth: {turn.kind} on {turn.at:%Y-%m-%d}, {turn.size:,.0f} {COUNTED[turn.kind]}."


def _row(at: datetime, kind: str, *texts: str) -> dict[str, str]:
    """One row: mode, sender, receiver, message, response, objective by its key, and note."""
    mode, sender, receiver, message, response, objective, note = texts
    values = ("", f"{at:%Y-%m-%d %H:%M}", kind, mode, sender, receiver, message, response,
              OBJECTIVES[objective], note)  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))
