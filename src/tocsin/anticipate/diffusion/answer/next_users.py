"""Who may be next: chances of a first use in the months after the window, and what a cut buys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.hazards import case_hazard
from tocsin.anticipate.diffusion.answer.shares import LEVELS, Imputation, interval
from tocsin.anticipate.diffusion.answer.size import draws_within
from tocsin.anticipate.diffusion.hazard.design import Links, held_at
from tocsin.anticipate.diffusion.hazard.simulate import Hazard, chance_of_use
from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.times import Floats

MONTHS = (3, 6, 12, 24)
DRAWS = 200
"""Draws of the posterior, over all imputations, that chances are worked out for."""
FEWEST = 5
"""Draws of each imputation, at least."""
CUT = 0.5
STEPS = 48
SPOKEN = 3
"""Ties that are told of each organisation and class."""


def table_of_next(cases: Cases, links: Links, imputations: Sequence[Imputation]) -> pl.DataFrame:
    """Compute the chance that an organisation which does not use a class yet uses it soon.

    Only organisations that are still there at the end of the window are in the table.

    Args:
        cases: the organisations and classes.
        links: the ties between cases.
        imputations: first uses as they may have been, and the posterior fitted to each.

    Returns:
        A row for each organisation, class and number of months after the window, the likeliest
        first within a number of months. The columns are `actor`, `technology`, `months`,
        `probability` (of a first use within these months) and `low` and `high` (its 90 % interval).
    """
    chance = np.concatenate(
        [
            chance_of_use(cases, links, *pair, _times(cases), steps=STEPS)
            for pair in _worlds(cases, imputations)
        ]
    )
    open_ = _open(cases)
    frames = []
    for at, months in enumerate(MONTHS):
        drawn = chance[:, at, open_]
        low, high = np.quantile(drawn, LEVELS, axis=0)
        frames.append(
            pl.DataFrame(
                {
                    "actor": [cases.actors[a] for a in cases.actor[open_]],
                    "technology": [cases.technologies[c] for c in cases.technology[open_]],
                    "months": [months] * int(open_.sum()),
                    "probability": drawn.mean(0),
                    "low": low,
                    "high": high,
                },
                schema_overrides={"months": pl.Int64, "actor": pl.String, "technology": pl.String},
            )
        )
    order = ["months", "probability", "actor", "technology"]
    return pl.concat(frames).sort(order, descending=[False, True, False, False])


def cut_of_channels(
    cases: Cases,
    links: Links,
    imputations: Sequence[Imputation],
    channels: Sequence[str],
) -> list[dict[str, Any]]:
    """Compute how many first uses fewer there would be if a channel carried half as much.

    The answer is right only if the channel's share is causal. Where sponsors are among the
    channels, the alternative in which ties thin with them stands beside.

    Args:
        cases: the organisations and classes.
        links: the ties between cases.
        imputations: first uses as they may have been, and the posterior fitted to each.
        channels: the names of the channels, in the order of their numbers.

    Returns:
        A dict for each of `cuts_of`: `channel`, `cut` (the share by which it is slowed, 0.5),
        `thins_ties`, `months` (24), `expected` (first uses within these months without the cut),
        and `fewer`, `low` and `high` (how many first uses fewer there are with the cut: mean and
        90 % interval).
    """
    until = _times(cases)[-1:]
    open_ = _open(cases)
    worlds = _worlds(cases, imputations)
    plain = [chance_of_use(cases, links, *pair, until, steps=STEPS)[:, 0, open_] for pair in worlds]
    expected = np.concatenate(plain).sum(1)
    rows = []
    for channel, thins, factor in cuts_of(channels):
        fewer = []
        for (hazard, onset), before in zip(worlds, plain, strict=True):
            slowed = replace(hazard, strength=hazard.strength * factor[:, None])
            after = chance_of_use(cases, links, slowed, onset, until, steps=STEPS)[:, 0, open_]
            fewer.append((before - after).sum(1))
        mean, low, high = interval(np.concatenate(fewer))
        whole = {"channel": channel, "cut": CUT, "thins_ties": thins, "months": MONTHS[-1]}
        rows.append(
            whole | {"expected": float(expected.mean()), "fewer": mean, "low": low, "high": high}
        )
    return rows


def cuts_of(channels: Sequence[str]) -> list[tuple[str, bool, Floats]]:
    """List the cuts that are asked about: each channel halved by itself, and one alternative.

    Alliances are likelier with a common sponsor (Popovic 2017), so ties may thin where sponsors are
    cut.

    Args:
        channels: the names of the channels, in the order of their numbers.

    Returns:
        For each cut the channel, whether ties thin with it, and the factor on each channel's
        strength, shape (K,).

    >>> [(name, thins, factor.tolist()) for name, thins, factor in cuts_of(["sponsor", "ties"])]
    [('sponsor', False, [0.5, 1.0]), ('ties', False, [1.0, 0.5]), ('sponsor', True, [0.5, 0.5])]
    """
    cuts = [(name, False, {name}) for name in channels]
    if {"sponsor", "ties"} <= set(channels):
        cuts.append(("sponsor", True, {"sponsor", "ties"}))
    return [
        (name, thins, np.array([1.0 - CUT if one in slowed else 1.0 for one in channels]))
        for name, thins, slowed in cuts
    ]


def speaking_ties(
    cases: Cases, links: Links, onset: Floats, strength: Floats, channels: Sequence[str]
) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """List the ties to present users that expose each organisation most.

    Args:
        cases: the organisations and classes, n cases.
        links: the ties between cases.
        onset: first use of each case, infinite where there is none, shape (n,).
        strength: mean rate for one unit of weight, by channel and class, shape (K, C).
        channels: the names of the channels, in the order of their numbers.

    Returns:
        For each organisation and class (the key) at most `SPOKEN` dicts, the strongest tie first:
        `from`, the name of the present user, and `channel`.
    """
    live = held_at(links, cases, cases.end) & (onset[links.source] <= cases.end)
    rate = links.weight * strength[links.channel, cases.technology[links.target]] * live
    out: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for at in np.argsort(-rate, kind="stable"):
        if rate[at] <= 0:
            break
        case, user = links.target[at], links.source[at]
        key = cases.actors[cases.actor[case]], cases.technologies[cases.technology[case]]
        told = out.setdefault(key, [])
        if len(told) < SPOKEN:
            told.append(
                {"from": cases.actors[cases.actor[user]], "channel": channels[links.channel[at]]}
            )
    return out


def _times(cases: Cases) -> Floats:
    return cases.end + cases.delay + np.array(MONTHS) * cases.clock.month


def _open(cases: Cases) -> Any:
    return ~cases.adopts & (cases.exit >= cases.end)


def _worlds(cases: Cases, imputations: Sequence[Imputation]) -> list[tuple[Hazard, Floats]]:
    wanted = max(FEWEST, DRAWS // len(imputations))
    draws = draws_within(wanted, len(cases.actor) * len(imputations), least=FEWEST)
    return [(case_hazard(cases, one, draws), one.onset) for one in imputations]
