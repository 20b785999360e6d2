"""What may come in a region: who is next, how many are expected, and what a cut buys.

Chances are by the model that the data support, with ties or without, and so are those after a cut:
the same draws, with a part of the rate taken out. The model without ties has no such part. What the
model with ties says stands beside, whether or not the data support it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.answer.hazards import case_hazard
from tocsin.anticipate.diffusion.answer.next_users import CUT, MONTHS, cuts_of
from tocsin.anticipate.diffusion.answer.shares import ALL, LEVELS, Imputation, interval
from tocsin.anticipate.diffusion.hazard.design import Links, only_links
from tocsin.anticipate.diffusion.hazard.simulate import Hazard, chance_of_use
from tocsin.anticipate.diffusion.region.picture import Picture
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.schema.tables.anticipated.diffusion import MODELS
from tocsin.schema.vocabulary.channel import TIE_LABELS

DRAWS = 100
"""Draws of the posterior, over all imputations."""
FEWEST = 5
"""Draws of each imputation, at least."""
STEPS = 16
LEAST = 0.05
"""The least part of first uses that is taken to be told."""
SPOKEN = 3
"""Ties that are told of each organisation and class."""
SPEAKS_FROM = 0.05
"""The least part of the rate of which a tie is told. What adds less says nothing."""
ROLLS = 10
"""Numbers of first uses that are drawn for each draw of the posterior."""

World = tuple[Hazard, Floats]


class Ahead:
    """The months after the last known day, for draws of the posterior of all imputations.

    Args:
        picture: the region.
        found: the model with ties, fitted to each imputation.
        alone: the model without ties, fitted to some of them.
        shown: the data show that ties matter, so that chances are by the model with ties.
    """

    def __init__(
        self,
        picture: Picture,
        found: Sequence[Imputation],
        alone: Sequence[Imputation],
        *,
        shown: bool,
    ) -> None:
        self.picture, self.cases, self.shown = picture, picture.ahead, shown
        live = (picture.links.start <= self.cases.end) & (picture.links.end >= self.cases.end)
        self.links = only_links(picture.links, live)
        self.expired = picture.expired[live]
        self.worlds, self.alone = self._worlds(found), self._worlds(alone)
        self.until = self.cases.end + np.array(MONTHS) * self.cases.clock.month

    def _worlds(self, found: Sequence[Imputation]) -> list[World]:
        draws = max(FEWEST, DRAWS // len(found))
        return [(case_hazard(self.cases, one, draws), one.onset) for one in found]

    def chance(
        self, links: Links, factor: Floats | float = 1.0, worlds: Sequence[World] = ()
    ) -> Floats:
        """Compute chances of a first use, for cases that do not use the class in that world.

        Args:
            links: the ties that carry something.
            factor: of each channel's strength, shape (K,) or a number.
            worlds: draws of the hazard, with the first uses that go with them; none: those of the
                model with its ties.

        Returns:
            Shape (R, T, n); NaN where the case uses the class already.
        """
        out = []
        for hazard, onset in worlds or self.worlds:
            scaled = hazard.strength * np.reshape(factor, (1, -1, 1))
            slowed = replace(hazard, strength=scaled)
            found = chance_of_use(self.cases, links, slowed, onset, self.until, steps=STEPS)
            out.append(np.where(np.isfinite(onset), np.nan, found))
        return np.concatenate(out)

    @cached_property
    def by_network(self) -> Floats:
        """These are chances by the model with ties, shape (R, T, n)."""
        return self.chance(self.links)

    @cached_property
    def told(self) -> Floats:
        """These are chances by the model that the data support, shape (R, T, n)."""
        return self.by_network if self.shown else self.chance(self.links, 0.0, self.alone)

    @cached_property
    def at(self) -> npt.NDArray[np.intp]:
        """These are the numbers of the cases that may be next."""
        return np.flatnonzero(self.picture.open)

    def next_users(self) -> pl.DataFrame:
        """Tabulate who may be next: the table `next_adopters`, without `source`."""
        picture, at = self.picture, self.at
        if not len(at):
            return pl.DataFrame()
        told = self.told
        beside = {
            "probability": told,
            "without_network": self.chance(self.links, 0.0) if self.shown else told,
            "without_ended": self.chance(only_links(self.links, ~self.expired))
            if self.shown
            else told,
            "ties_model_probability": self.by_network,
        }
        cases, who = picture.cases, picture.organisations
        of: pl.DataFrame = who[cases.actor[at].tolist()].select(
            "actor_id", "actor", "territory", "gwno", pl.col("known_until").alias("origin")
        )
        classes = pl.Series("technology", [cases.technologies[c] for c in cases.technology[at]])
        spoken = pl.Series("ties_model_strongest", self._main_ties(), pl.String)
        later = np.isfinite(picture.onsets) & (picture.onsets > cases.entry)
        uses = np.bincount(cases.technology, later.mean(0), len(cases.technologies))
        rests = pl.Series("first_uses", uses[cases.technology[at]])
        frames = []
        for t, months in enumerate(MONTHS):
            low, high = np.nanquantile(told[:, t, at], LEVELS, axis=0)
            frames.append(
                of.with_columns(
                    classes,
                    spoken,
                    rests,
                    pl.lit(months).alias("months"),
                    pl.lit(MODELS[self.shown]).alias("model"),
                    pl.Series("low", low),
                    pl.Series("high", high),
                    *(
                        pl.Series(name, np.nanmean(chance[:, t, at], axis=0))
                        for name, chance in beside.items()
                    ),
                )
            )
        order = ["months", "probability", "actor_id", "technology"]
        rows: pl.DataFrame = pl.concat(frames).sort(order, descending=[False, True, False, False])
        return rows.with_columns((pl.int_range(pl.len()).over("months") + 1).alias("rank"))

    def tabulate(self, seed: int) -> pl.DataFrame:
        """Tabulate how many first uses are expected: `diffusion_expected`, without `source`.

        Args:
            seed: start of all random numbers; the same seed gives the same bits.
        """
        at = self.at
        if not len(at):
            return pl.DataFrame()
        # Who uses the class already in a world has no first use to come there.
        ascribed = np.nan_to_num(self.told[:, :, at])
        chances = {"ascribed": ascribed, "whole": whole_chance(ascribed, self.picture.detected)}
        of = self.picture.cases.technology[at]
        names = [self.picture.cases.technologies[c] for c in np.unique(of)]
        members = np.column_stack([of == c for c in np.unique(of)] + [np.full(len(at), True)])
        rows = [
            {"technology": name, "months": months} for name in (*names, ALL) for months in MONTHS
        ]
        table = pl.DataFrame(rows)
        for name, chance in chances.items():
            counts = draw_counts(chance, members, seed)
            low, high = np.quantile(counts, LEVELS, axis=0, method="inverted_cdf")
            table = table.with_columns(
                pl.Series(name, (chance.mean(0) @ members).T.ravel()),
                pl.Series(f"{name}_low", low.T.ravel()),
                pl.Series(f"{name}_high", high.T.ravel()),
            )
        return table

    def _main_ties(self) -> list[str]:
        """The ties to likely users that add most to the rate of each case that may be next."""
        picture, cases, links = self.picture, self.cases, self.links
        strength = np.mean([hazard.strength.mean(0) for hazard, _ in self.worlds], axis=0)
        rate = links.weight * strength[links.channel, cases.technology[links.target]]
        user = np.isfinite(picture.onsets).mean(0)
        rate = rate * user[links.source] * (cases.stays[links.source] >= cases.end)
        outside = np.mean([hazard.outside[:, :, -1].mean(0) for hazard, _ in self.worlds], axis=0)
        part = rate / (outside + np.bincount(links.target, rate, len(outside)))[links.target]
        names = picture.organisations["actor"].to_list()
        told: dict[int, list[str]] = {int(case): [] for case in self.at}
        seen: set[tuple[int, int]] = set()
        for tie in np.argsort(-part, kind="stable"):
            if not part[tie] >= SPEAKS_FROM:
                break
            case, user = int(links.target[tie]), int(cases.actor[links.source[tie]])
            key = (case, user)
            if key in seen or len(told.get(case, "   ")) >= SPOKEN:
                continue
            seen.add(key)
            channel = picture.ties.channels[links.channel[tie]]
            why = self._reason(int(cases.actor[case]), user, channel)
            told[case].append(f"{names[user]} ({why}), {100 * part[tie]:.0f}% of the rate")
        return ["; ".join(told[int(case)]) for case in self.at]

    def _reason(self, exposed: int, user: int, channel: str) -> str:
        actors = self.picture.cases.actors
        for one in channel.split(" = "):
            if said := self.picture.reasons.get((actors[exposed], actors[user], one)):
                return said
        return TIE_LABELS.get(channel, channel).lower()

    def idle(self) -> list[str]:
        """Say of which channels no tie holds any more, so that a cut of them buys nothing."""
        live = set(self.links.channel.tolist())
        return [
            f"No tie of the channel '{name}' between organisations at risk holds at the last known "
            "day, so by the model it carries nothing from then on, and a cut of it buys nothing."
            for k, name in enumerate(self.picture.ties.channels)
            if k not in live
        ]

    def cuts(self) -> list[dict[str, Any]]:
        """Compute what a cut of each channel buys; for sponsors also where ties thin with them."""
        channels, at = self.picture.ties.channels, self.at
        if not len(at):
            return []
        plain = np.nansum(self.by_network[:, -1][:, at], axis=1)
        rows = []
        for name, thins, factor in cuts_of(channels):
            after = np.nansum(self.chance(self.links, factor)[:, -1][:, at], axis=1)
            mean, low, high = interval(plain - after)
            rows.append(
                {
                    "channel": name, "cut": CUT, "thins_ties": thins, "months": MONTHS[-1],
                    "expected": float(plain.mean()), "fewer": mean, "low": low, "high": high,
                }
            )  # fmt: skip
        return rows


def whole_chance(ascribed: Floats, detected: float) -> Floats:
    """Compute chances of a first use, whether or not reports will say who it was.

    Args:
        ascribed: chances of a first use that reports ascribe.
        detected: the part of the users that they ascribe, from 0 to 1.

    Returns:
        Chances of the same shape: the rate is 1 / detected times as high. They say of no single
        organisation more than that it is one of those of which nobody knows.

    >>> whole_chance(np.array([0.19]), 0.5).round(4).tolist()
    [0.3439]
    """
    if detected >= 1:
        return ascribed
    return np.asarray(1.0 - (1.0 - ascribed) ** (1.0 / max(detected, LEAST)))


def draw_counts(chance: Floats, members: npt.NDArray[np.bool_], seed: int) -> Floats:
    """Draw how many first uses there are within each number of months, in each of several groups.

    Args:
        chance: in R worlds, within T numbers of months, of n cases, shape (R, T, n).
        members: which cases are in which of G groups, shape (n, G).
        seed: start of all random numbers; the same seed gives the same bits, and a case that comes
            within some months comes within more.

    Returns:
        Numbers of first uses, shape (R × ROLLS, T, G).
    """
    random = np.random.default_rng(seed)
    even = (random.random((len(chance), 1, chance.shape[2])) for _ in range(ROLLS))
    return np.concatenate([(one < chance).astype(np.float64) @ members for one in even])
