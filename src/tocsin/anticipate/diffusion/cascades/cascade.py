"""Cascades as arrays: which node took something up, when, in which cascade."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.tables.headings import CASCADES, arrange
from tocsin.anticipate.diffusion.tables.times import Floats, empty, find_clock, read_times
from tocsin.base.display.quantity import quantity
from tocsin.errors import SourceRefused, StageNotReady, UsageError
from tocsin.schema.handmade import refuse_missing

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Cascades:
    """This holds the first time of every node in every cascade, counted from the cascade's start.

    Args:
        nodes: names of the nodes.
        cascade: number of the cascade, ascending, shape (n,).
        node: number of the node, shape (n,).
        time: time since the first event of the cascade, ascending within it, in the unit of the
            table (days for dates), shape (n,).
        horizon: how long each cascade was watched, in the same unit.
        notes: what was taken for granted in reading the table, in sentences.
        refused: rows that could not be used: `row` (from 1), `column`, `value`, `reason`.
    """

    nodes: tuple[str, ...]
    cascade: Places
    node: Places
    time: Floats
    horizon: float
    notes: tuple[str, ...]
    refused: pl.DataFrame


@dataclass(frozen=True)
class Pairs:
    """These are pairs of nodes of one cascade, the earlier node first; arrays have shape (n,).

    Args:
        first, second: places in `Cascades.node`.
        strict: whether the first node was truly earlier. Nodes of one instant cannot have told each
            other.
    """

    first: Places
    second: Places
    strict: npt.NDArray[np.bool_]


def read_cascades(table: pl.DataFrame, horizon: float = math.inf) -> Cascades:
    """Check a table of cascades and count its times from each cascade's start.

    Args:
        table: columns `cascade, node, time`; time as numbers or dates (then days). Columns may have
            other names of `headings.CASCADES`, and texts be written as an office does.
        horizon: how long each cascade was watched, in the unit of `time`. A node that took it
            up later counts as one that did not. NetRate needs it, NetInf does not.

    Returns:
        The cascades. Rows that could not be used are in `refused` with their reason.

    Raises:
        SourceRefused: a column is missing, or no row can be used.
        StageNotReady: in no cascade does a second node follow at a later time.
        UsageError: the horizon is not above zero.
    """
    if not horizon > 0:
        raise UsageError("The horizon has to be above zero.", remedy="Give --horizon, as 10.")
    where = "the table of cascades"
    made = arrange(table, CASCADES, where)
    table = made.rows
    refuse_missing(table.columns, tuple(CASCADES), where)
    clock = find_clock([table["time"]])
    notes, blank = list(made.assumed), empty(table["time"])
    if blank.any():
        words = "row has no time: its node was", "rows have no time: their nodes were"
        notes.append(f"{quantity(int(blank.sum()), *words)} not reached.")
    good, refused = _read_rows(table, read_times(table["time"], clock), blank)
    if good.is_empty():
        raise SourceRefused("No row has a cascade, a node and a time.", where=where)
    below = good.filter(pl.col("time") < 0)["written"]
    if clock.dates is False and 0 < len(below) < good.height and below.n_unique() == 1:
        notes.append(
            f"{quantity(len(below), 'time is', 'times are')} {below[0]}, and no other is below "
            "zero. If it stands for 'not reached', leave it empty: a cascade starts at its "
            "earliest time."
        )
    first = good.group_by("cascade", "node").agg(pl.col("time").min())
    first = first.with_columns(time=pl.col("time") - pl.col("time").min().over("cascade"))
    first = first.filter(pl.col("time") <= horizon).sort("cascade", "time", "node")
    if not (first["time"] > 0).any():
        raise StageNotReady(
            "In no cascade does a node follow another within the horizon: nothing passed on.",
            remedy="Check --horizon against the unit of the times, and whether times differ.",
        )
    nodes = tuple(good["node"].unique().sort().to_list())
    number = {name: place for place, name in enumerate(nodes)}
    return Cascades(
        nodes,
        first["cascade"].rle_id().to_numpy().astype(np.int64),
        np.array([number[name] for name in first["node"]], dtype=np.int64),
        first["time"].to_numpy().astype(np.float64),
        float(horizon),
        tuple(notes),
        refused,
    )


def _read_rows(
    table: pl.DataFrame, times: np.ndarray, blank: np.ndarray
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that can be used, and the others with why not; rows without a time are neither."""
    named = table.select(
        pl.int_range(1, pl.len() + 1).alias("row"),
        pl.col("cascade").cast(pl.String).str.strip_chars(),
        pl.col("node").cast(pl.String).str.strip_chars(),
        pl.col("time").cast(pl.String).alias("written"),
        pl.Series("time", times).fill_nan(None),
    )
    named = named.filter(~pl.Series(blank))
    refused = pl.concat(
        [
            _refuse(named, pl.col("time").is_null(), "time", "written", "no time can be read"),
            *(
                _refuse(named, pl.col(name).fill_null("") == "", name, name, "it is empty")
                for name in ("cascade", "node")
            ),
        ]
    ).sort("row")
    return named.filter(~pl.col("row").is_in(refused["row"].implode())), refused


def find_pairs(cascades: Cascades) -> Pairs:
    """Find every pair of nodes of one cascade, the earlier node first.

    Args:
        cascades: the cascades, from `read_cascades`.

    Returns:
        The pairs, as places in the arrays of `cascades`.
    """
    size = np.bincount(cascades.cascade)
    start = np.concatenate([[0], np.cumsum(size)[:-1]])
    firsts, seconds = [], []
    for length in np.unique(size[size > 1]):
        first, second = np.triu_indices(length, 1)
        at = start[size == length]
        firsts.append((at[:, None] + first).ravel())
        seconds.append((at[:, None] + second).ravel())
    first, second = np.concatenate(firsts), np.concatenate(seconds)
    return Pairs(first, second, cascades.time[first] < cascades.time[second])


def _refuse(
    table: pl.DataFrame, wrong: pl.Expr, column: str, value: str, reason: str
) -> pl.DataFrame:
    return table.filter(wrong).select(
        "row",
        pl.lit(column).alias("column"),
        pl.col(value).alias("value"),
        pl.lit(reason).alias("reason"),
    )
