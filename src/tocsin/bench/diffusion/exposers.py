"""Measured: what doubtful users do to shares if they expose others, each with its probability.

Of an entry that singles nobody out the ledger holds with what probability the organisation has the
class. It is no first use to learn from, but it may have exposed others
(`hazard.design.expose_to_doubtful`). Its day is not known either, so it is spread over the
organisation's incidents.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.shares import LEVELS, draw_shares
from tocsin.anticipate.diffusion.hazard.design import (
    Design,
    expose_to_doubtful,
    link_cases,
    make_design,
)
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.bench.diffusion.doubtful import onsets_by_rule, tell
from tocsin.bench.diffusion.plants import CHANNELS, plant_on_ties

RULES = ("left out", "over all", "over ties")
"""Doubtful users expose nobody, expose over all channels, or over ties but not over territory."""
DRAWS = 20
"""Draws of the ledger over which exposures are averaged."""
FITTED = 3
"""Draws of first uses that are fitted."""
Row = dict[str, float]


def expose(network: pl.DataFrame, seed: int, *, share: float, frailty: float) -> Row:
    """Plant a world, and fit diffusion to it with doubtful users as exposers or not.

    Args:
        network: from `plants.real_ties`.
        seed: start of all random numbers.
        share: wanted share of the ties; 0: no contagion.
        frailty: standard deviation of the log rate between territories and classes.

    Returns:
        Of each channel the `_true` share, and for each of `RULES` its `_mean`, `_low` and `_high`.
    """
    plant = plant_on_ties(network, seed, share=share, frailty=frailty)
    drawn = onsets_by_rule(plant, tell(plant, seed), seed, DRAWS)
    cases = plant.cases
    clean = {
        rule: np.where((when > cases.entry) & (when <= cases.exit), when, np.inf)
        for rule, when in drawn.items()
    }
    onsets, any_day = clean["left out"], clean["any day"]
    unsure = np.where(np.isfinite(onsets).any(0), np.inf, any_day)
    out: Row = {f"{name}_true": float(plant.share[k]) for k, name in enumerate(CHANNELS)}
    links = link_cases(cases, plant.read)
    designs = {
        "left out": [
            make_design(cases, links, one, channels=len(CHANNELS)) for one in onsets[:FITTED]
        ]
    }
    for rule, over in (("over all", CHANNELS), ("over ties", ("ties",))):
        designs[rule] = [
            expose_to_doubtful(
                design, cases, links, onset, unsure, over=[CHANNELS.index(one) for one in over]
            )
            for design, onset in zip(designs["left out"], onsets, strict=False)
        ]
    for rule, some in designs.items():
        out |= {f"{rule}_{name}": value for name, value in _shares(some, seed).items()}
    return out


def _shares(designs: Sequence[Design], seed: int) -> Row:
    posteriors = sample_gibbs(designs, seed=seed, draws=100)
    share = draw_shares(zip(designs, posteriors, strict=True))
    out: Row = {}
    for k, channel in enumerate(CHANNELS):
        low, high = np.quantile(share[:, k], LEVELS)
        out |= {f"{channel}_mean": float(share[:, k].mean())}
        out |= {f"{channel}_low": float(low), f"{channel}_high": float(high)}
    return out


def judge_exposers(rows: pl.DataFrame) -> Row:
    """Put the rows of many worlds together: bias, absolute error and intervals, rule by rule."""
    out: Row = {"runs": float(rows.height)}
    for channel in CHANNELS:
        true = rows[f"{channel}_true"].to_numpy()
        out[f"{channel}: true"] = float(true.mean())
        for rule in RULES:
            mean, low, high = (
                rows[f"{rule}_{channel}_{name}"].to_numpy() for name in ("mean", "low", "high")
            )
            out[f"{rule}: bias of {channel}"] = float((mean - true).mean())
            out[f"{rule}: error of {channel}"] = float(np.abs(mean - true).mean())
            out[f"{rule}: {channel} covered"] = float(((low <= true) & (true <= high)).mean())
    return out
