"""Growth in use: from a first use to a use that is established, and whether ties carry it.

It is the same hazard as that of first use, of another event: an organisation that has a class is at
risk from its first use, and the event is the day on which its expected uses sum up to `GROWN`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.controls import Given, compare_controls
from tocsin.anticipate.diffusion.answer.hazards import integrate_hazard
from tocsin.anticipate.diffusion.answer.shares import (
    NOT_BY_NETWORK,
    Imputation,
    event_shares,
    interval,
    table_of_bounds,
)
from tocsin.anticipate.diffusion.hazard.design import Design, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.region.picture import Picture
from tocsin.anticipate.diffusion.tables.cases import Cases
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.base.display.quantity import quantity
from tocsin.errors import StageNotReady
from tocsin.schema.step import Tables

GROWN = 5.0
"""Expected uses from which on a use is established."""
FEWEST = 3
"""Cases of growth below which nothing is told."""


def diffusion_growth(tables: Tables, picture: Picture, *, worlds: int, seed: int) -> pl.DataFrame:
    """Say how fast use grows once a class is there, and which share of that came over ties.

    Args:
        tables: `adoption_quarters`.
        picture: the region.
        worlds: made worlds, permutations and rewired networks, of each kind.
        seed: start of all random numbers; the same seed gives the same bits.

    Returns:
        The table `diffusion_growth`, without `source`: a row for each channel and for 'not by
        network'; without rows where fewer than `FEWEST` uses grew.

    Raises:
        StageNotReady: too few uses grew, or no tie joins two organisations that have a class.
    """
    cases, grown = _cases(tables["adoption_quarters"], picture)
    event = np.isfinite(grown) & (grown > cases.entry)
    if event.sum() < FEWEST:
        raise StageNotReady(
            f"{quantity(int(event.sum()), 'use')} grew to {GROWN:.0f} and more, too few to "
            "learn from."
        )
    links = link_cases(cases, picture.ties)
    channels = picture.ties.channels
    design = make_design(cases, links, grown, channels=len(channels))
    posterior = sample_gibbs([design], seed=seed)[0]
    given = Given(cases, picture.ties, links, grown)
    found = compare_controls(given, seed=seed, worlds=worlds, each_channel=False)
    fitted = [Imputation(grown, design, posterior)]
    upper = table_of_bounds(fitted, (), channels, seed=seed)["upper"]
    share = event_shares(design, posterior).mean(1)
    rate = _monthly_rate(cases, design, posterior)
    whole: dict[str, Any] = dict(
        zip(("rate", "rate_low", "rate_high"), interval(rate), strict=True)
    )
    whole |= {
        "users": len(cases.actor),
        "grown": int(event.sum()),
        "shown": found.shown,
        "missed": " ".join(found.missed),
        "r_hat": posterior.r_hat,
    }
    drawn = np.column_stack([share, np.clip(1.0 - share.sum(1), 0.0, 1.0)])
    rows = []
    for k, channel in enumerate((*channels, NOT_BY_NETWORK)):
        mean, low, high = interval(drawn[:, k])
        row = {"channel": channel, "mean": mean, "low": low, "high": high, "upper": upper[k]}
        rows.append(row | whole)
    return pl.DataFrame(rows)


def _monthly_rate(cases: Cases, design: Design, posterior: Posterior) -> Floats:
    """Uses that grow in a month, of each that has not grown yet, by draw, shape (S,)."""
    outside, network, risk = integrate_hazard(design, posterior)
    rate = (outside.sum((1, 2)) + network.sum((1, 2, 3))) / risk.sum()
    return np.asarray(rate * cases.clock.month / (cases.end - cases.start))


def _cases(quarters: pl.DataFrame, picture: Picture) -> tuple[Any, Any]:
    """Likely users, at risk from their first use, and the day on which it was established."""
    cases = picture.cases
    first = np.where(cases.adopts, cases.low, np.inf)
    # Cases have a first use only where it is likely (`picture.make_picture`).
    user = np.flatnonzero(first < cases.exit)
    used = (
        quarters.group_by("actor_id", "technology", "quarter")
        .agg(pl.col("expected").sum())
        .sort("actor_id", "technology", "quarter")
        .with_columns(pl.col("expected").cum_sum().over("actor_id", "technology").alias("sum"))
        .filter(pl.col("sum") >= GROWN)
        .group_by("actor_id", "technology")
        # A quarter's uses are known at its end.
        .agg(pl.col("quarter").min().dt.offset_by("3mo").dt.epoch("d").alias("day"))
    )
    days = {key[:2]: float(key[2]) for key in used.iter_rows()}
    grown = np.array(
        [
            days.get(
                (cases.actors[cases.actor[n]], cases.technologies[cases.technology[n]]), np.inf
            )
            for n in user
        ]
    )
    grown = np.where(grown <= cases.end, grown, np.inf)
    some = {name: getattr(cases, name)[user] for name in ("actor", "technology", "territory")}
    leave = np.maximum(cases.exit[user], np.where(np.isfinite(grown), grown, -np.inf))
    chosen = replace(
        cases,
        **some,
        entry=np.minimum(first[user], cases.end),
        exit=leave,
        stays=np.maximum(cases.stays[user], leave),
        low=np.where(np.isfinite(grown), grown, np.nan),
        high=np.where(np.isfinite(grown), grown, np.nan),
        covariates=np.zeros((len(user), 0)),
        covariate_names=(),
    )
    return chosen, grown
