"""The adoption ledger: which actor was seen with which technology, when, and how sure."""

from __future__ import annotations

import pandera.polars as pa
import polars as pl

from tocsin.schema.table import Table, unit
from tocsin.schema.tables.observed.actor import HOLDERS
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

BELIEVED = 0.5
"""The least confidence at which an entry counts as a belief, and says since when."""
LONE = ((pl.col("confidence") >= BELIEVED) & (pl.col("n_own") == 1)).fill_null(False)
"""An entry that is believed on one incident's reports, which is said wherever it is shown."""
UNNAMED = LONE & (pl.col("n_named").sum().over("actor_id", "technology") == 0)
"""One of these whose report names no user: by its dead, or by whom the class struck, it is more
probably the actor's use than not. Of rows that hold all territories of an actor."""
RESTS = (
    pl.when(UNNAMED)
    .then(pl.lit("rests on one report, which can be read as its use and does not name it"))
    .when(LONE)
    .then(pl.lit("rests on one report"))
    .otherwise(pl.lit(""))
)
"""The same in words, behind the entry's name; empty where it rests on more, or is not believed."""

WEIGHS = 0.05
"""Bits below which a reason is printed as 0.0: it weighs nothing, and is not shown."""
NOBODY_NAMED = "nobody is named"
UNNAMED_IS_WEIGHED = (
    "Where nobody is named, whose it was is weighed by whom it struck, who died and who fights "
    "there."
)
"""Said once below reasons of which one names nobody."""
_ACTS = {
    "attack": "an attack, said of {}", "influence": "told by {}", "watch": "flown to watch by {}",
    "seized": "found or seized; it was that of {}", "lost": "shot down or lost; it was that of {}",
    "target": "a store or a launcher was struck; it was that of {}",
    "remnant": "left behind; it was that of {}", "acquired": "acquired or made by {}",
    "threat": "threatened by {}", "denied": "denied or disproved, said of {}",
}  # fmt: skip
"""What is said of a class, in words that leave no doubt who had it and who only found it."""
_BY = {
    "this-state": "this state's forces", "other-state": "another state", "coalition": "a coalition",
    "described": "a side that words only describe", "organisation": "an organisation",
}  # fmt: skip
_MORE = (", where it is only suspected (", ", and an assertion here")
"""What may follow the party, so that a comma in a name does not end the name."""


def say_own(number: int | None) -> str:
    """Say in how many incidents, in all territories, the class can be read as an actor's own.

    Two entries of 0.95, which no confidence exceeds, are told apart by it.

    Args:
        number: `n_own`; None where it is not told.

    Returns:
        Words that follow what was said of the mentions; empty where it is not told.

    >>> say_own(16)
    'in all territories, 16 can be read as its own use'
    """
    if number is None:
        return ""
    return f"in all territories, {number:,} can be read as its own use"


def say_mention(says: str, by: str | None) -> str:
    """Say in words what a report says of a class, and whose it was by its words.

    Args:
        says: as in `AdoptionReason`, such as 'seized'.
        by: as there, such as 'organisation (IS)'; 'nobody' or nothing where nobody is named.

    >>> say_mention("seized", "organisation (IS)")
    'found or seized; it was that of IS'
    >>> say_mention("seized", "organisation (CPI (Maoist), Bihar), and an assertion here")
    'found or seized; it was that of CPI (Maoist), Bihar, and an assertion here'
    >>> say_mention("attack", "nobody"), say_mention("attack", "other-state, and an assertion here")
    ('attack, nobody is named', 'an attack, said of another state, and an assertion here')
    """
    told = by or "nobody"
    more = told[min((at for one in _MORE if (at := told.find(one)) >= 0), default=len(told)) :]
    kind, _, name = told.removesuffix(more).partition(" (")
    if kind == "nobody":
        return f"{says}, {NOBODY_NAMED}{more}"
    who = name.removesuffix(")") or _BY.get(kind, kind)
    return _ACTS.get(says, f"{says}, said of {{}}").replace("{}", who) + more


