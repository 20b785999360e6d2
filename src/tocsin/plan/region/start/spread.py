"""How technology spreads in each future: by which channels, and how fast each class.

The step `diffuse` measured both from the same first uses, so they hang together: where the ties'
share is large that of sponsors is small, and the class that ties carry spreads fast. Each future
takes one of its joint draws as a whole. Where there are none, the shares lie within their
intervals, all at the same place, and each class has the pace of its counts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.errors import UsageError
from tocsin.plan.posterior import order_draws, rows_at
from tocsin.plan.region.prior import Basis, Parameter
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

Floats = npt.NDArray[np.float32]
UNMEASURED = np.array([[0.05, 0.1, 0.1], [0.25, 0.3, 0.3]], np.float32)
"""Shares of training, sponsors and ties in supply where the step `diffuse` measured none: wide, by
judgement."""
MEASURED = ("training", "sponsor", "ties")
"""Channels of the model that the step `diffuse` measures, in the order of `Spread.channels`."""
BY_TIES = {"territory": "ties", "adversary": "ties"}
"""Groups that share a territory or an adversary pass things on as those with ties do."""
TABLES = ("diffusion_shares", "diffusion_hazards", "diffusion_draws")
"""What is read, as far as it is there."""
ALL = "all"
SLOWEST, FASTEST = 0.25, 4.0
"""Bounds of a class's pace, where the mean of the classes is 1."""
PLACE = "network"
"""The parameter that places a future among the draws, or in the intervals."""
FACTORS = tuple(f"{name}_share" for name in MEASURED) + tuple(
    f"{name.replace('-', '_')}_pace" for name in TECHNOLOGIES
)
"""Names of what a joint draw holds, in its order."""


def _one_pace() -> Floats:
    return np.ones(len(TECHNOLOGIES), np.float32)


def _no_draws() -> Floats:
    return np.zeros((0, len(FACTORS)), np.float32)


