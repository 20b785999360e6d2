"""Entries of the ledger that single nobody out: what they do to shares and to who is next.

A world of first uses is planted on the real ties. Words tell of every second organisation and class
so that the ledger can single it out; of all others, users or not, they say only that somebody there
used the class. The ledger's own model makes draws of first uses from these mentions, and diffusion
is fitted to them as the road does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.controls import LEVEL, Given, compare_controls
from tocsin.anticipate.diffusion.answer.hazards import case_hazard
from tocsin.anticipate.diffusion.answer.sensitivity import raise_shares
from tocsin.anticipate.diffusion.answer.shares import LEVELS, Imputation, draw_shares, interval
from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.anticipate.diffusion.hazard.simulate import chance_of_use
from tocsin.assess.technology.cases import MOST
from tocsin.assess.technology.possession import Mentions, fit, posterior
from tocsin.assess.technology.prior import logit
from tocsin.bench.diffusion.plants import CHANNELS, Plant, plant_on_ties

FOUGHT = (6, 200)
"""Incidents of the organisations that fight the least and the most, evenly spread in the log."""
OWN = (0.2, 0.7)
"""Least and greatest share of an organisation's incidents in which words tell of its own use."""
OTHERS = 0.05
"""Share of an organisation's incidents in which words tell of the use by another one there."""
RIGHT, ROLE = 30.0, 3.0
"""Odds that words which name a user name the right one, and odds of the role where they do not."""
DRAWS = 3
"""Draws of the ledger that are fitted."""
RULES = ("true", "mentions", "any day", "left out")
WORLDS = 19
NEXT, LIKELIEST = 2.0, 20
"""Years within which a first use is told, and how many cases are looked at."""
Row = dict[str, float]


@dataclass(frozen=True)
class Told:
    """What is told of one organisation and class of a world.

    Attributes:
        case: number of the case.
        mentions: its mentions, for the model of possession.
        at: the times of the days of its grid, in years.
        fought: the times of its incidents.
    """

    case: int
    mentions: Mentions
    at: np.ndarray
    fought: np.ndarray


def tell(plant: Plant, seed: int) -> list[Told]:
    """Make the mentions of every organisation and class of a world.

    Args:
        plant: a world.
        seed: start of all random numbers.

    Returns:
        Those that have a mention.
    """
    random = np.random.default_rng([seed, 21])
    cases, onset = plant.cases, plant.onset
    number = _evenly(random, FOUGHT, len(cases.actors)).astype(int)
    first, last = np.full(len(number), np.inf), np.zeros(len(number))
    np.minimum.at(first, cases.actor, cases.entry)
    np.maximum.at(last, cases.actor, cases.exit)
    fought = [
        np.sort(random.uniform(begin, end, int(n)))
        for begin, end, n in zip(first, last, number, strict=True)
    ]
    rate = _evenly(random, OWN, len(onset))
    is_told = random.random(len(onset)) < 0.5
    cell = cases.territory * len(cases.technologies) + cases.technology
    found = []
    for n in range(len(onset)):
        at = fought[cases.actor[n]]
        near = onset[(cell == cell[n]) & (np.arange(len(onset)) != n)]
        own = (at >= onset[n]) & (random.random(at.size) < rate[n])
        other = (at >= near.min(initial=np.inf)) & (random.random(at.size) < OTHERS)
        said = np.flatnonzero(own | other)
        if said.size:
            mentions = _mentions(random, own[said], said, at.size, bool(is_told[n]))
            found.append(Told(n, mentions, at[said], at))
    return found


def _evenly(random: np.random.Generator, span: tuple[float, float], n: int) -> np.ndarray:
    """Numbers between two others, evenly spread in the log."""
    return np.asarray(np.exp(random.uniform(np.log(span[0]), np.log(span[1]), n)))


