"""The answer for a region: verdict, shares, hazards, who may be next, cuts and the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.controls import (
    Controls,
    Given,
    compare_controls,
    mean_lift,
    p_of_channels,
)
from tocsin.anticipate.diffusion.answer.draws import table_of_draws
from tocsin.anticipate.diffusion.answer.hazards import table_of_hazards
from tocsin.anticipate.diffusion.answer.next_users import MONTHS
from tocsin.anticipate.diffusion.answer.record import (
    Told,
    table_of_hindcasts,
    table_of_record,
    tell_again,
)
from tocsin.anticipate.diffusion.answer.sensitivity import (
    shares_by_weights,
    shares_with_doubtful,
    table_of_alternatives,
)
from tocsin.anticipate.diffusion.answer.shares import (
    ALL,
    NOT_BY_NETWORK,
    Imputation,
    table_of_bounds,
    table_of_shares,
)
from tocsin.anticipate.diffusion.hazard.design import make_design
from tocsin.anticipate.diffusion.hazard.gibbs import BESIDE, sample_gibbs
from tocsin.anticipate.diffusion.hazard.posterior import note_of_chains, sample
from tocsin.anticipate.diffusion.region.ahead import Ahead
from tocsin.anticipate.diffusion.region.growth import diffusion_growth
from tocsin.anticipate.diffusion.region.picture import COVERED, Picture, as_day, make_picture
from tocsin.anticipate.diffusion.region.verdict import join_p, unbeaten, verdict_of
from tocsin.anticipate.diffusion.tables.times import DAY_ZERO
from tocsin.errors import StageNotReady
from tocsin.schema.step import Tables, Tell

COMPUTED = {"territory", "adversary"}
"""Channels that no source states: they follow from where organisations are and whom they fight."""
EARLIEST = 0.4
"""Part of the window before the first origin of the record."""


@dataclass(frozen=True)
class Method:
    """How much is computed.

    Args:
        name: 'gibbs' or 'nuts'.
        imputations: draws of the ledger that are fitted.
        controlled: of them, those that are set beside controls.
        worlds: made worlds, permutations and rewired networks, of each kind and imputation.
    """

    name: str
    imputations: int
    controlled: int
    worlds: int


METHODS = {"gibbs": Method("gibbs", 10, 3, 59), "nuts": Method("nuts", 20, 5, 99)}


def answer_region(
    tables: Tables, method: Method, *, seed: int, tell: Tell
) -> dict[str, pl.DataFrame]:
    """Say how technology spreads in a region, verdict first.

    Args:
        tables: `actor_spells`, `adoption_draws`, `adoption_quarters`, `incidents` and `ties`.
        method: how much is computed, of `METHODS`.
        seed: start of all random numbers; the same seed gives the same bits.
        tell: is told what is being done.

    Returns:
        The tables `diffusion_verdict, diffusion_notes, diffusion_shares, diffusion_alternatives,
        diffusion_draws, diffusion_hazards, next_adopters, diffusion_expected, diffusion_cuts,
        diffusion_record, diffusion_hindcasts` and `diffusion_growth`, without `source`.

    Raises:
        StageNotReady: nothing can be learnt from these tables; the error says why.
        MissingExtra: the extra `anticipate` is not installed.
    """
    tell("organisations and their ties", None)
    picture = make_picture(tables, imputations=method.imputations)
    found = _fit_imputations(picture, method, seed)
    tell("the past, told again", None)
    told = _tell_each_again(picture)
    record = table_of_record(told, picture.cases, seed=seed) if any(told) else pl.DataFrame()
    tell("worlds without the network", None)
    controls, each = _controls(picture, found, method, record, seed)
    tell("who may be next", None)
    missed = unbeaten(controls, record)
    ahead = Ahead(picture, found, _without_ties(found, method, seed), shown=not missed)
    shares = _shares(picture, found, controls, each, seed)
    disagree = note_of_chains([one.posterior for one in found])
    notes = [*disagree, *_notes(picture, controls, method, record), *ahead.idle()]
    try:
        grown = diffusion_growth(tables, picture, worlds=method.worlds, seed=seed)
    except StageNotReady as error:
        grown = pl.DataFrame()
        notes.append(f"Growth in use: {error.what}")
    return {
        "diffusion_verdict": _verdict(picture, found, shares, controls, missed),
        "diffusion_notes": pl.DataFrame({"note": notes}),
        "diffusion_shares": shares,
        "diffusion_alternatives": _alternatives(picture, found, seed),
        "diffusion_draws": table_of_draws(picture.cases, found, picture.ties.channels),
        "diffusion_hazards": _hazards(picture, found),
        "next_adopters": ahead.next_users(),
        "diffusion_expected": ahead.tabulate(seed),
        "diffusion_cuts": pl.DataFrame(ahead.cuts()),
        "diffusion_record": record,
        "diffusion_hindcasts": _hindcasts(picture, told, network=not missed),
        "diffusion_growth": grown,
    }


def _fit_imputations(picture: Picture, method: Method, seed: int) -> list[Imputation]:
    channels = len(picture.ties.channels)
    designs = [
        make_design(picture.cases, picture.links, onset, channels=channels)
        for onset in picture.onsets
    ]
    if idle := sum(not len(design.case) for design in designs):
        raise StageNotReady(say_idle(idle, len(designs)))
    if method.name == "nuts":
        posteriors = sample(designs, seed=seed, draws=100, warmup=300)
    else:
        posteriors = sample_gibbs(designs, seed=seed)
    return [
        Imputation(*one) for one in zip(picture.onsets, designs, posteriors, strict=True)
    ]  # fmt: skip


def say_idle(idle: int, draws: int) -> str:
    """Say that there is no first use to learn from, in all or in some draws of the ledger.

    Args:
        idle: draws in which there is none.
        draws: all that were made.

    >>> say_idle(2, 10)[:72]
    'In 2 of 10 draws of when organisations got a class no first use that wor'
    """
    said = (
        "o first use that words ascribe to an organisation lies after its first incident and the "
        f"first {COVERED} months of its territory's incidents"
    )
    if idle == draws:
        return f"N{said}."
    return (
        f"In {idle} of {draws} draws of when organisations got a class n{said}: their dates are "
        "too doubtful to learn from."
    )


def _without_ties(found: Sequence[Imputation], method: Method, seed: int) -> list[Imputation]:
    """The same model fitted without ties, to every second imputation."""
    some = found[::2]
    designs = [
        replace(
            one.design,
            exposure=np.zeros_like(one.design.exposure),
            exposed=np.zeros_like(one.design.exposed),
        )
        for one in some
    ]
    if method.name == "nuts":
        posteriors = sample(designs, seed=seed + 1, draws=50, warmup=300)
    else:
        posteriors = sample_gibbs(designs, seed=seed + 1, **BESIDE)
    return [
        Imputation(one.onset, design, posterior)
        for one, design, posterior in zip(some, designs, posteriors, strict=True)
    ]


def _controls(
    picture: Picture,
    fitted: Sequence[Imputation],
    method: Method,
    record: pl.DataFrame,
    seed: int,
) -> tuple[list[Controls], list[float] | None]:
    """The controls of some imputations; and each channel's p where the network is shown."""
    places = np.linspace(0, len(picture.onsets) - 1, method.controlled).round().astype(int)
    lift = mean_lift(picture.cases, [one.posterior for one in fitted])
    given = [
        Given(picture.cases, picture.ties, picture.links, picture.onsets[one], lift)
        for one in places
    ]
    found = [
        compare_controls(one, seed=seed + number, worlds=method.worlds, each_channel=False)
        for number, one in enumerate(given)
    ]
    if unbeaten(found, record):
        return found, None
    # Channels are asked after one by one only where the network as a whole is shown.
    random = np.random.default_rng(seed)
    each = [p_of_channels(one, random, worlds=method.worlds) for one in given]
    return found, [join_p(values) for values in zip(*each, strict=True)]


