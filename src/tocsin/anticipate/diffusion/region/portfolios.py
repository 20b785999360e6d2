"""What each organisation has and can do, year by year: portfolios and the capability index."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.shares import LEVELS
from tocsin.anticipate.diffusion.tables.times import Floats
from tocsin.schema.geography.distance import great_circle_km
from tocsin.schema.step import Tables
from tocsin.schema.tables.anticipated.diffusion import CAPABILITIES
from tocsin.schema.tables.assessed.attribution import with_suspicion

STOPS = 0.1
"""Prior rate at which an organisation gives a class up, a year. An assumption."""
UNSEEN = {
    "cyber": 1.0,
    "improvised-explosives": 0.8,
    "information-operations": 0.7,
    "uncrewed-aircraft": 0.6,
    "guided-or-indirect-fire": 0.3,
}
"""How far who uses a class stays out of sight; stealth is the most of what one has. Assumptions."""
DRAWS = 100
QUARTERS = 4
"""Quarters of a year."""


def technology_portfolios(tables: Tables) -> pl.DataFrame:
    """Tell year by year with what probability each organisation had each class.

    In the end that is the ledger's `confidence`, which is never 1. `disused` is the probability
    that it stopped, given that it had it: uses come at the rate that the ledger expects, stopping
    at `STOPS` a year, and the organisation was silent of the class since the last mention, by that
    year's end or its own. Uses bunch, so the rate is no higher than the one at which quarters
    without a mention would be as rare as they are.

    Args:
        tables: `adoption_draws`, `adoption`, `adoption_quarters` and `actor_spells`.

    Returns:
        The table `technology_portfolios`, without `source`.
    """
    spells = tables["actor_spells"].select("actor_id", "gwno", "first_day", "last_day")
    ledger = tables["adoption"].select(
        "actor_id", "technology", "gwno", "last_seen", "expected", "first_seen", "confidence"
    )
    spoken = tables["adoption_quarters"].group_by("actor_id", "technology", "gwno").agg(
        pl.col("quarter").n_unique().alias("spoken"), pl.col("quarter").min().alias("from"),
        pl.col("quarter").max().alias("to"),
    )  # fmt: skip
    draws = tables["adoption_draws"]
    count = max(draws["draw"].n_unique(), 1)
    onset = draws.group_by("actor_id", "actor", "technology", "territory", "gwno").agg("onset")
    rows = (
        onset.join(spells, on=["actor_id", "gwno"], how="inner")
        .join(ledger, on=["actor_id", "technology", "gwno"], how="left")
        .join(spoken, on=["actor_id", "technology", "gwno"], how="left")
        .with_columns(
            pl.int_ranges(
                pl.col("first_day").dt.year().cast(pl.Int64),
                pl.col("last_day").dt.year().cast(pl.Int64) + 1,
            ).alias("year")
        )
        .explode("year")
        .with_columns(pl.date("year", 12, 31).alias("until"))
    )
    had = rows.select("onset", "until").rows()
    chance = [sum(1 for one in days if one is not None and one <= end) / count for days, end in had]
    ever = [sum(one is not None for one in days) / count for days, _ in had]
    held = pl.col("confidence").fill_null(1.0) / pl.Series("ever", ever, pl.Float64)
    years = pl.max_horizontal(
        (pl.col("last_seen") - pl.col("first_seen")).dt.total_days() / 365.25, pl.lit(0.5)
    )
    quiet = (pl.min_horizontal("until", "last_day") - pl.col("last_seen")).dt.total_days() / 365.25
    quarters = (pl.col("to") - pl.col("from")).dt.total_days() / (365.25 / QUARTERS) + 1
    silent = (quarters - pl.col("spoken")).clip(0) + 1
    bunched = -QUARTERS * (silent / (quarters + 2)).log()
    rate = pl.min_horizontal(pl.col("expected") / years, bunched)
    stops = STOPS / (STOPS + rate)
    both = (-(STOPS + rate) * quiet.clip(0)).exp()
    stopped = stops * (1 - both) / (stops * (1 - both) + both)
    return rows.with_columns(
        (pl.Series("probability", chance, pl.Float64) * held).fill_nan(0.0).clip(0, 1),
        stopped.fill_null(0.0).fill_nan(0.0).clip(0, 1).alias("disused"),
    ).select(
        "actor_id", "actor", "technology", "territory", "gwno", "year", "probability", "disused"
    ).sort("actor_id", "technology", "gwno", "year")  # fmt: skip


def capability_index(tables: Tables, *, seed: int) -> pl.DataFrame:
    """Tell year by year what each organisation could do, as far as incidents and the ledger show.

    - `tempo`: incidents in the year.
    - `lethality`: mean of log(1 + deaths) over them.
    - `reach`: root mean square distance of their places from their middle, in km.
    - `stealth`: the most that one of its classes hides its user (`UNSEEN`), by draws of first uses.
    - `index`: the mean of the four.

    An incident of which it is only suspected weighs as much as it was probably there. Tempo,
    lethality and reach are told as the part of all organisations and years that have less.
    Their uncertainty is that of a Bayesian bootstrap of the year's incidents (Rubin 1981, Annals of
    Statistics 9).

    Args:
        tables: `incidents`, `actor_spells`, `adoption_draws` and, for what is only suspected,
            `suspects`.
        seed: start of all random numbers.

    Returns:
        The table `capability_index`, without `source`.
    """
    uses = _incidents(tables)
    if uses.is_empty():
        return pl.DataFrame()
    keys = ["actor_id", "gwno", "year"]
    units = uses.group_by(keys).agg(pl.len().alias("n_incidents")).sort(keys)
    place = units.with_row_index("unit").select(*keys, "unit")
    uses = uses.join(place, on=keys, maintain_order="left")
    random = np.random.default_rng(seed)
    drawn = _draw_ranks(uses, units.height, random)
    drawn["stealth"] = _stealth(units, tables["adoption_draws"])
    drawn["index"] = np.mean([drawn[name] for name in CAPABILITIES[:4]], axis=0)
    names = tables["actor_spells"].select("actor_id", "actor", "gwno", "territory")
    base = units.join(names, on=["actor_id", "gwno"], maintain_order="left")
    frames = []
    for name in CAPABILITIES:
        low, high = np.quantile(drawn[name], LEVELS, axis=0)
        mean = drawn[name].mean(0).clip(0, 1)
        numbers = {"mean": mean, "low": low.clip(0, 1), "high": high.clip(0, 1)}
        columns = [pl.Series(label, values) for label, values in numbers.items()]
        frames.append(base.with_columns(pl.lit(name).alias("dimension"), *columns))
    return pl.concat(frames).sort(*keys, "dimension")


def _incidents(tables: Tables) -> pl.DataFrame:
    """A row for each incident and organisation in it."""
    incidents = tables["incidents"]
    groups = tables["actor_spells"].filter(~pl.col("government")).select("actor_id", "gwno")
    columns: list[Any] = [
        "incident_id", "gwno", "latitude", "longitude",
        pl.col("date_start").dt.year().alias("year"),
        pl.col("deaths_best").fill_null(0).log1p().alias("deaths"),
    ]  # fmt: skip
    sides = pl.concat(
        incidents.select(
            pl.coalesce(f"actor_{side}_id", f"actor_{side}").alias("actor_id"), *columns
        )
        for side in "ab"
    )
    there = (
        sides.drop_nulls("actor_id")
        .unique(["incident_id", "actor_id"], maintain_order=True)
        .join(groups, on=["actor_id", "gwno"], how="semi", maintain_order="left")
    )
    return with_suspicion(there, tables.get("suspects"))


def _draw_ranks(uses: pl.DataFrame, units: int, random: np.random.Generator) -> dict[str, Floats]:
    """Tempo, lethality and reach as ranks among all units, each of shape (DRAWS, units)."""
    unit = uses["unit"].to_numpy()
    deaths = uses["deaths"].to_numpy()
    latitude, longitude = (
        uses[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("latitude", "longitude")
    )
    known = np.isfinite(latitude) & np.isfinite(longitude)
    count = np.maximum(np.bincount(unit[known], minlength=units), 1)
    middle = [
        np.bincount(unit[known], value[known], units) / count for value in (latitude, longitude)
    ]
    far = np.zeros(len(unit))
    far[known] = great_circle_km(
        latitude[known], longitude[known], middle[0][unit[known]], middle[1][unit[known]]
    )

    def measures(weight: Floats) -> dict[str, Floats]:
        whole = np.maximum(np.bincount(unit, weight, units), 1e-9)
        near = np.maximum(np.bincount(unit, weight * known, units), 1e-9)
        return {
            "tempo": whole,
            "lethality": np.bincount(unit, weight * deaths, units) / whole,
            "reach": np.sqrt(np.bincount(unit, weight * known * far**2, units) / near),
        }

    sure = uses["sure"].to_numpy()
    plain = measures(sure)
    order = {name: np.sort(value) for name, value in plain.items()}
    drawn = [measures(sure * random.exponential(size=len(unit))) for _ in range(DRAWS)]
    return {
        name: np.stack([np.searchsorted(ranks, one[name]) / max(units, 1) for one in drawn])
        for name, ranks in order.items()
    }


def _stealth(units: pl.DataFrame, draws: pl.DataFrame) -> Floats:
    """The most that a class hides its user, of those that it has by the year's end, by draw."""
    place: dict[tuple[Any, ...], list[int]] = {}
    for unit, (actor, gwno) in enumerate(units.select("actor_id", "gwno").iter_rows()):
        place.setdefault((actor, gwno), []).append(unit)
    year = units["year"].to_numpy()
    out = np.zeros((DRAWS, units.height))
    columns: list[Any] = [
        "draw",
        "actor_id",
        "gwno",
        "technology",
        pl.col("onset").dt.year().alias("year"),
    ]
    held = draws.filter(pl.col("onset").is_not_null() & (pl.col("draw") < DRAWS))
    for draw, actor, gwno, technology, since in held.select(columns).iter_rows():
        mine = [unit for unit in place.get((actor, gwno), []) if year[unit] >= since]
        out[draw, mine] = np.maximum(out[draw, mine], UNSEEN[technology])
    return out
