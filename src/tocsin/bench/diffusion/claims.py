"""Measured: how often the network is claimed, by two controls, by four and by the road's five.

Worlds are planted on the real ties, with contagion or without any (Shalizi and Thomas 2011). Shares
are those of the fast fit that the road takes.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.controls import LEVEL, Given, compare_controls
from tocsin.anticipate.diffusion.answer.shares import LEVELS, event_shares
from tocsin.anticipate.diffusion.hazard.design import link_cases, make_design
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.bench.diffusion.plants import Plant, plant_on_ties

WORLDS = 59
"""As many as the road makes."""
Row = dict[str, float]


def claim(network: pl.DataFrame, seed: int, *, share: float, frailty: float) -> Row:
    """Plant one world, fit it as the road does, and hold it against the controls.

    Args:
        network: from `plants.real_ties`.
        seed: start of all random numbers.
        share: wanted share of the ties; 0: no contagion.
        frailty: standard deviation of the log rate between territories and classes.

    Returns:
        `events`; of each channel the `_true`, `_mean`, `_median`, `_low` and `_high` share; the
        p-values; and 1 or 0 for `two` (worlds without it and rewired ties are beaten), `four` (also
        permuted first uses and reversed time, as `tocsin diffuse` asks) and `five` (past chances
        too, as the road asks).
    """
    plant = plant_on_ties(network, seed, share=share, frailty=frailty)
    links = link_cases(plant.cases, plant.read)
    given = Given(plant.cases, plant.read, links, plant.onset)
    found = compare_controls(given, seed=seed, worlds=WORLDS, each_channel=False)
    skill = found.future.get("skill", -1.0)
    two = found.p_null <= LEVEL and found.rewired[1] <= LEVEL
    return fast_shares(plant, seed) | {
        "p_null": found.p_null,
        "p_rewired": found.rewired[1],
        "p_permuted": found.permuted[1],
        "reversed": np.nan if found.reversed is None else found.reversed,
        "skill": skill,
        "two": float(two),
        "four": float(found.shown),
        "five": float(found.shown and skill > 0),
    }


def fast_shares(plant: Plant, seed: int) -> Row:
    """Fit a planted world by Gibbs sampling, and set the shares beside the true ones.

    Args:
        plant: the world.
        seed: start of all random numbers.

    Returns:
        `events`, `r_hat`, and of each channel the shares that `claim` tells.
    """
    links = link_cases(plant.cases, plant.read)
    design = make_design(plant.cases, links, plant.onset, channels=len(plant.read.channels))
    posterior = sample_gibbs([design], seed=seed, draws=150)[0]
    drawn = event_shares(design, posterior).mean(1)
    told: Row = {"events": float(len(design.case)), "r_hat": posterior.r_hat}
    return told | beside_truth(plant, drawn)


def beside_truth(plant: Plant, drawn: Floats) -> Row:
    """Set the shares that were found beside the true ones.

    Args:
        plant: the world.
        drawn: the share of each of K channels in S draws, shape (S, K).

    Returns:
        For each channel its name with `_true`, `_mean`, `_median`, `_low` and `_high`.
    """
    out: Row = {}
    for k, channel in enumerate(plant.read.channels):
        low, high = np.quantile(drawn[:, k], LEVELS)
        out |= {
            f"{channel}_true": float(plant.share[k]),
            f"{channel}_mean": float(drawn[:, k].mean()),
            f"{channel}_median": float(np.median(drawn[:, k])),
            f"{channel}_low": float(low),
            f"{channel}_high": float(high),
        }
    return out


def judge_claims(rows: pl.DataFrame) -> Row:
    """Put the rows of many worlds together: claims in parts of all, and medians of shares."""

    def mean(column: pl.Series) -> float:
        return float(column.cast(pl.Float64).mean())  # type: ignore[arg-type]

    inside = (rows["ties_low"] <= rows["ties_true"]) & (rows["ties_true"] <= rows["ties_high"])
    return {
        "runs": float(rows.height),
        "events": mean(rows["events"]),
        "claimed_by_two": mean(rows["two"]),
        "claimed_by_four": mean(rows["four"]),
        "claimed_by_five": mean(rows["five"]),
        "ties_true": mean(rows["ties_true"]),
        "ties_bias": mean(rows["ties_mean"] - rows["ties_true"]),
        "ties_absolute_error": mean((rows["ties_mean"] - rows["ties_true"]).abs()),
        "ties_covered": mean(inside),
        "ties_median": float(rows["ties_median"].median()),  # type: ignore[arg-type]
        "territory_median": float(rows["territory_median"].median()),  # type: ignore[arg-type]
    }