def _shares(
    picture: Picture,
    found: Sequence[Imputation],
    controls: Sequence[Controls],
    each: Sequence[float] | None,
    seed: int,
) -> pl.DataFrame:
    channels, keys = picture.ties.channels, ["technology", "channel"]
    shares = table_of_shares(found, picture.cases.technologies, channels)
    bounds = table_of_bounds(found, picture.cases.technologies, channels, seed=seed)
    shares = shares.join(bounds, on=keys, how="left", maintain_order="left")
    rows = [
        {
            "technology": ALL,
            "channel": channel,
            "null_mean": float(np.mean([one.null_share[k][0] for one in controls])),
            "null_high": float(np.mean([one.null_share[k][1] for one in controls])),
            "p": None if each is None else each[k],
        }
        for k, channel in enumerate(channels)
    ]
    counts = {channel: int((picture.ties.channel == k).sum()) for k, channel in enumerate(channels)}
    beside = pl.DataFrame(rows, schema_overrides={"p": pl.Float64})
    return shares.join(beside, on=keys, how="left", maintain_order="left").with_columns(
        pl.col("channel").replace_strict(counts, default=0).alias("ties")
    )


def _alternatives(picture: Picture, found: Sequence[Imputation], seed: int) -> pl.DataFrame:
    """Shares under other beliefs.

    Over where they are and whom they fight doubtful users join all with all: their chances add up
    to a common course of time, which then looks like a channel. So they expose over other ties.
    """
    cases, links, some = picture.cases, picture.links, found[::2]
    stated = [
        k for k, one in enumerate(picture.ties.channels) if not COMPUTED & set(one.split(" = "))
    ]
    doubted = None
    if np.isfinite(picture.doubtful).any():
        doubted = shares_with_doubtful(
            cases, links, some, picture.doubtful, over=stated, seed=seed + 2
        )
    weighed = shares_by_weights(cases, links, some, seed=seed)
    return table_of_alternatives(
        found, picture.ties.channels, with_doubtful=doubted, weighed=weighed, seed=seed
    )


