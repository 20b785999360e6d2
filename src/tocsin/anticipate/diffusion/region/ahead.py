"""What may come in a region: who is next, with the ties that speak for it, and what a cut buys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.hazards import case_hazard
from tocsin.anticipate.diffusion.answer.next_users import CUT, MONTHS, cuts_of
from tocsin.anticipate.diffusion.answer.shares import LEVELS, Imputation, interval
from tocsin.anticipate.diffusion.hazard.design import Links, only_links
from tocsin.anticipate.diffusion.hazard.simulate import Hazard, chance_of_use
from tocsin.anticipate.diffusion.region.picture import Picture
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.schema.vocabulary.channel import TIE_LABELS

DRAWS = 100
"""Draws of the posterior, over all imputations."""
STEPS = 16
LEAST = 0.05
"""The least part of first uses that is taken to be told."""
SPOKEN = 3
"""Ties that are told of each organisation and class."""

World = tuple[Hazard, Floats]


class Ahead:
    """The months after the last known day, for draws of the posterior of all imputations."""

    def __init__(
        self, picture: Picture, found: Sequence[Imputation], alone: Sequence[Imputation]
    ) -> None:
        self.picture, self.cases = picture, picture.ahead
        live = (picture.links.start <= self.cases.end) & (picture.links.end >= self.cases.end)
        self.links = only_links(picture.links, live)
        self.expired = picture.expired[live]
        self.worlds, self.alone = self._worlds(found), self._worlds(alone)
        self.until = self.cases.end + np.array(MONTHS) * self.cases.clock.month

    def _worlds(self, found: Sequence[Imputation]) -> list[World]:
        draws = max(5, DRAWS // len(found))
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

    def next_users(self) -> pl.DataFrame:
        """Tabulate who may be next: the table `next_adopters`, without `source`."""
        picture = self.picture
        at = np.flatnonzero(picture.open)
        if not len(at):
            return pl.DataFrame()
        plain = self.chance(self.links)[:, :, at]
        alone = self.chance(self.links, 0.0, self.alone)[:, :, at]
        kept = plain
        if self.expired.any():
            kept = self.chance(only_links(self.links, ~self.expired))[:, :, at]
        cases, who = picture.cases, picture.organisations
        of: pl.DataFrame = who[cases.actor[at].tolist()].select(
            "actor_id", "actor", "territory", "gwno", pl.col("known_until").alias("origin")
        )
        classes = pl.Series("technology", [cases.technologies[c] for c in cases.technology[at]])
        spoken = pl.Series("because", self._spoken(at), pl.String)
        frames = []
        for t, months in enumerate(MONTHS):
            low, high = np.nanquantile(plain[:, t], LEVELS, axis=0)
            frames.append(
                of.with_columns(
                    classes,
                    spoken,
                    pl.lit(months).alias("months"),
                    pl.Series("probability", np.nanmean(plain[:, t], axis=0)),
                    pl.Series("low", low),
                    pl.Series("high", high),
                    pl.Series("without_network", np.nanmean(alone[:, t], axis=0)),
                    pl.Series("without_ended", np.nanmean(kept[:, t], axis=0)),
                    pl.Series("with_unseen", np.nanmean(self._whole(plain[:, t]), axis=0)),
                )
            )
        order = ["months", "probability", "actor_id", "technology"]
        rows: pl.DataFrame = pl.concat(frames).sort(order, descending=[False, True, False, False])
        return rows.with_columns((pl.int_range(pl.len()).over("months") + 1).alias("rank"))

    def _whole(self, chance: Floats) -> Floats:
        """Chances of a first use, whether or not words will say who it was."""
        return np.asarray(1.0 - (1.0 - chance) ** (1.0 / max(self.picture.detected, LEAST)))

    def _spoken(self, at: Any) -> list[str]:
        """The ties to likely users that add most to the hazard of each of these cases."""
        picture, cases, links = self.picture, self.cases, self.links
        strength = np.mean([hazard.strength.mean(0) for hazard, _ in self.worlds], axis=0)
        rate = links.weight * strength[links.channel, cases.technology[links.target]]
        user = np.isfinite(picture.onsets).mean(0)
        rate = rate * user[links.source] * (cases.stays[links.source] >= cases.end)
        names = picture.organisations["actor"].to_list()
        told: dict[int, list[str]] = {int(case): [] for case in at}
        seen: set[tuple[int, int]] = set()
        for tie in np.argsort(-rate, kind="stable"):
            case, user = int(links.target[tie]), int(cases.actor[links.source[tie]])
            key = (case, user)
            if rate[tie] <= 0 or key in seen or len(told.get(case, "   ")) >= SPOKEN:
                continue
            seen.add(key)
            channel = picture.ties.channels[links.channel[tie]]
            why = self._reason(int(cases.actor[case]), user, channel)
            told[case].append(f"{names[user]} ({why})")
        return ["; ".join(told[int(case)]) for case in at]

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
        channels = self.picture.ties.channels
        at = np.flatnonzero(self.picture.open)
        if not len(at):
            return []
        plain = np.nansum(self.chance(self.links)[:, -1][:, at], axis=1)
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