def _mentions(
    random: np.random.Generator, own: np.ndarray, said: np.ndarray, fought: int, told: bool
) -> Mentions:
    """Half of the mentions name a user where words tell of users at all."""
    named = (random.random(own.size) < 0.5) & told
    says_own = own == (random.random(own.size) < RIGHT / (RIGHT + 1))
    full = np.ones(own.size)
    odds = np.where(named, np.where(says_own, RIGHT, 1 / RIGHT), ROLE)
    return Mentions(
        full, full, odds, named, full, named,
        np.zeros(own.size, dtype=bool), named & says_own, np.arange(own.size), fought,
        fought - said, np.zeros(own.size),
    )  # fmt: skip


def onsets_by_rule(
    plant: Plant, told: list[Told], seed: int, draws: int = DRAWS
) -> Mapping[str, np.ndarray]:
    """Draw first uses as the ledger does, and by other rules on entries that single nobody out.

    Args:
        plant: a world.
        told: of `tell`.
        seed: start of all random numbers.
        draws: how many draws of the ledger are made.

    Returns:
        First uses of shape (draws, n), infinite for never: `mentions` (on a day of a mention, as
        for any entry), `any day` (of the organisation's incidents, as before words are read) and
        `left out` (never, as the road has it); and `true`, the world's own.
    """
    cases = plant.cases
    shape = (draws, len(plant.onset))
    out = {rule: np.full(shape, np.inf) for rule in RULES[1:]}
    for c in range(len(cases.technologies)):
        mine = [one for one in told if cases.technology[one.case] == c]
        if not mine:
            continue
        where = [int(cases.territory[one.case]) for one in mine]
        share = sum(one.mentions.day.size for one in mine) / sum(one.fought.size for one in mine)
        prior = fit([one.mentions for one in mine], where, share)
        for one, region in zip(mine, where, strict=True):
            before = prior.log_odds(one.mentions.incidents, region)
            held = posterior(one.mentions, prior, np.minimum(before, logit(MOST)))
            random = np.random.default_rng([seed, 22, one.case])
            day, _ = held.draw(random, draws)
            has = day >= 0
            when = np.where(has, one.at[day], np.inf)
            singled = bool(one.mentions.singles.any())
            out["mentions"][:, one.case] = when
            out["left out"][:, one.case] = when if singled else np.inf
            if not singled:
                when = np.where(has, random.choice(one.fought, draws), np.inf)
            out["any day"][:, one.case] = when
    return {"true": np.repeat(plant.onset[None], draws, axis=0)} | out


def doubt(network: pl.DataFrame, seed: int, *, share: float, frailty: float) -> Row:
    """Plant a world, draw first uses by each rule, and fit diffusion to them.

    Args:
        network: from `plants.real_ties`.
        seed: start of all random numbers.
        share: wanted share of the ties; 0: no contagion.
        frailty: standard deviation of the log rate between territories and classes.

    Returns:
        `doubtful` (the part of the ledger's first uses whose entry singles nobody out) and
        `doubtful_true` (the part of these entries' chance that is right); and of each rule the
        number of `events`, of each channel the `_true`, `_mean`, `_low` and `_high` share, whether
        the network is `claimed` (worlds, rewired and permuted), the first uses within two years
        that are told, `next` and `next_raised` by the part of the users that is seen, and are true,
        `next_true`, and the true mean chance of the likeliest, `likeliest`.
    """
    plant = plant_on_ties(network, seed, share=share, frailty=frailty)
    told = tell(plant, seed)
    drawn = onsets_by_rule(plant, told, seed)
    kept, left = np.isfinite(drawn["mentions"]), np.isfinite(drawn["left out"])
    doubtful = (kept & ~left).mean(0)
    true = np.isfinite(plant.onset)
    out: Row = {
        "doubtful": float((kept & ~left).sum() / max(kept.sum(), 1)),
        "doubtful_true": float((doubtful * true).sum() / max(doubtful.sum(), 1e-9)),
        "adopters": float(true.sum()),
    }
    for k, channel in enumerate(CHANNELS):
        out[f"{channel}_true"] = float(plant.share[k])
    detected = float(left.sum() / max(kept.sum(), 1))
    for rule, onset in drawn.items():
        seen = detected if rule == "left out" else 1.0
        found = _fit(plant, onset, seen, seed)
        out |= {f"{rule}_{name}": value for name, value in found.items()}
    return out