@dataclass(frozen=True)
class Spread:
    """This is what is known of how technology spreads, for K technology classes."""

    channels: Floats = field(default_factory=UNMEASURED.copy)
    """Low and high ends of the share of training, sponsors and ties in supply, shape (2, 3)."""
    pace: Floats = field(default_factory=_one_pace)
    """How fast each class spreads, where the mean of the classes is 1, shape (K,)."""
    draws: Floats = field(default_factory=_no_draws)
    """Joint draws of `FACTORS`, shape (S, 3 + K), in the order of the direction in which they
    differ most, so that places near each other mean draws that are alike; none: the ends count."""
    basis: str = "judgement"
    """What it rests on: 'draws' or 'intervals' that were measured, or 'judgement'."""

    @property
    def source(self) -> str:
        """Where shares and paces come from."""
        return {
            "draws": f"the step `diffuse`: {len(self.draws)} joint draws of shares and hazards",
            "intervals": "the step `diffuse`: 90% intervals of shares, since there are no draws",
            "judgement": "assumption: wide, since the step `diffuse` measured no shares",
        }[self.basis]

    def of_futures(self, values: Any = None) -> dict[str, Floats]:
        """Give what a run begins with.

        Args:
            values: of each future, (Q, F), with a row for each of `PARAMETERS`; None: one for all,
                the ends alone.

        Returns:
            `channels`, shape (2, 3, F) or (2, 3, 1), whose two ends are one where a future took a
            draw, and `pace`, (K, F) or (K, 1).
        """
        if values is None:
            return {"channels": self.channels[..., None], "pace": self.pace[:, None]}
        if len(self.draws):
            drawn = self._draws_at(values)
            shares, pace = drawn[: len(MEASURED)], drawn[len(MEASURED) :]
            return {"channels": np.stack([shares, shares]), "pace": pace}
        count = values.shape[1]
        return {
            "channels": np.repeat(self.channels[..., None], count, axis=-1),
            "pace": np.repeat(self.pace[:, None], count, axis=-1),
        }

    def name_factors(
        self, parameters: Sequence[Parameter], values: npt.NDArray[Any]
    ) -> tuple[tuple[Parameter, ...], npt.NDArray[Any]]:
        """Name all in which futures differ, as people are told of it.

        Args:
            parameters: those of the model, Q of them.
            values: of each future, (Q, F).

        Returns:
            The same where there are no joint draws, with what the place in the intervals rests on.
            Else the shares and paces that differ between draws stand in place of it, since it says
            nothing by itself.
        """
        if not len(self.draws):
            return self.tell_basis(parameters), values
        drawn, ends = self._draws_at(values), self.ends()
        place = next(one for one in self.tell_basis(parameters) if one.name == PLACE)
        found = tuple(
            Parameter(name, *ends[name], _unit(name), place.source, place.given) for name in ends
        )
        rows = drawn[[FACTORS.index(name) for name in ends]].astype(values.dtype)
        kept = [place for place, one in enumerate(parameters) if one.name != PLACE]
        return (
            (*(parameters[place] for place in kept), *found),
            np.concatenate([values[kept], rows]),
        )

    def tell_basis(self, parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
        """Give the same parameters, where the place says what it rests on in this region."""
        basis: Basis = "judgement" if self.basis == "judgement" else "calibrated"
        return tuple(
            replace(one, source=self.source, given=basis) if one.name == PLACE else one
            for one in parameters
        )

    def ends(self) -> dict[str, tuple[float, float]]:
        """Give the least and the greatest draw of each of `FACTORS` that is not always alike."""
        if not len(self.draws):
            return {}
        low, high = self.draws.min(axis=0), self.draws.max(axis=0)
        return {
            name: (float(low[place]), float(high[place]))
            for place, name in enumerate(FACTORS)
            if low[place] < high[place]
        }

    def _draws_at(self, values: npt.NDArray[Any]) -> Floats:
        """The draw that each future takes, (3 + K, F)."""
        from tocsin.plan.region.parameters import PARAMETERS

        row = [one.name for one in PARAMETERS].index(PLACE)
        # In single precision, as the model has them: a place must not be another one for words.
        places = np.asarray(values[row], np.float32)
        return self.draws[rows_at(places, len(self.draws))].T


def read_spread(tables: Mapping[str, pl.DataFrame]) -> Spread:
    """Read what the step `diffuse` measured.

    Args:
        tables: `diffusion_shares`, `diffusion_hazards` and `diffusion_draws`, as far as they are
            there.

    Returns:
        Joint draws of the channels' shares and of the pace of each class; without any, the 90 %
        intervals of shares and the pace that counts say; without these, judgement.

    Raises:
        UsageError: a draw lacks rows that others have, or a share or a rate cannot be.
    """
    draws = tables.get("diffusion_draws")
    joint = _no_draws() if draws is None or draws.is_empty() else _joint(draws)
    channels = _channels(tables.get("diffusion_shares"))
    pace = _pace(tables.get("diffusion_hazards"))
    basis = "draws" if len(joint) else "judgement" if channels is None else "intervals"
    return Spread(UNMEASURED.copy() if channels is None else channels, pace, joint, basis)


def _unit(name: str) -> str:
    return "share of supply" if name.endswith("_share") else "of the mean class"


def _joint(draws: pl.DataFrame) -> Floats:
    """Draws of all that a future takes together, in the order in which they are alike."""
    _check_draws(draws)
    numbers = draws.select("draw").unique().sort("draw")
    found = np.zeros((numbers.height, len(FACTORS)))
    every = draws.filter(pl.col("technology") == ALL)
    told = every["channel"].unique().to_list()
    names = pl.DataFrame(
        {"channel": told, "name": [_names(one) for one in told]},
        schema={"channel": pl.String, "name": pl.List(pl.String)},
    )
    each = (
        every.join(names, on="channel", maintain_order="left")
        .with_columns(pl.col("share") / pl.col("name").list.len())
        .explode("name")
    )
    rates = draws.filter(pl.col("technology").is_in(TECHNOLOGIES))
    for place, name in enumerate(MEASURED):
        found[:, place] = _sum_by_draw(numbers, each.filter(pl.col("name") == name), "share")
    seen = [name for name in TECHNOLOGIES if name in set(rates["technology"])]
    paces = np.stack(
        [_sum_by_draw(numbers, rates.filter(technology=name), "rate") for name in seen], axis=1
    ) if seen else np.zeros((numbers.height, 0))  # fmt: skip
    found[:, : len(MEASURED)] /= found[:, : len(MEASURED)].sum(axis=1, keepdims=True).clip(1.0)
    found[:, len(MEASURED) :] = 1.0
    some = paces.sum(axis=1) > 0
    for place, name in enumerate(seen):
        beside = paces[some, place] / paces[some].mean(axis=1)
        found[some, len(MEASURED) + TECHNOLOGIES.index(name)] = beside.clip(SLOWEST, FASTEST)
    ranks = pl.DataFrame(found).select(pl.all().rank("average")).to_numpy()
    return np.asarray(found[order_draws(ranks)], np.float32)


def _names(channel: str) -> list[str]:
    """The model's channels that share a measured one evenly: data do not tell 'a = b' apart."""
    return [BY_TIES.get(name.strip(), name.strip()) for name in channel.split("=")]


def _sum_by_draw(numbers: pl.DataFrame, rows: pl.DataFrame, column: str) -> npt.NDArray[np.float64]:
    """The sum of a column in each draw, 0 where it has no row, in the order of the draws."""
    sums = rows.group_by("draw").agg(pl.col(column).sum())
    joined = numbers.join(sums, on="draw", how="left", maintain_order="left")
    return joined[column].fill_null(0.0).to_numpy()


def _check_draws(draws: pl.DataFrame) -> None:
    where = "table 'diffusion_draws'"
    for column, most in (("share", 1.0), ("rate", np.inf)):
        wrong = draws.filter(
            ~(pl.col(column).is_finite() & pl.col(column).is_between(0.0, most)).fill_null(False)
        )
        if wrong.height:
            row = wrong.row(0, named=True)
            raise UsageError(
                f"The {column} {row[column]} cannot be.", where=f"{where}, draw {row['draw']}"
            )
    rows = draws.group_by("draw").agg(
        pl.len(), pl.struct("technology", "channel").n_unique().alias("pairs")
    )
    many = int(rows["len"].max())  # type: ignore[arg-type]
    wrong = rows.filter((pl.col("len") < many) | (pl.col("pairs") < many)).sort("draw")
    if wrong.height:
        raise UsageError(
            "It lacks a class or a channel that another draw has, or has one twice.",
            where=f"{where}, draw {wrong['draw'][0]}",
        )


def _channels(shares: pl.DataFrame | None) -> Floats | None:
    """The 90 % interval of each channel's share of first uses, of all classes together."""
    if shares is None or shares.is_empty():
        return None
    found = np.zeros((2, len(MEASURED)), np.float32)
    for channel, low, high in (
        shares.filter(pl.col("technology") == ALL).select("channel", "low", "high").iter_rows()
    ):
        names = _names(channel)
        for name in names:
            if name in MEASURED:
                found[:, MEASURED.index(name)] += np.array([low, high], np.float32) / len(names)
    return found / max(1.0, float(found[1].sum()) / 0.9)


def _pace(hazards: pl.DataFrame | None) -> Floats:
    """The hazard of first use of each class over the whole window, beside the mean of the classes.

    A class of which nothing was measured spreads like the mean; none is more than four times as
    fast or as slow.
    """
    found = _one_pace()
    if hazards is None or hazards.is_empty():
        return found
    sums = hazards.group_by("technology").agg(
        pl.col("adopted").sum(), (pl.col("hazard") * 0 + pl.col("at_risk")).sum().alias("risk")
    ).filter(pl.col("risk") > 0, pl.col("adopted") > 0)  # fmt: skip
    rates = {name: adopted / risk for name, adopted, risk in sums.select(
        "technology", "adopted", "risk").iter_rows()}  # fmt: skip
    if rates:
        mean = sum(rates.values()) / len(rates)
        for name, rate in rates.items():
            found[TECHNOLOGIES.index(name)] = min(FASTEST, max(SLOWEST, rate / mean))
    return found
