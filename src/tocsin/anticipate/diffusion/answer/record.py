"""The record: chances told at past origins from what was known then, and what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.hazard.design import (
    Design,
    Links,
    held_at,
    make_design,
    only_links,
)
from tocsin.anticipate.diffusion.hazard.effects import Lifted, fit_lifted
from tocsin.anticipate.diffusion.tables.cases import Cases, Places
from tocsin.anticipate.diffusion.tables.times import Floats

MODELS = ("network", "territory", "overall", "recent")
"""The additive hazard, with effects of covariates; the same without the network; one rate a class;
its rate of late."""
RECENT = 5 * 365.25
"""Days before an origin whose first uses make the recent rate."""
RESAMPLES = 400


@dataclass(frozen=True)
class Told:
    """This holds what was told at one origin within one number of months, m cases at risk.

    Args:
        origin: the origin, in units of the clock.
        months: the number of months.
        case: numbers of the cases, shape (m,).
        chance: the chance of a first use by each of `MODELS`, shape (4, m).
        came: 1 where it came, else 0, shape (m,).
    """

    origin: float
    months: int
    case: Places
    chance: Floats
    came: Floats


def tell_again(
    cases: Cases,
    links: Links,
    onset: Floats,
    origins: Sequence[float],
    *,
    months: Sequence[int],
    channels: int,
) -> list[Told]:
    """Fit to what was known at each origin, and tell the chances of the months after it.

    Cases that are not there at the origin, and those that leave before the months are over without
    a first use, are left out.

    Args:
        cases: the organisations and classes, n cases.
        links: the ties between cases.
        onset: first uses in units of the clock, infinite where there is none, shape (n,).
        origins: the days from which is told, in units of the clock.
        months: within how many months.
        channels: how many channels there are.

    Returns:
        What was told, for each origin and number of months in which anybody was at risk.
    """
    found = []
    for origin in origins:
        past = np.where(onset <= origin, onset, np.inf)
        design = make_design(cases, links, past, channels=channels, until=origin)
        at_risk = (past == np.inf) & (cases.entry < origin) & (cases.exit > origin)
        if not len(design.case) or not at_risk.any():
            continue
        fits = [fit_lifted(design, used=used) for used in (None, ())]
        now = only_links(links, held_at(links, cases, origin))
        by_fit = [_fitted_rate(cases, now, past, design, fit) for fit in fits]
        by_count = [_counted_rate(cases, past, origin, since=one) for one in (np.inf, RECENT)]
        rates = np.stack([rate / (origin - cases.start) for rate in by_fit] + by_count)
        for count in months:
            until = origin + count * cases.clock.month
            # Who is at risk has not come by the origin.
            came = onset <= until
            case = np.flatnonzero(at_risk & (came | (cases.exit >= until)) & (until <= cases.end))
            if len(case):
                chance = -np.expm1(-rates[:, case] * (until - origin))
                found.append(Told(origin, count, case, chance, came[case].astype(np.float64)))
    return found


def _fitted_rate(
    cases: Cases, links: Links, past: Floats, design: Design, lifted: Lifted
) -> Floats:
    """First uses of each case per window, by a fit to the past, just after it ends; shape (n,)."""
    fit, live = lifted.fit, np.isfinite(past[links.source])
    carried = links.weight * fit.strength[links.channel] * live
    own = lifted.lift * fit.cell[design.case_cell] * fit.walk[cases.technology, -1]
    return np.asarray(own + np.bincount(links.target, carried, len(own)))


def _counted_rate(cases: Cases, past: Floats, origin: float, *, since: float) -> Floats:
    """First uses of each case per unit of the clock: one rate a class, of the latest time."""
    begin = max(cases.start, origin - since)
    stop = np.minimum(np.minimum(past, cases.exit), origin)
    time = np.maximum(stop - np.maximum(cases.entry, begin), 0.0)
    new = (past > cases.entry) & (past > begin) & (past <= origin)
    classes = len(cases.technologies)
    count = np.bincount(cases.technology, new, classes)
    whole = np.bincount(cases.technology, time, classes)
    # Half a first use in the time of everybody, where there was none.
    return np.asarray(((count + 0.5) / np.maximum(whole, 1.0))[cases.technology])


def table_of_record(told: Sequence[Sequence[Told]], cases: Cases, *, seed: int) -> pl.DataFrame:
    """Score what was told by Brier's score, with a bootstrap over territories and origins.

    Args:
        told: what was told, for each imputation of first uses.
        cases: the organisations and classes.
        seed: start of the bootstrap's random numbers.

    Returns:
        A row for each origin and number of months, and one of the window 'all' for each number of
        months: `window, months, n, events` (mean over imputations), `expected_network` and
        `expected_territory` (what the chances of the two fits add up to, to be set beside it), the
        scores of `MODELS`, and for 'all' `skill`, `skill_low` and `skill_high`: 1 less the
        network's score over the best of the others, with its 90 % interval.

    Source: Brier (1950), Monthly Weather Review 78.
    """
    rows = []
    flat = [one for some in told for one in some]
    for count in sorted({one.months for one in flat}):
        mine = [one for one in flat if one.months == count]
        for origin in sorted({one.origin for one in mine}):
            here = [one for one in mine if one.origin == origin]
            rows.append({"window": cases.clock.write(origin)} | _scores(here, len(told)))
        whole = {"window": "all"} | _scores(mine, len(told))
        rows.append(whole | _skill(mine, cases, seed))
    schema = {"skill": pl.Float64, "skill_low": pl.Float64, "skill_high": pl.Float64}
    return pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)


def table_of_hindcasts(told: Sequence[Sequence[Told]], *, network: bool) -> pl.DataFrame:
    """Tabulate what was told of each case at each origin, joined over imputations.

    Args:
        told: what was told, for each imputation of first uses.
        network: True takes the chance with the network, False the one of the model without ties.

    Returns:
        The columns `origin` (in units of the clock), `months`, `case` (its number), `probability`,
        `reference` (one rate a class) and `came`, True where it came in at least half of the
        imputations in which the case was at risk.
    """
    which = MODELS.index("network" if network else "territory")
    parts = [
        pl.DataFrame(
            {
                "origin": np.full(len(one.case), one.origin),
                "months": np.full(len(one.case), one.months),
                "case": one.case,
                "probability": one.chance[which],
                "reference": one.chance[MODELS.index("overall")],
                "came": one.came,
            }
        )
        for some in told
        for one in some
    ]
    keys = ["origin", "months", "case"]
    joined = pl.concat(parts).group_by(keys).agg(pl.col("probability", "reference", "came").mean())
    return joined.with_columns(pl.col("came") >= 0.5).sort(keys)


def _scores(told: Sequence[Told], imputations: int) -> dict[str, Any]:
    chance = np.concatenate([one.chance for one in told], axis=1)
    came = np.concatenate([one.came for one in told])
    scores = ((chance - came) ** 2).mean(1)
    expected = {
        f"expected_{name}": float(chance[MODELS.index(name)].sum()) / imputations
        for name in ("network", "territory")
    }
    return {
        "months": told[0].months,
        "n": len(came),
        "events": float(came.sum()) / imputations,
        **expected,
        **{name: float(score) for name, score in zip(MODELS, scores, strict=True)},
    }


def _skill(told: Sequence[Told], cases: Cases, seed: int) -> dict[str, Any]:
    """Skill over all cases; blocks of one territory and origin are resampled together."""
    loss = np.concatenate([(one.chance - one.came) ** 2 for one in told], axis=1)
    origins = sorted({one.origin for one in told})
    block = np.concatenate(
        [cases.territory[one.case] * len(origins) + origins.index(one.origin) for one in told]
    )
    _, place = np.unique(block, return_inverse=True)
    sums = np.stack([np.bincount(place, row) for row in loss])
    random = np.random.default_rng(seed)
    chosen = random.integers(0, sums.shape[1], (RESAMPLES, sums.shape[1]))
    drawn = _against_best(sums[:, chosen].sum(2))
    found = _against_best(sums.sum(1))
    low, high = np.nanquantile(drawn, [0.05, 0.95]) if np.isfinite(drawn).any() else (None, None)
    return {"skill": float(found), "skill_low": low, "skill_high": high}


def _against_best(sums: Floats) -> Floats:
    best = sums[1:].min(0)
    return np.asarray(np.where(best > 0, 1.0 - sums[0] / np.where(best > 0, best, 1.0), np.nan))
