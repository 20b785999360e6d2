"""Users: which side of an event, or a third party, used a class, from words and facts together.

A conditional logit over three answers: the event's side a, its side b, neither. What speaks for
an answer: the words name it; the words name it as the one that suffered, or as the one that shot
it down or seized it; only its people died; it is the perpetrator of one-sided violence; no other
state is known to fight there, which speaks against a third party; a state is known not to have
had the class in that year; and how often such a side is the user of the class (its role). The
weights stand in `weights.toml`, which says what they were fitted on.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.assess.actors.names import fold, members
from tocsin.assess.actors.states import acting_state, state_number
from tocsin.assess.technology.mentions.parties import Party, Setting

ANSWERS = ("a", "b", "third")
EVIDENCE = (
    "named", "suffered", "took_it", "only_died", "perpetrator", "nobody_else", "lacks_it",
)  # fmt: skip
"""What speaks for an answer beside its role; the same weights for all classes."""
KINDS = ("named", "against", "facts", "role")
"""On what the user of a mention rests: words name it; they name an armed party that it was used
against; who died, or who is the perpetrator of one-sided violence; or its role and nothing else."""
EVIDENT = 0.05
"""A mention says something of its user where it moves the log odds of the role by more."""
ROLES = ("own-state", "other-state", "organisation", "third")
"""What an answer is: the state where it was, another state, an organisation, nobody of these."""


Odds = TypeVar("Odds", pl.Expr, npt.NDArray[np.float64])
Weights = Mapping[str, float]
"""Feature to its weight, and 'tellable' with a kind to a share, as `weights.toml` has them."""


@dataclass(frozen=True)
class Facts:
    """The facts of an event that are known beside its text, as the table `reports` has them.

    Attributes:
        setting: its state and sides.
        one_sided: whether it is one-sided violence, by its first side.
        deaths_a: deaths of the first side, if they were counted and the class was used in attack:
            who died says nothing of whose aircraft was shot down.
        deaths_b: those of the second side.
        taken: whether the class was shot down, seized or struck, so that the party against is the
            one that did that.
        lacking: Gleditsch-Ward numbers of states that could not attack with the class then
            (`states.states_without`), where the class was used in attack.
        foreign: whether another state than its own is a side of an event there in that year, or has
            troops there (`foreign_states`); True also where that is not known.
    """

    setting: Setting
    one_sided: bool = False
    deaths_a: int | None = None
    deaths_b: int | None = None
    taken: bool = False
    lacking: frozenset[int] = frozenset()
    foreign: bool = True


def probabilities(
    technology: str,
    by: Party | None,
    against: Party | None,
    facts: Facts,
    held: Weights | None = None,
) -> tuple[float, float, float]:
    """Compute how probably side a, side b, or a third party used the class.

    A side that is not there or is unarmed gets 0. One that nobody could identify is a side all the
    same: whatever it used, the other side did not.

    Args:
        technology: the class.
        by: the party that used it by the words, or None.
        against: the party that it was used against by the words, or None.
        facts: what is known of the event.
        held: the weight of each feature; default: those that ship.

    Returns:
        Three probabilities that sum to 1.

    >>> facts = Facts(Setting(652, "Government of Syria", "IS"))
    >>> a, b, third = probabilities("uncrewed-aircraft", None, None, facts)
    >>> round(a + b + third, 9)
    1.0
    """
    used = weights() if held is None else held
    scores = [
        -math.inf if row is None else _dot(row, used)
        for row in features(technology, by, against, facts)
    ]
    best = max(scores)
    odds = [math.exp(score - best) for score in scores]
    total = sum(odds)
    return odds[0] / total, odds[1] / total, odds[2] / total


def role_odds(technology: str, facts: Facts, held: Weights | None = None) -> tuple[float, float]:
    """Compute the odds that side a, and side b, used the class, by their roles alone.

    Args:
        technology: the class.
        facts: what is known of the event.
        held: the weight of each feature; default: those that ship.

    Returns:
        The odds of side a and of side b; 0 where there is no such side.

    >>> facts = Facts(Setting(652, "Government of Syria", "IS"))
    >>> state, organisation = role_odds("guided-or-indirect-fire", facts)
    >>> state > 1 > organisation
    True
    """
    plain = Facts(facts.setting, facts.one_sided, foreign=facts.foreign, lacking=facts.lacking)
    a, b, _ = probabilities(technology, None, None, plain, held)
    return a / max(1 - a, 1e-6), b / max(1 - b, 1e-6)


def features(
    technology: str, by: Party | None, against: Party | None, facts: Facts
) -> list[Mapping[str, float] | None]:
    """List what speaks for each of `ANSWERS`.

    Args:
        technology: the class.
        by: the party that used it by the words, or None.
        against: the party that it was used against by the words, or None.
        facts: what is known of the event.

    Returns:
        For each answer the values of its features by name; None where the answer cannot be.
    """
    where = facts.setting
    sides = [_side(where.actor_a), _side(where.actor_b)]
    # Where a source names two armed sides of one-sided violence, the perpetrator is not told.
    one_sided = facts.one_sided and sides[1] is None
    roles = [role(side, where.gwno) for side in sides]
    named, suffered = shares(by, sides, where.gwno), shares(against, sides, where.gwno)
    dead = [facts.deaths_a or 0, facts.deaths_b or 0]
    found: list[Mapping[str, float] | None] = []
    for at, what in enumerate([*roles, "third"]):
        if what is None:
            found.append(None)
            continue
        alone = at < 2 and dead[at] > 0 and dead[1 - at] == 0
        # 'Fighters' whom an organisation struck are not its own.
        against_it = suffered[at] * (1 - named[at]) if at < 2 else 0.0
        found.append(
            {
                "named": named[at],
                "suffered": 0.0 if facts.taken else against_it,
                "took_it": against_it if facts.taken else 0.0,
                "only_died": float(alone),
                "perpetrator": float(one_sided and at == 0),
                "nobody_else": float(at == 2 and not facts.foreign) * (1 - named[2]),
                "lacks_it": float(
                    at < 2 and acting_state(sides[at] or "", where.gwno) in facts.lacking
                ),
                f"{technology} {what}": 1.0,
            }
        )
    return found


def role(side: str | None, gwno: int | None) -> str | None:
    """Tell what a side is: its role in the event.

    Args:
        side: the side's name; None where there is no armed side.
        gwno: the Gleditsch-Ward number of the state where the event was.

    Returns:
        One of `ROLES`; None where there is no armed side.

    >>> role("Government of Turkey", 652), role("IS", 652)
    ('other-state', 'organisation')
    """
    if side is None:
        return None
    number = acting_state(side, gwno)
    if number is None:
        return "organisation"
    return "own-state" if number == gwno else "other-state"


def shares(
    party: Party | None, sides: Sequence[str | None], gwno: int | None
) -> tuple[float, float, float]:
    """Tell how far a party that words name is side a, side b or neither.

    Words such as 'rebels' mean the sides that are organisations, in equal shares, but for those
    that they are never said of.

    Args:
        party: the party, or None.
        sides: the names of side a and side b, None where there is none.
        gwno: the Gleditsch-Ward number of the state where the event was.

    Returns:
        Three shares that sum to how surely words say that it was this party; all are 0 where there
        is none. A name that no list knows is each organisation's, or a third party's.
    """
    if party is None:
        return 0.0, 0.0, 0.0
    fits = [side is not None and _is(party, side, gwno) for side in sides]
    fits.append(not (any(fits) and party.listed))
    # An unlisted name is surely not the state's, whichever of the others it is.
    among = sum(fits) if party.listed else 1
    a, b, third = (party.surely * fit / among for fit in fits)
    return a, b, third


def foreign_states(events: pl.DataFrame, supports: pl.DataFrame | None = None) -> pl.DataFrame:
    """Find where and when another state than the territory's own fights, or has troops.

    Args:
        events: columns `gwno`, `year`, `actor_a`, `actor_b`, and `actor_a_id`, `actor_b_id` where
            supports are given.
        supports: the table `supports`: a state that gives a side troops or presence is there where
            the side fights; default: none.

    Returns:
        The distinct pairs `gwno, year`, sorted.
    """
    sides = pl.concat(
        events.select("gwno", "year", pl.col(name).alias("side")) for name in ("actor_a", "actor_b")
    ).drop_nulls()
    names = sides["side"].unique().sort()
    states = pl.DataFrame(
        {"side": names, "state": [state_number(name) for name in names]},
        schema={"side": pl.String, "state": pl.Int64},
    ).drop_nulls()
    other = sides.join(states, on="side").filter(pl.col("state") != pl.col("gwno"))
    found = [other.select("gwno", "year")]
    if supports is not None:
        there = supports.filter(
            pl.col("by_state") & pl.col("kinds").str.contains("troops|presence")
        )
        ids = pl.concat(
            events.select("gwno", "year", pl.col(name).alias("actor_id"))
            for name in ("actor_a_id", "actor_b_id")
        )
        given = there.select("actor_id", pl.col("year").cast(pl.Int32), "supporter")
        with_troops = ids.with_columns(pl.col("year").cast(pl.Int32)).join(
            given, on=["actor_id", "year"]
        )
        own = [
            state_number(name) == gwno
            for name, gwno in with_troops.select("supporter", "gwno").iter_rows()
        ]
        kept = with_troops.filter(~pl.Series(own, dtype=pl.Boolean))
        found.append(kept.select("gwno", pl.col("year").cast(other.schema["year"])))
    return pl.concat(found).unique().sort("gwno", "year")


def tellable(technology: str, held: Weights | None = None) -> dict[str, float]:
    """Give the share of mentions of which a careful reader can tell the user at all.

    Weights are learned on mentions whose user was told. 'Landmine kills three' is one of which
    readers mostly say that nobody can tell; what the weights say of its user then holds seldom.

    Args:
        technology: the class.
        held: the weight of each feature; default, and where they lack the shares: those that ship.

    Returns:
        The share of each of `KINDS`.

    >>> of = tellable("improvised-explosives")
    >>> of["named"] > of["against"] > of["facts"] > of["role"]
    True
    """
    names = {kind: f"tellable {kind}" for kind in KINDS[:-1]}
    names[KINDS[-1]] = f"tellable {KINDS[-1]} {technology}"
    used = weights() | dict(held or {})
    return {kind: used[name] for kind, name in names.items()}


def kind_of(named: pl.Expr, against: pl.Expr, speaks: pl.Expr) -> pl.Expr:
    """Tell on what the user of a mention rests, as one side of its event sees it.

    Args:
        named: whether words name a user.
        against: whether they name an armed party that the class was used against.
        speaks: whether anything else moves this side's odds from those of its role (`moves`), or
            it is the perpetrator of one-sided violence.

    Returns:
        One of `KINDS`.

    >>> rests = kind_of(pl.lit(False), pl.lit(True), pl.lit(True))
    >>> pl.select(rests).item()
    'against'
    """
    named_, against_, facts, role_ = (pl.lit(kind) for kind in KINDS)
    return (
        pl.when(named).then(named_).when(against).then(against_).when(speaks).then(facts)
        .otherwise(role_)
    )  # fmt: skip


def moves(user: pl.Expr, role_odds: pl.Expr) -> pl.Expr:
    """Tell whether a mention says anything of its user beyond the role of the side.

    Args:
        user: the probability that the side was the user.
        role_odds: the odds of its role alone, of `role_odds`.

    Returns:
        Whether its log odds are moved by more than `EVIDENT`.
    """
    odds = user / (1 - user).clip(1e-6)
    return (odds.log() - role_odds.clip(1e-6).log()).abs() > EVIDENT


def drawn_to_one(odds: Odds, share: Odds | float) -> Odds:
    """Draw odds of a user towards one, as where the user can be told in a share of mentions only.

    In the others each answer is as probable as the other.

    Args:
        odds: of the user in mentions of which it can be told.
        share: of `tellable`.

    Returns:
        The odds in all mentions.

    >>> drawn_to_one(np.array([9.0]), 1.0), drawn_to_one(np.array([9.0]), 0.0)
    (array([9.]), array([1.]))
    """
    rest = (1 - share) / 2
    return (share * odds / (1 + odds) + rest) / (share / (1 + odds) + rest)


@cache
def weights() -> dict[str, float]:
    """Return the weight of each feature and the shares of `tellable`, of `weights.toml`."""
    text = files(__package__).joinpath("weights.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    shares = {f"tellable {name}": value for name, value in told["tellable"].items()}
    return {name: float(value) for name, value in (told["weight"] | shares).items()}


def _dot(row: Mapping[str, float], held: Mapping[str, float]) -> float:
    return sum(value * held.get(name, 0.0) for name, value in row.items())


def _side(name: str | None) -> str | None:
    return None if name is None or fold(name) == "civilians" else name


def _is(party: Party, side: str, gwno: int | None) -> bool:
    number = acting_state(side, gwno)
    if party.kind == "organisation":
        return party.name == side or fold(party.name or "") in map(fold, members(side))
    if party.kind == "described":
        return number is None and not party.never.issuperset(map(fold, members(side)))
    if party.kind == "this-state":
        return number is not None and number == gwno
    return party.kind == "other-state" and number is not None and number == party.gwno