def _verdict(
    picture: Picture,
    found: Sequence[Imputation],
    shares: pl.DataFrame,
    controls: Sequence[Controls],
    missed: Sequence[str],
) -> pl.DataFrame:
    whole = shares.filter((pl.col("technology") == ALL) & (pl.col("channel") == NOT_BY_NETWORK))
    share, low, high = (1.0 - value for value in whole.select("mean", "high", "low").row(0))
    cases = picture.cases
    events = [len(one.design.case) for one in found]
    used = [int(np.isfinite(one.onset).sum()) for one in found]
    back = [one.reversed for one in controls if one.reversed is not None]
    row: dict[str, Any] = {
        "verdict": verdict_of(missed),
        "shown": not missed,
        "missed": " ".join(missed),
        "share": share,
        "share_low": max(low, 0.0),
        "share_high": high,
        "p_null": join_p([one.p_null for one in controls]),
        "p_rewired": join_p([one.rewired[1] for one in controls]),
        "p_permuted": join_p([one.permuted[1] for one in controls]),
        "data_share": float(np.mean([one.share for one in controls])),
        "null_share": float(np.mean([sum(m for m, _ in one.null_share) for one in controls])),
        "permuted_share": float(np.mean([one.permuted[0] for one in controls])),
        "rewired_share": float(np.mean([one.rewired[0] for one in controls])),
        # Time is not reversed in a draw in which everybody took it up.
        "reversed_share": float(np.mean(back)) if back else None,
        "first_day": as_day(cases.start),
        "last_day": as_day(cases.end),
        "organisations": len(cases.actors),
        "at_risk": len(cases.actor),
        "first_uses": float(np.mean(events)),
        "seeds": float(np.mean(used) - np.mean(events)),
        "ties": len(picture.ties.channel),
        "imputations": len(found),
        "r_hat": max(one.posterior.r_hat for one in found),
    }
    shares_of = (
        "share",
        "data_share",
        "null_share",
        "permuted_share",
        "rewired_share",
        "reversed_share",
    )
    row |= {name: min(max(row[name], 0.0), 1.0) for name in shares_of if row[name] is not None}
    return pl.DataFrame([row], schema_overrides={"reversed_share": pl.Float64})


