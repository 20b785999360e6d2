"""Controls: whether the network says more than alike neighbours, or chance, would.

Homophily looks like contagion (Shalizi and Thomas 2011, Sociological Methods & Research 40). So the
fit is set beside worlds without any network, whose rates by territory, class and time are those of
the data, beside first uses that change places within territory and era, beside time that runs
backwards, and beside ties that were rewired at random with each organisation's number of ties kept.

What decides is stated beforehand: the log-likelihood that the network adds (`fit_em`) has to exceed
that of 95 % of the worlds without it, of 95 % of the networks that were rewired, and of 95 % of the
data whose first uses were permuted; and its share has to exceed that of reversed time. Where
everybody took it up in the end, time is not reversed: backwards it is an epidemic, too, and gets
the larger share even where there was no contagion at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tocsin.anticipate.diffusion.answer.permuted import permute_first_uses
from tocsin.anticipate.diffusion.hazard.design import (
    Design,
    Links,
    held_at,
    link_cases,
    make_design,
)
from tocsin.anticipate.diffusion.hazard.em import Fit, fit_both_ways, fit_em
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.hazard.simulate import Hazard, draw_first_uses
from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.ties import Ties
from tocsin.anticipate.diffusion.tables.times import Floats

WORLDS = 99
LEVEL = 0.05
TRIES = 20
"""How often ties of one to itself are drawn again; what is left then is a tie to nobody else."""
FOLDS = 5
"""Origins at which the past is divided from the future."""
SAID = {
    "worlds": "worlds without it",
    "rewired": "ties rewired at random",
    "permuted": "first uses permuted within territory and time",
    "reversed": "time reversed",
    "past": "past chances without it",
}
"""The controls in words."""


@dataclass(frozen=True)
class Given:
    """These are the data from which the controls start.

    Args:
        cases: the organisations and classes, n cases.
        ties: the ties between organisations.
        links: the same ties between cases.
        onset: the time of each case's first use in units of the clock, infinite where there is
            none, shape (n,).
        lift: the factor on each case's rate outside the network, shape (n,); None stands for 1.
    """

    cases: Cases
    ties: Ties
    links: Links
    onset: Floats
    lift: Floats | None = None

    def design(self, onset: Floats | None = None, links: Links | None = None) -> Design:
        """Make the design of these data, with other first uses or links where they are given.

        Args:
            onset: first uses that replace the data's own, shape (n,); None: the data's own.
            links: ties between cases that replace the data's own; None: the data's own.

        Returns:
            The exposures, as `make_design` gives them.
        """
        return make_design(
            self.cases,
            self.links if links is None else links,
            self.onset if onset is None else onset,
            channels=len(self.ties.channels),
        )


def mean_lift(cases: Cases, posteriors: Sequence[Posterior]) -> Floats | None:
    """Compute what covariates make of each case's rate outside the network.

    A control that does not know what the model knows of organisations is beaten by that, too.

    Args:
        cases: the organisations and classes, n cases.
        posteriors: the fits whose mean effects are taken.

    Returns:
        The factor on each case's rate, shape (n,); None where there is no covariate.
    """
    beta = np.concatenate([one.beta for one in posteriors])
    return np.exp(cases.covariates @ beta.mean(0)) if beta.shape[1] else None


@dataclass(frozen=True)
class Controls:
    """This holds what the controls say.

    Args:
        share: the network's share of the first uses in the data, from 0 to 1, by the fast fit.
        p_null: the share of WORLDS simulated worlds without a network, and of the data, in which
            the likelihood gains as much from the network as it does in the data (a p-value).
        p_channel: the same p-value for each channel; its worlds have all the other channels.
        null_share: for each channel its mean share in worlds without a network, and the 95 %
            quantile of that share.
        permuted: two numbers for data in which first uses were permuted within territory, class and
            era: the mean share of the network, and how often the network gains as much as in the
            data.
        rewired: the same two numbers for ties that were rewired at random.
        reversed: the network's share when time runs backwards; None where all cases have a first
            use, and it is not asked for.
        future: the scores that `leave_future_out` gives.
    """

    share: float
    p_null: float
    p_channel: tuple[float, ...]
    null_share: tuple[tuple[float, float], ...]
    permuted: tuple[float, float]
    rewired: tuple[float, float]
    reversed: float | None
    future: dict[str, Any]

    @property
    def missed(self) -> tuple[str, ...]:
        """List the controls that the network does not beat, as `SAID` names them."""
        beaten = {
            "worlds": self.p_null <= LEVEL,
            "rewired": self.rewired[1] <= LEVEL,
            "permuted": self.permuted[1] <= LEVEL,
            "reversed": self.reversed is None or self.share > self.reversed,
        }
        return tuple(name for name, is_beaten in beaten.items() if not is_beaten)

    @property
    def shown(self) -> bool:
        """Tell whether the data show that the network matters."""
        return not self.missed


def join_words(names: Sequence[str]) -> str:
    """Join names to one phrase.

    Args:
        names: at least one.

    >>> join_words(["a", "b", "c"])
    'a, b and c'
    """
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def compare_controls(
    given: Given,
    *,
    seed: int,
    worlds: int = WORLDS,
    each_channel: bool = True,
    on_done: Callable[[str], None] = lambda _words: None,
) -> Controls:
    """Fit the hazard to the data and to what they would be without contagion.

    Args:
        given: the data.
        seed: start of all random numbers; the same seed gives the same bits.
        worlds: how many worlds, permutations and rewired networks are made of each kind.
        each_channel: False leaves the single channels' p-values at 1, which saves most of the time.
        on_done: this function is called with a sentence whenever a part of the work is done.

    Returns:
        Shares, p-values and scores, as `Controls` describes them.
    """
    random = np.random.default_rng(seed)
    lift, channels = given.lift, len(given.ties.channels)
    design = given.design()
    fit = fit_em(design, lift=lift)
    on_done("Worlds without the network")
    p_null, shares = _null(given, (design, fit), (), random, worlds)
    each = [p_null] * channels
    if channels > 1:
        each = [1.0] * channels
        if each_channel:
            each = p_of_channels(given, random, worlds=worlds)
    on_done("Permuted, rewired and reversed")
    # All are drawn before any is fitted; the designs, which are larger, are made when they are.
    permuted = [permute_first_uses(given.cases, given.onset, random) for _ in range(worlds)]
    rewired = [_rewire(given.ties, random) for _ in range(worlds)]
    gain = fit.gain - fit_em(design, used=(), lift=lift).gain
    return Controls(
        float(fit.share.sum()),
        p_null,
        tuple(each),
        tuple((float(one.mean()), float(np.quantile(one, 0.95))) for one in shares.T),
        _beside(map(given.design, permuted), gain, lift),
        _beside((given.design(links=link_cases(given.cases, one)) for one in rewired), gain, lift),
        _reversed_share(given),
        leave_future_out(given),
    )


def p_of_channels(given: Given, random: np.random.Generator, *, worlds: int) -> list[float]:
    """Compute each channel's p-value, beside worlds that have all the other channels.

    Args:
        given: the data.
        random: source of random numbers; it is moved on.
        worlds: how many worlds are made for each channel.

    Returns:
        A p-value for each channel.
    """
    channels = range(len(given.ties.channels))
    fitted = given.design(), fit_em(given.design(), lift=given.lift)
    others = [tuple(j for j in channels if j != k) for k in channels]
    return [_null(given, fitted, used, random, worlds)[0] for used in others]


def _beside(designs: Iterable[Design], gain: float, lift: Floats | None) -> tuple[float, float]:
    """Mean network share of other designs, and how often the network gains as much in them."""
    fits = fit_both_ways(designs, (), lift)
    gains = np.array([one.gain - other.gain for one, other in fits])
    return float(np.mean([one.share.sum() for one, _ in fits])), _p(gains, gain)


def _p(null: Floats, found: float) -> float:
    return float((1 + (null >= found - 1e-9).sum()) / (1 + len(null)))


def _null(
    given: Given,
    fitted: tuple[Design, Fit],
    used: tuple[int, ...],
    random: np.random.Generator,
    count: int,
) -> tuple[float, Floats]:
    """How often worlds with only these channels gain as much from all; all shares in them."""
    design, fit = fitted
    without = fit_em(design, used=used, lift=given.lift)
    hazard = fitted_hazard(given.cases, design, without, given.lift)
    # Seeds stay where they are.
    seeds = np.where(given.onset <= given.cases.entry, given.onset, np.inf)
    worlds = draw_first_uses(given.cases, given.links, hazard, seeds, random, worlds=count)
    made = (one for one in map(given.design, worlds) if len(one.case))
    fits = fit_both_ways(made, used, given.lift)
    gains = np.array([one.gain - other.gain for one, other in fits])
    shares = np.array([one.share for one, _ in fits]).reshape(len(fits), len(fit.strength))
    return _p(gains, fit.gain - without.gain), shares


def fitted_hazard(cases: Cases, design: Design, fit: Fit, lift: Floats | None = None) -> Hazard:
    """Turn a fit, whose rates are per window, into the rates of each case per unit of the clock.

    Args:
        cases: the n cases that were fitted.
        design: the design that was fitted.
        fit: the rates per window, from `fit_em`.
        lift: the factor on each case's rate outside the network, shape (n,); None stands for 1.

    Returns:
        The rates of one world (R = 1), per unit of the clock.
    """
    width = cases.end - cases.start
    outside = fit.cell[design.case_cell] * (1.0 if lift is None else lift)
    outside = outside[:, None] * fit.walk[cases.technology]
    strength = np.repeat(fit.strength[:, None], len(cases.technologies), axis=1)
    return Hazard(outside[None] / width, strength[None] / width)


def _rewire(ties: Ties, random: np.random.Generator) -> Ties:
    """Targets change places among ties of one channel; ties of one to itself are drawn again."""
    target = ties.target.copy()
    for k in range(len(ties.channels)):
        mine = np.flatnonzero(ties.channel == k)
        target[mine] = ties.target[mine][random.permutation(len(mine))]
        for _ in range(TRIES):
            own = mine[target[mine] == ties.source[mine]]
            if not len(own):
                break
            other = random.choice(mine, len(own))
            for one, two in zip(own, other, strict=True):
                target[one], target[two] = target[two], target[one]
    return replace(ties, target=target)


def _reversed_share(given: Given) -> float | None:
    """The network's share when time runs backwards: late users expose early ones."""
    cases, links, onset = given.cases, given.links, given.onset
    if np.isfinite(onset).all():
        return None
    mirror = cases.start + cases.end
    back = replace(
        cases,
        entry=mirror - cases.exit,
        exit=mirror - cases.entry,
        stays=np.full(len(onset), cases.end),
    )
    turned = replace(links, start=mirror - links.end, end=mirror - links.start)
    when = np.where(np.isfinite(onset), mirror - onset, np.inf)
    back = replace(back, exit=np.maximum(back.exit, np.where(np.isfinite(when), when, -np.inf)))
    made = make_design(back, turned, when, channels=len(given.ties.channels))
    return float(fit_em(made, lift=given.lift).share.sum()) if len(made.case) else 0.0


