"""Cases: what the mentions of a class say of each organisation that may have used it.

From statements, sides and attributions come, for each organisation and class over all
territories, the mentions that `possession` weighs, with the number of incidents beside them.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from tocsin.assess.technology.mentions.parties import Setting
from tocsin.assess.technology.mentions.table import with_foreign
from tocsin.assess.technology.mentions.users import Facts, Weights, role_odds
from tocsin.assess.technology.possession import Mentions, Posterior, fit, posterior, silence
from tocsin.assess.technology.prior import Floats, Prior, logit, share_of
from tocsin.assess.technology.tags import BELIEVED, SHOWS

LEAST = 0.05
"""Statements that are less probably of the class and of the incident are left out."""
AKIN = 3.0
"""How many times the odds of a class are those of an organisation whose partners all have it, or
which has all other classes, beside one whose partners, or which, has none. **An assumption**;
that means pass along alliances, and that who can take up one takes up the next, is argued by
Horowitz (2010), The Diffusion of Military Power."""
MOST = 0.4
"""What is held before an organisation's own mentions never makes a class more likely than not."""
NOBODY = 0.1
"""The same where no organisation at all is singled out as the user of a class: that a state cut
the internet makes nobody an adopter. An assumption."""
SEED = 20260101
"""Of the draws of each class's prior."""
Ties = Mapping[str, set[str]]
"""Organisation to those that it is tied to, by their ids."""
_NO_DAYS = pl.Series(dtype=pl.Date)
UNARMED = ("nobody", "civilians")
"""Against whom a use says nothing of its user."""
ROLE = ["technology", "gwno", "event_type", "actor_a", "actor_b", "foreign"]


@dataclass(frozen=True)
class Case:
    """The mentions of one organisation and class, with their rows, days and posterior, and what
    people here said of it."""

    actor_id: str
    technology: str
    rows: pl.DataFrame
    said: pl.DataFrame
    days: pl.Series
    held: Posterior

    @cached_property
    def own(self) -> int:
        """Count the incidents of which words or deaths say that it was this organisation."""
        return self.rows.filter("singles")["incident_id"].n_unique()

    @cached_property
    def is_singled(self) -> bool:
        """Tell whether a mention, or a decision of people here, says that it was this organisation.

        Else it has the class only as somebody there has.
        """
        return self.own > 0 or bool((self.said["log"] > 0).any())


def find_convincing(
    incidents: pl.DataFrame, told: pl.DataFrame, weights: Weights | None = None
) -> pl.DataFrame:
    """Find the most convincing statement of each incident and class: reports repeat each other.

    One that names the user is more convincing than one that is more surely of the incident, as
    long as it more probably is than not. Words that name the class with less than a half are left
    out, as they are from tags.

    Args:
        incidents: the table `incidents`.
        told: the table `technology_statements`.
        weights: by which users were told there; default: those that ship.

    Returns:
        One row an incident and class: the statement's `report_id`, `field`, `part`, parties and
        users; `there` and `use`, the probabilities that the class was there and was used in this
        incident; `is_named` and `is_against` (whether words name the user, and an armed party
        that it was used against); the incident's day, place and sides; and `role_a`, `role_b`.
    """
    shown = pl.when(pl.col("said").is_in(SHOWS)).then("is_class").otherwise("use")
    rows = told.filter(pl.col("is_class") >= BELIEVED).select(
        "incident_id", "report_id", "field", "part", "technology", "said", "by", "by_name",
        "user_a", "user_b", "user_third", "evidence",
        pl.col("against").is_in(UNARMED).not_().alias("is_against"),
        (pl.col("use") * pl.col("this_event")).alias("use"),
        (shown * pl.col("this_event")).alias("there"),
        (pl.col("by") != "nobody").alias("is_named"),
    ).filter(pl.col("there") >= LEAST)  # fmt: skip
    keys = ["incident_id", "technology"]
    names_one = (pl.col("is_named") & (pl.col("there") >= BELIEVED)).alias("names_one")
    best = rows.with_columns(names_one).sort(
        *keys, "names_one", "there", "is_named", "report_id", "field", "part",
        descending=[False, False, True, True, True, False, False, False],
    ).drop("names_one")  # fmt: skip
    best = best.unique(keys, keep="first", maintain_order=True)
    columns = ("incident_id", "date_start", "territory", "target", *ROLE[1:])
    best = best.join(with_foreign(incidents).select(columns), on="incident_id")
    return best.join(
        _roles(best, weights), on=ROLE, how="left", nulls_equal=True, maintain_order="left"
    )