def _hazards(picture: Picture, found: Sequence[Imputation]) -> pl.DataFrame:
    rows = table_of_hazards(picture.cases, found)
    # There they are counted until the end of each step, here within it.
    before = pl.col("adopted").shift(1, fill_value=0.0).over("technology")
    return rows.with_columns(
        (pl.col("adopted") - before).clip(0),
        pl.col("from", "to").str.to_date("%Y-%m-%d"),
        pl.col("by_network").clip(0, 1),
    ).rename({"from": "from_date", "to": "to_date"})


def _tell_each_again(picture: Picture) -> list[list[Told]]:
    origins, channels = origins_of(picture), len(picture.ties.channels)
    return [
        tell_again(picture.cases, picture.links, onset, origins, months=MONTHS, channels=channels)
        for onset in picture.onsets
    ]


def _hindcasts(picture: Picture, told: list[list[Told]], *, network: bool) -> pl.DataFrame:
    if not any(told):
        return pl.DataFrame()
    cases = picture.cases
    rows = table_of_hindcasts(told, network=network)
    who = picture.organisations[cases.actor[rows["case"].to_numpy()].tolist()]
    classes = [cases.technologies[c] for c in cases.technology[rows["case"].to_numpy()]]
    return rows.with_columns(
        pl.col("origin").cast(pl.Int32).cast(pl.Date),
        pl.Series("technology", classes, pl.String),
        *(who[name] for name in ("actor_id", "territory", "gwno")),
    )


def origins_of(picture: Picture) -> list[float]:
    """List the days from which the past is told again: each half-year of the later window.

    Args:
        picture: the region.

    Returns:
        Days since 1970-01-01, rising.
    """
    cases = picture.cases
    begin = as_day(cases.start + EARLIEST * (cases.end - cases.start))
    halves = [
        date(year, month, 1)
        for year in range(begin.year, as_day(cases.end).year + 1)
        for month in (1, 7)
    ]
    days = [float((one - DAY_ZERO).days) for one in halves if one >= begin]
    return [day for day in days if day < cases.end]


def _notes(
    picture: Picture, controls: Sequence[Controls], method: Method, record: pl.DataFrame
) -> list[str]:
    notes = [
        f"First uses are {method.imputations} joint draws of the adoption ledger of today; "
        f"controls are made of {len(controls)} of them, {method.worlds} worlds each.",
        f"A use that is told of in the first {COVERED} months of a territory's incidents may be "
        "older than these: it exposes others, and is no first use.",
        "Market, online knowledge and background rise together, and are one share: 'not by "
        "network'.",
        "A share is no proof of cause; a cut buys what is said only if the share is causal.",
        "The record tells past chances again from first uses as the ledger dates them today, and "
        "does not know what was unknown then.",
    ]
    if method.name == "gibbs":
        notes.append(
            "The answer is by Gibbs sampling with one strength a channel for all classes; "
            'diffusion = "nuts" in tocsin.toml gives the full model.'
        )
    if picture.expired.any():
        notes.append(
            "The source on support ends before the window does: its last ties fade by half in two "
            "years, and chances without them stand beside."
        )
    if record.is_empty():
        notes.append("There is too little before any origin to make a record.")
    return [*notes, *picture.notes]