class Adoption(Table):
    """One actor and one technology class in one territory.

    `confidence` is the probability that the actor has the class; the onset is of possession.
    `first_low` to `first_high` say since when it has the class, if it has it. They are empty where
    `confidence` is below BELIEVED: of what is not believed no date is told.
    """

    actor_id: str
    actor: str
    kind: str = pa.Field(
        isin=HOLDERS,
        nullable=True,
        description="only an organisation takes up a class; of a people, and of those whom a "
        "source does not tell apart, the entry says that somebody of them used it; empty: not told",
    )
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    first_seen: pl.Date = pa.Field(
        description="start of the first incident that mentions it; else day of a decision"
    )
    first_incident: str = pa.Field(nullable=True, description="incident_id; empty: a decision only")
    first_low: pl.Date = pa.Field(
        nullable=True, description="if it has the class, it had it by then with 5 %"
    )
    first_median: pl.Date = pa.Field(nullable=True, description="with 50 %, if it has it")
    first_high: pl.Date = pa.Field(nullable=True, description="with 95 %, if it has it")
    last_seen: pl.Date
    n_incidents: int = pa.Field(ge=0, metadata=unit("incidents that mention the class"))
    n_named: int = pa.Field(
        ge=0,
        description="in which words say that it was the user, if only as rebels",
    )
    n_own: int = pa.Field(
        ge=0,
        nullable=True,
        description="in all territories, of which words, deaths or a log's author say that more "
        "probably than not it was this actor's; without one there is no belief but by a decision; "
        "empty: not told",
        metadata=unit("incidents"),
    )
    expected: float = pa.Field(ge=0, description="sum of probabilities", metadata=unit("incidents"))
    low: float = pa.Field(ge=0, description="5 % quantile", metadata=unit("incidents"))
    high: float = pa.Field(ge=0, description="95 % quantile", metadata=unit("incidents"))
    confidence: float = pa.Field(ge=0, le=1, description="that it has the class")
    coalition: str = pa.Field(
        nullable=True,
        description="its members, where it is a joint side of which not all are known by "
        "themselves; empty: one organisation",
    )


class AdoptionOnset(Table):
    """By when an actor had a technology class: the probability that it did."""

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    date: pl.Date
    probability: float = pa.Field(ge=0, le=1, description="that it had it by this day")


class AdoptionQuarter(Table):
    """Intensity of use by quarter, with the uncertainty of tags and users carried through."""

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    quarter: pl.Date = pa.Field(description="first day of the quarter")
    expected: float = pa.Field(ge=0, metadata=unit("incidents"))
    low: float = pa.Field(ge=0, description="5 % quantile", metadata=unit("incidents"))
    high: float = pa.Field(ge=0, description="95 % quantile", metadata=unit("incidents"))


class AdoptionDraw(Table):
    """One joint draw of all onsets: since when each actor has each class, or that it never does."""

    draw: int = pa.Field(ge=0)
    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1)
    onset: pl.Date = pa.Field(nullable=True, description="empty: never")
    singled: bool = pa.Field(
        description="a mention or a decision says that it was this actor; else the draw only says "
        "that somebody there has the class"
    )


class AdoptionReason(Table):
    """What speaks most for, and against, an actor's having a technology class.

    The three strongest of each, from mentions and from what people here said. Of the words only
    those that the rules of reading rest on are kept, so that no name of a person is.
    """

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    direction: str = pa.Field(isin=("for", "against"))
    rank: int = pa.Field(ge=1, description="1 speaks most")
    bits: float = pa.Field(
        description="by how much it moves the log odds, positive for possession",
        metadata=unit("bits"),
    )
    told_by: str = pa.Field(isin=("report", "here"))
    date: pl.Date = pa.Field(description="of the incident, or by which it is held here")
    incident_id: str = pa.Field(nullable=True)
    report_id: str = pa.Field(nullable=True)
    says: str = pa.Field(description="what is said of the class, or asserted here")
    by: str = pa.Field(nullable=True, description="who had or used it, by the words")
    evidence: str = pa.Field(nullable=True, description="the words, or the reason given here")


class StateUse(Table):
    """What a state's own forces used in a territory, so that it is plain who used what."""

    actor_id: str
    actor: str
    technology: str = pa.Field(isin=TECHNOLOGIES)
    territory: str
    gwno: int = pa.Field(ge=1, description="of the territory, not of the state that used it")
    first_seen: pl.Date
    last_seen: pl.Date
    n_incidents: int = pa.Field(ge=1, metadata=unit("incidents that mention the class"))
    n_named: int = pa.Field(
        ge=0,
        description="in which words say that it was the user, if only as rebels",
    )
    expected: float = pa.Field(ge=0, description="sum of probabilities", metadata=unit("incidents"))
    low: float = pa.Field(ge=0, description="5 % quantile", metadata=unit("incidents"))
    high: float = pa.Field(ge=0, description="95 % quantile", metadata=unit("incidents"))