def _roles(mentions: pl.DataFrame, weights: Weights | None) -> pl.DataFrame:
    """The odds of each side by its role alone, for each kind of incident."""
    kinds = mentions.select(ROLE).unique(maintain_order=True)
    odds = [
        role_odds(
            technology,
            Facts(Setting(gwno, a, b), one_sided=kind == "one-sided", foreign=foreign),
            weights,
        )
        for technology, gwno, kind, a, b, foreign in kinds.iter_rows()
    ]
    return kinds.with_columns(
        pl.Series("role_a", [a for a, _ in odds], pl.Float64),
        pl.Series("role_b", [b for _, b in odds], pl.Float64),
    )


def cases(
    rows: pl.DataFrame,
    fought: pl.DataFrame,
    *,
    ties: Ties | None = None,
    said: pl.DataFrame | None = None,
    no_organisations: Collection[str] = (),
) -> list[Case]:
    """Give each organisation and class with its posterior, in the order of classes and names.

    Args:
        rows: of `candidates.users`.
        fought: the incidents with words of every organisation: `incident_id, actor_id,
            date_start, gwno`.
        ties: organisation to those that it is tied to; default: none.
        said: what people here hold of possession, of `decisions.of_possession`; default: nothing.
        no_organisations: ids of those who have a posterior and from whom no prior is learned: that
            somebody of a people, or of those whom a source does not tell apart, used a class says
            nothing of how many organisations have it.

    Returns:
        The cases; an organisation is of the region where most of its incidents are.
    """
    held = _no_statements() if said is None else said
    names = sorted({*rows["technology"].unique(), *held["technology"].unique()})
    known = _Fought(
        {
            str(actor): part["date_start"].sort()
            for (actor,), part in fought.group_by("actor_id", maintain_order=True)
        },
        _regions(fought),
        fought["incident_id"].n_unique(),
    )
    classes = {
        technology: _of_class(
            technology,
            rows.filter(pl.col("technology") == technology),
            held.filter(pl.col("technology") == technology),
            known,
            frozenset(no_organisations),
        )
        for technology in names
    }
    return [
        one for technology in names for one in _join_posteriors(technology, classes, ties or {})
    ]


@dataclass(frozen=True)
class _Fought:
    """The days and the region of each organisation's incidents, and how many there are in all."""

    days: Mapping[str, pl.Series]
    region: Mapping[str, int]
    incidents: int

    def number(self, actor: str) -> int:
        """Count the organisation's incidents."""
        return self.days[actor].len() if actor in self.days else 0

    def log_odds(self, prior: Prior, actor: str) -> Floats:
        """Compute the log odds that it has a class, before its own mentions, in each draw."""
        return prior.log_odds(self.number(actor), self.region.get(actor))


@dataclass(frozen=True)
class _Class:
    """One class: the mentions of each organisation with its days, and what is held of each before
    and after its own mentions, of those without a mention too."""

    rows: Mapping[str, pl.DataFrame]
    said: pl.DataFrame
    read: Mapping[str, tuple[Mentions, pl.Series]]
    prior: Prior
    fought: _Fought
    before: Mapping[str, float]
    after: Mapping[str, float]


def _of_class(
    technology: str,
    rows: pl.DataFrame,
    said: pl.DataFrame,
    fought: _Fought,
    left_out: frozenset[str],
) -> _Class:
    """Each organisation by itself."""
    parts = {str(key[0]): part for key, part in rows.group_by("actor_id", maintain_order=True)}
    for actor in said["actor_id"].unique().sort():
        parts.setdefault(actor, rows.clear())
    parts = dict(sorted(parts.items()))
    read = {
        actor: _read(
            part, said.filter(pl.col("actor_id") == actor), fought.days.get(actor, _NO_DAYS)
        )
        for actor, part in parts.items()
    }
    rest = [actor for actor in fought.days if actor not in read]
    told = rows["incident_id"].n_unique() / max(fought.incidents, 1)
    learned = [one for one in read if one not in left_out]
    prior = fit(
        [read[one][0] for one in learned],
        [fought.region.get(one) for one in learned],
        told,
        (SEED, zlib.crc32(technology.encode())),
    )
    log = {actor: fought.log_odds(prior, actor) for actor in (*read, *rest)}
    before = {actor: float(share_of(one).mean()) for actor, one in log.items()}
    after = {
        actor: posterior(case, prior, log[actor]).possession for actor, (case, _) in read.items()
    }
    after |= {actor: silence(fought.number(actor), prior, log[actor]) for actor in rest}
    return _Class(parts, said, read, prior, fought, before, after)