def _fit(plant: Plant, onsets: np.ndarray, detected: float, seed: int) -> Row:
    """Shares, claims and chances by one rule; those raised where a part of the users is seen."""
    cases, links = plant.cases, link_cases(plant.cases, plant.read)
    onsets = np.where((onsets > cases.entry) & (onsets <= cases.exit), onsets, np.inf)
    designs = [make_design(cases, links, one, channels=len(CHANNELS)) for one in onsets]
    posteriors = sample_gibbs(designs, seed=seed, draws=100)
    found = [Imputation(*one) for one in zip(onsets, designs, posteriors, strict=True)]
    drawn = draw_shares((one.design, one.posterior) for one in found)
    out: Row = {"events": float(np.mean([len(one.case) for one in designs]))}
    for k, channel in enumerate(CHANNELS):
        low, high = np.quantile(drawn[:, k], LEVELS)
        out |= {f"{channel}_mean": float(drawn[:, k].mean()), f"{channel}_low": float(low)}
        out[f"{channel}_high"] = float(high)
    # Too small by a factor evenly spread between the part that is seen and 1: an assumption.
    unseen = np.random.default_rng(seed).uniform(0.0, 1.0 - min(detected, 0.999), len(drawn))
    raised = raise_shares(drawn, unseen)[:, CHANNELS.index("ties")]
    out |= dict(zip(("raised_mean", "raised_low", "raised_high"), interval(raised), strict=True))
    given = Given(cases, plant.read, links, onsets[0])
    beside = compare_controls(given, seed=seed, worlds=WORLDS, each_channel=False)
    out["claimed"] = float(max(beside.p_null, beside.rewired[1], beside.permuted[1]) <= LEVEL)
    until = np.array([cases.end + NEXT])
    chance = np.concatenate(
        [
            chance_of_use(cases, links, case_hazard(cases, one, 20), one.onset, until, steps=12)
            * np.isinf(one.onset)
            for one in found
        ]
    )[:, 0].mean(0)
    truth = chance_of_use(cases, links, plant.hazard, plant.onset, until, steps=12)[0, 0]
    truth = truth * np.isinf(plant.onset)
    first = np.argsort(-chance, kind="stable")[:LIKELIEST]
    return out | {
        "next": float(chance.sum()),
        "next_raised": float((1.0 - (1.0 - chance) ** (1.0 / detected)).sum()),
        "next_true": float(truth.sum()),
        "likeliest": float(truth[first].mean()),
    }


def judge_doubt(rows: pl.DataFrame) -> Row:
    """Put the rows of many worlds together, rule by rule."""

    def mean(column: pl.Series) -> float:
        return float(column.cast(pl.Float64).mean())  # type: ignore[arg-type]

    out: Row = {"runs": float(rows.height)}
    out |= {name: mean(rows[name]) for name in ("doubtful", "doubtful_true", "adopters")}
    for rule in RULES:
        for channel in CHANNELS:
            true = rows[f"{channel}_true"]
            inside = (rows[f"{rule}_{channel}_low"] <= true) & (
                true <= rows[f"{rule}_{channel}_high"]
            )
            out[f"{rule}: bias of {channel}"] = mean(rows[f"{rule}_{channel}_mean"] - true)
            out[f"{rule}: {channel} covered"] = mean(inside)
        for name in ("events", "claimed", "next", "next_raised", "next_true", "likeliest"):
            out[f"{rule}: {name}"] = mean(rows[f"{rule}_{name}"])
    raised, true = rows["left out_raised_mean"], rows["ties_true"]
    inside = (rows["left out_raised_low"] <= true) & (true <= rows["left out_raised_high"])
    out |= {"left out, raised: bias of ties": mean(raised - true)}
    out |= {"left out, raised: ties covered": mean(inside)}
    return out