def leave_future_out(given: Given, *, folds: int = FOLDS) -> dict[str, Any]:
    """Fit to the past only, and score the chance of a first use in the next tenth of the window.

    Args:
        given: the data.
        folds: how many origins there are, each of which divides the past from the future.

    Returns:
        The numbers `cases` and `events` that were scored; the Brier scores (lower is better) of
        `network`, of `territory` (the same model without the network), of `global` (one rate for
        each class) and of `recent` (one rate for each class, from the last quarter before the
        origin); and `skill`, 1 less the network's score divided by the best of the others. If no
        origin could be scored there are only `cases` and `events`, both 0.

    Source: Brier (1950), Verification of forecasts expressed in terms of probability, Monthly
    Weather Review 78.
    """
    cases, links, onset, lift = given.cases, given.links, given.onset, given.lift
    width = cases.end - cases.start
    span = width / 10
    scores: dict[str, list[Floats]] = {"network": [], "territory": [], "global": [], "recent": []}
    events = 0
    for origin in cases.start + width * np.linspace(0.5, 0.9, folds):
        past = np.where(onset <= origin, onset, np.inf)
        risk = (past == np.inf) & (cases.entry <= origin) & (cases.exit > origin)
        made = make_design(
            cases, links, past, channels=len(given.ties.channels), until=float(origin)
        )
        if not risk.any() or not len(made.case):
            continue
        truth = ((onset > origin) & (onset <= origin + span))[risk].astype(np.float64)
        events += int(truth.sum())
        scale = origin - cases.start
        for name, used in (("network", None), ("territory", ())):
            fit = fit_em(made, used=used, lift=lift)
            rate = fit.cell[made.case_cell] * (1.0 if lift is None else lift)
            rate = rate * fit.walk[cases.technology, -1]
            live = held_at(links, cases, origin) & (past[links.source] <= origin)
            carried = links.weight * fit.strength[links.channel] * live
            rate = rate + np.bincount(links.target, carried, len(rate))
            chance = -np.expm1(-rate[risk] * span / scale)
            scores[name].append((chance - truth) ** 2)
        bins = made.at_risk.shape[1]
        for name, first in (("global", 0), ("recent", bins - bins // 4)):
            late = made.bin >= first
            count = np.bincount(made.technology[late], minlength=len(cases.technologies))
            time = np.bincount(
                cases.technology, made.at_risk[:, first:].sum(1), len(cases.technologies)
            )
            rate = (count / np.maximum(time, 1e-9))[cases.technology]
            scores[name].append((-np.expm1(-rate[risk] * span / scale) - truth) ** 2)
    if not scores["network"]:
        return {"cases": 0, "events": 0}
    brier = {name: float(np.concatenate(parts).mean()) for name, parts in scores.items()}
    best = min(brier["territory"], brier["global"], brier["recent"])
    return {
        "cases": int(sum(len(part) for part in scores["network"])),
        "events": events,
        **brier,
        "skill": 1.0 - brier["network"] / best if best > 0 else 0.0,
    }
