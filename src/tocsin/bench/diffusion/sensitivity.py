"""Measured: ties that nobody saw, detection that comes late, and what a cut buys.

Worlds are planted on the real ties; what is held back from the fit is known to the bench.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.hazards import case_hazard
from tocsin.anticipate.diffusion.answer.sensitivity import UNSEEN, raise_shares
from tocsin.anticipate.diffusion.answer.shares import LEVELS, Imputation, event_shares
from tocsin.anticipate.diffusion.hazard.design import Links, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.anticipate.diffusion.hazard.simulate import Hazard, chance_of_use
from tocsin.anticipate.diffusion.tables.cases import Cases, move_back
from tocsin.anticipate.diffusion.tables.ties import Ties, read_ties
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.bench.diffusion.plants import CHANNELS, YEARS, Plant

HIDDEN = 0.3
"""Part of the ties between two organisations that is kept from the fit."""
DELAY = 1.0
"""Years between a first use and its detection."""
AHEAD = 2.0
"""Years within which a cut saves first uses."""
CUT = 0.5
DRAWS = 100
CHANCES = 20
"""Bins of chances, of which the calibration slope is made."""
RESAMPLES = 400
"""Bootstrap samples of worlds."""
Row = dict[str, float]


def hide_ties(plant: Plant, seed: int) -> Row:
    """Keep three in ten ties from the fit, and raise the share by the prior of what is unseen.

    Args:
        plant: a world with ties in both directions.
        seed: start of all random numbers.

    Returns:
        `events`, `r_hat`, the share of ties `_true`, `_mean` (raised), `_low`, `_high`, and
        `ties_plain`, as it is without the prior.
    """
    random = np.random.default_rng([seed, 1])
    pair = pl.concat_str(
        pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target")
    )
    table = plant.ties.with_columns(pair.alias("pair"))
    pairs = table.filter(channel="ties")["pair"].unique().sort()
    hidden = pairs.filter(pl.Series(random.random(len(pairs)) < HIDDEN))
    gone = (pl.col("channel") == "ties") & pl.col("pair").is_in(hidden.implode())
    read = read_ties(table.filter(~gone).drop("pair"), plant.cases)
    one = _fit(plant.cases, read, plant.onset, seed)
    share = event_shares(one.design, one.posterior).mean(1)
    k = read.channels.index("ties")
    raised = raise_shares(share, random.beta(*UNSEEN, len(share)))[:, k]
    low, high = np.quantile(raised, LEVELS)
    return {
        "events": float(len(one.design.case)),
        "r_hat": one.posterior.r_hat,
        "ties_true": float(plant.share[CHANNELS.index("ties")]),
        "ties_plain": float(share[:, k].mean()),
        "ties_mean": float(raised.mean()),
        "ties_low": float(low),
        "ties_high": float(high),
    }


def cut_ties(plant: Plant, seed: int) -> Row:
    """Set what halving the ties buys, by the posterior, beside what it buys by the true rates.

    Args:
        plant: a world.
        seed: start of all random numbers.

    Returns:
        `events`, `r_hat`, `baseline` (first uses in two years by the true rates, without a cut),
        and how many fewer there are: `ties_true`, `ties_mean`, `ties_low` and `ties_high`.
    """
    one = _fit(plant.cases, plant.read, plant.onset, seed)
    until = np.array([plant.cases.end + AHEAD])
    k = CHANNELS.index("ties")

    def whole(hazard: Hazard, factor: float) -> Floats:
        strength = hazard.strength.copy()
        strength[:, k] *= factor
        slowed = replace(hazard, strength=strength)
        chance = chance_of_use(plant.cases, _links(plant), slowed, plant.onset, until, steps=24)
        return np.asarray(chance[:, 0, np.isinf(plant.onset)].sum(1))

    drawn = case_hazard(plant.cases, one, DRAWS)
    fewer = whole(drawn, 1.0) - whole(drawn, 1.0 - CUT)
    baseline = whole(plant.hazard, 1.0)
    low, high = np.quantile(fewer, LEVELS)
    return {
        "events": float(len(one.design.case)),
        "r_hat": one.posterior.r_hat,
        "baseline": float(baseline[0]),
        "ties_true": float((baseline - whole(plant.hazard, 1.0 - CUT))[0]),
        "ties_mean": float(fewer.mean()),
        "ties_low": float(low),
        "ties_high": float(high),
    }


def detect_late(plant: Plant, seed: int) -> Row:
    """Let first uses be told a year late, and forecast who first uses a class in the year to come.

    The world is cut a year before its end. What is known then are first uses of more than `DELAY`
    ago, so the fit, which moves them back, ends that much earlier; or takes them as they are told.

    Args:
        plant: a world.
        seed: start of all random numbers.

    Returns:
        `events`, the share of ties `_true`, `_mean`, `_low` and `_high`, and in each of `CHANCES`
        bins of the chance sums of `n`, the chance and of what came, for the delay `known` or
        `ignored`.
    """
    cases, onset, now = plant.cases, plant.onset, YEARS - 1.0
    told = np.where(onset + DELAY <= now, onset + DELAY, np.inf)
    known = np.where(np.isfinite(told), told, np.nan)
    seen = replace(
        cases, end=now, low=known, high=known,
        exit=np.minimum(np.maximum(cases.exit, np.where(told <= now, told, -np.inf)), now),
        stays=np.minimum(cases.stays, now),
    )  # fmt: skip
    out: Row = {}
    for name, delay in (("known", DELAY), ("ignored", 0.0)):
        past = move_back(seen, delay)
        told = np.where(past.adopts, past.low, np.inf)
        one = _fit(past, plant.read, told, seed)
        hazard = case_hazard(past, one, DRAWS)
        links = link_cases(past, plant.read)
        times = np.array([now, now + 1.0]) if delay else np.array([now + 1e-6, now + 1.0])
        chance = chance_of_use(past, links, hazard, told, times, steps=24)
        # In the coming year, given that nothing was told until now; use before now is not counted.
        coming = (chance[:, 1] - chance[:, 0]).mean(0)
        asked = np.isinf(told) & (cases.entry < now - DELAY) & (cases.exit >= now + 1.0)
        came = ((onset > now) & (onset <= now + 1.0))[asked]
        out |= _sum_by_bin(name, coming[asked], came.astype(np.float64))
        if delay:
            share = event_shares(one.design, one.posterior).mean(1)[:, CHANNELS.index("ties")]
            low, high = np.quantile(share, LEVELS)
            out |= {"events": float(len(one.design.case)), "r_hat": one.posterior.r_hat}
            out |= {"ties_mean": float(share.mean()), "ties_low": float(low)}
            out |= {"ties_high": float(high), "ties_true": _share_until(plant, past.end)}
    return out


def judge_cuts(rows: pl.DataFrame) -> Row:
    """Put cuts of many worlds together, in parts of the baseline."""
    inside = (rows["ties_low"] <= rows["ties_true"]) & (rows["ties_true"] <= rows["ties_high"])
    off = (rows["ties_mean"] - rows["ties_true"]) / rows["baseline"]
    return {
        "runs": float(rows.height),
        "baseline": _mean(rows["baseline"]),
        "fewer": _mean(rows["ties_true"]),
        "bias_of_baseline": _mean(off),
        "absolute_error_of_baseline": _mean(off.abs()),
        "within_a_tenth": _mean(off.abs() <= 0.1),
        "covered": _mean(inside),
    }


def judge_delay(rows: pl.DataFrame) -> Row:
    """Put forecasts of many worlds together: the slope of what came on what was told."""
    inside = (rows["ties_low"] <= rows["ties_true"]) & (rows["ties_true"] <= rows["ties_high"])
    out = {
        "runs": float(rows.height),
        "share_bias": _mean(rows["ties_mean"] - rows["ties_true"]),
        "share_covered": _mean(inside),
    }
    random = np.random.default_rng(1)
    chosen = random.integers(0, rows.height, (RESAMPLES, rows.height))
    for name in ("known", "ignored"):
        sums = np.stack(
            [
                rows.select(f"{name}_{one}_{b}" for b in range(CHANCES)).to_numpy()
                for one in ("n", "told", "came")
            ]
        )
        low, high = np.quantile([_slope(sums[:, one].sum(1)) for one in chosen], LEVELS)
        whole = sums.sum(1)
        out |= {
            f"{name}_slope": _slope(whole),
            f"{name}_slope_low": float(low),
            f"{name}_slope_high": float(high),
            f"{name}_ratio": float(whole[2].sum() / whole[1].sum()),
            f"{name}_came": float(whole[2].sum()),
        }
    return out


def _slope(sums: Floats) -> float:
    """The slope of what came on what was told over bins; sums of n, both, shape (3, bins)."""
    n, told, came = sums[:, sums[0] > 0]
    x, y = told / n, came / n
    x = x - np.average(x, weights=n)
    spread = (n * x**2).sum()
    return float((n * x * y).sum() / spread) if spread > 0 else 1.0


def _sum_by_bin(name: str, chance: Floats, came: Floats) -> Row:
    """Sums by bin of the chance, on the scale of logs from 0.0001 to 1."""
    place = np.clip((np.log10(np.maximum(chance, 1e-4)) / 4 + 1) * CHANCES, 0, CHANCES - 1)
    place = place.astype(int)
    sums = {"n": np.ones(len(chance)), "told": chance, "came": came}
    return {
        f"{name}_{one}_{b}": float(value)
        for one, weight in sums.items()
        for b, value in enumerate(np.bincount(place, weight, CHANCES))
    }


def _share_until(plant: Plant, end: float) -> float:
    """The true share of ties over first uses until then."""
    design = make_design(plant.cases, _links(plant), plant.onset, channels=len(CHANNELS))
    carried = design.exposure * plant.hazard.strength[0][:, design.technology].T
    whole = plant.hazard.outside[0, design.case, 0] + carried.sum(1)
    early = plant.onset[design.case] <= end
    return float((carried[:, CHANNELS.index("ties")] / whole)[early].mean())


def _links(plant: Plant) -> Links:
    return link_cases(plant.cases, plant.read)


def _fit(cases: Cases, read: Ties, onset: Floats, seed: int) -> Imputation:
    design = make_design(cases, link_cases(cases, read), onset, channels=len(read.channels))
    return Imputation(onset, design, sample_gibbs([design], seed=seed, draws=150)[0])


def _mean(column: pl.Series) -> float:
    return float(column.cast(pl.Float64).mean())  # type: ignore[arg-type]