def _join_posteriors(technology: str, classes: Mapping[str, _Class], ties: Ties) -> Iterator[Case]:
    """The posteriors of a class, informed by partners and by the organisation's other classes."""
    mine = classes[technology]
    others = [one for name, one in classes.items() if name != technology]
    known = any(case.singles.any() for case, _ in mine.read.values()) or mine.said.height
    most = MOST if known else NOBODY
    for actor, (case, days) in mine.read.items():
        near = [one for one in sorted(ties.get(actor, ())) if one in mine.after]
        have = akin(
            mine.before[actor],
            [(mine.before[one], mine.after[one]) for one in near],
        )
        have = akin(
            have, [(one.before[actor], one.after[actor]) for one in others if actor in one.after]
        )
        moved = logit(have) - logit(mine.before[actor])
        log = np.minimum(mine.fought.log_odds(mine.prior, actor) + moved, logit(most))
        held = posterior(case, mine.prior, log)
        said = mine.said.filter(pl.col("actor_id") == actor)
        yield Case(actor, technology, mine.rows[actor], said, days, held)


def akin(have: float, others: Sequence[tuple[float, float]]) -> float:
    """Move the probability of possession by what is held of partners, or of other classes.

    Args:
        have: the probability before the organisation's own mentions.
        others: of each partner, or other class, the probability before and after its mentions.

    Returns:
        The probability: its odds are `AKIN` times as high where all others have it as where none
        has, and as before where the others are as probable after their mentions as before.

    >>> akin(0.2, [(0.3, 0.3)]), akin(0.2, [(0.3, 0.9)]) > 0.2 > akin(0.2, [(0.3, 0.0)])
    (0.2, True)
    """
    if not others:
        return have
    before, after = (float(np.mean(one)) for one in zip(*others, strict=True))
    odds = have / (1 - have) * (1 + (AKIN - 1) * after) / (1 + (AKIN - 1) * before)
    return round(odds / (1 + odds), 12)


def _read(part: pl.DataFrame, said: pl.DataFrame, fought: pl.Series) -> tuple[Mentions, pl.Series]:
    """The mentions of one organisation and class, and the days of their grid."""
    days = pl.concat([part["date_start"], said["on_date"]]).drop_nulls().unique().sort()
    at = days.to_numpy()
    since = fought.len() - np.searchsorted(fought.to_numpy(), at, side="left")
    log = np.zeros(days.len())
    for row in said.iter_rows(named=True):
        log += np.where(at <= np.datetime64(row["on_date"]), row["log"], 0.0)
    mentions = Mentions(
        part["there"].to_numpy(),
        part["use"].to_numpy(),
        part["odds"].to_numpy(),
        part["evident"].to_numpy(),
        part["attributed"].to_numpy(),
        part["is_named"].to_numpy(),
        part.select(pl.col("is_named") & (pl.col("user_third") > 0.5)).to_series().to_numpy(),
        part["singles"].to_numpy(),
        np.searchsorted(at, part["date_start"].to_numpy()).astype(np.int64),
        fought.len(),
        since.astype(np.int64),
        log,
        part["suspected"].to_numpy(),
    )
    return mentions, days


def _regions(fought: pl.DataFrame) -> dict[str, int]:
    """The territory in which most incidents of each organisation are."""
    count = fought.group_by("actor_id", "gwno").len().drop_nulls()
    most = count.sort("len", "gwno", descending=[True, False])
    first = most.unique("actor_id", keep="first", maintain_order=True)
    return dict(zip(first["actor_id"], first["gwno"], strict=True))


def _no_statements() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "actor_id": pl.String, "actor": pl.String, "technology": pl.String,
            "on_date": pl.Date, "log": pl.Float64,
        }
    )  # fmt: skip
