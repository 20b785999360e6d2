"""Forecasts of cells as draws, in parts, so that a continent need not fit in memory as rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zlib import crc32

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.data.panel import Matrix, Panel, add_months
from tocsin.anticipate.grid.events import CellMonths, grid_panel
from tocsin.anticipate.grid.models import DEFAULT, find_model
from tocsin.anticipate.models.baselines import predict
from tocsin.errors import UsageError

PERSISTENCE, SHARED = 0.35, 0.15
"""Parts of a draw's rank that a cell keeps over months, and that a country's cells share."""
PART = 200
"""Cells a part."""


def forecast_cells(
    cells: CellMonths, *, origin: date, horizon: int, draws: int, seed: int, model: str = DEFAULT
) -> Iterator[pl.DataFrame]:
    """Forecast every cell of every territory, some cells at a time.

    Args:
        cells: deaths by cell and month, from `cell_months`.
        origin: first day of the last month that may be known.
        horizon: how many months after the origin are forecast.
        draws: how many draws each cell and month has. A draw is one course of events over months,
            and the cells of a country partly share it (a Gaussian copula).
        seed: start of all random numbers; the same seed gives the same bits on one machine.
        model: name of a model of cells.

    Yields:
        A frame for some of the cells, with the columns `priogrid_gid, country, month` (as 2021-11),
        `draw` (from 0) and `outcome` (whole deaths).

    Raises:
        UsageError: there is no such model, or the events do not reach the origin.
    """
    history = _history_at(cells, origin)
    found = predict(find_model(model), history, horizon, draws, seed=seed)
    units = np.flatnonzero(~history.left_out())
    common = {
        name: np.random.default_rng([seed, crc32(name.encode())]).standard_normal((horizon, draws))
        for name in set(history.territories)
    }
    months = [f"{add_months(origin, h + 1):%Y-%m}" for h in range(horizon)]
    for start in range(0, len(units), PART):
        part = units[start : start + PART]
        outcome = np.concatenate(
            [
                np.take_along_axis(
                    found[i],
                    _ranks(common[history.territories[i]], [seed, history.gwnos[i]]),
                    axis=1,
                ).ravel()
                for i in part
            ]
        )
        size = horizon * draws
        yield pl.DataFrame(
            {
                "priogrid_gid": np.repeat([history.gwnos[i] for i in part], size),
                "country": np.repeat([history.territories[i] for i in part], size),
                "month": np.tile(np.repeat(months, draws), len(part)),
                "draw": np.tile(np.arange(draws, dtype=np.int32), len(part) * horizon),
                "outcome": outcome.astype(np.int32),
            }
        )


def summaries(
    parts: Iterator[pl.DataFrame], months: int
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """Summarise the forecast of each cell over its first months together.

    Args:
        parts: as `forecast_cells` yields them.
        months: over how many months after the origin deaths are added up.

    Yields:
        Each part as it came; and its summary, a row a cell: `priogrid_gid, country, p_any`
        (probability of at least one death), `p_25` (of at least 25), `mean` (deaths expected),
        `low` and `high` (the 90 % interval).
    """
    for part in parts:
        first = part["month"].unique().sort().head(months)
        total = (
            part.filter(pl.col("month").is_in(first.to_list()))
            .group_by("priogrid_gid", "country", "draw")
            .agg(pl.col("outcome").sum())
        )
        yield (
            part,
            total.group_by("priogrid_gid", "country")
            .agg(
                (pl.col("outcome") >= 1).mean().alias("p_any"),
                (pl.col("outcome") >= 25).mean().alias("p_25"),
                pl.col("outcome").mean().alias("mean"),
                pl.col("outcome").quantile(0.05).alias("low"),
                pl.col("outcome").quantile(0.95).alias("high"),
            )
            .sort("priogrid_gid"),
        )


def _history_at(cells: CellMonths, origin: date) -> Panel:
    history = grid_panel(cells)
    if not history.months[0] <= origin <= history.months[-1]:
        raise UsageError(
            f"The events reach from {history.months[0]:%Y-%m} to {history.months[-1]:%Y-%m}, "
            f"not {origin:%Y-%m}.",
            remedy="Choose an origin within.",
        )
    return history.upto(origin)


def _ranks(common: Matrix, seed: list[int]) -> npt.NDArray[np.int64]:
    """Order of a cell's draws in each month (Gaussian copula), shape (H, S)."""
    random = np.random.default_rng(seed)
    months, draws = common.shape
    lasting, own = random.standard_normal((1, draws)), random.standard_normal((months, draws))
    rest = 1 - PERSISTENCE - SHARED
    latent = np.sqrt(PERSISTENCE) * lasting + np.sqrt(SHARED) * common + np.sqrt(rest) * own
    return np.argsort(np.argsort(latent, axis=1), axis=1)
