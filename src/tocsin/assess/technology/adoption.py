"""The adoption ledger: which organisation has which technology class, since when, how sure.

The statements of an incident say how probably a class was there, and how probably each side was
its user (`mentions`). Over all incidents of an organisation and class, a latent possession with
its onset explains them (`possession`): `confidence` is its probability. Where the perpetrator is
open, attribution's probabilities come in. What states used is a table of its own.
docs/methods/adoption.md says how to read it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.attribution.sides import armed_sides
from tocsin.assess.technology.mentions.parties import Setting
from tocsin.assess.technology.mentions.users import Facts, role_odds
from tocsin.assess.technology.possession import Mentions, Posterior, Prior, fit, posterior
from tocsin.assess.technology.tags import SHOWS
from tocsin.schema import TABLES, conform, empty

SOURCE = "statements on technology, attribution and a model of possession"
OPEN_ODDS = 1.0
"""Odds of the user where the side is open: only the candidate's probability is known."""
CEILING = 0.95
"""Confidence never exceeds this: all statements come from one set of rules."""
DRAWS = 1000
KEPT_DRAWS = 200
"""Of the draws, so many are kept in `adoption_draws`."""
SEED = 20260101
ENOUGH = 0.99
"""An onset's rows end when it has become this sure, relative to the confidence in the end."""
LEAST = 0.05
"""Statements that are less probably of the class and of the incident are left out."""
WHO = ["actor_id", "actor", "technology", "territory", "gwno"]
ROLE = ["technology", "gwno", "event_type", "actor_a", "actor_b"]
NAMES = ("adoption", "adoption_onsets", "adoption_quarters", "adoption_draws", "state_uses")


@dataclass(frozen=True)
class _Case:
    """The mentions of one organisation, class and territory, with their rows and posterior."""

    who: dict[str, Any]
    rows: pl.DataFrame
    held: Posterior


def ledger(
    incidents: pl.DataFrame,
    told: pl.DataFrame,
    actors: pl.DataFrame,
    *,
    attributions: pl.DataFrame | None = None,
) -> dict[str, pl.DataFrame]:
    """Tell which organisation has what class, since when, and how often it used it.

    Args:
        incidents: the table `incidents`.
        told: the table `technology_statements`.
        actors: the table `actors`; may be empty, then states are known by their names.
        attributions: the table `attributions`; default: nothing is open.

    Returns:
        The tables `adoption` (actor, technology and territory), `adoption_onsets`,
        `adoption_quarters`, `adoption_draws` and `state_uses`. `expected` are means, `low` and
        `high` 5 % and 95 % quantiles of 1,000 draws of possession, onset and uses together.
    """
    mentions = _mentions(incidents, told)
    sides = armed_sides(incidents, actors)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    for case in _cases(_organisations(mentions, sides, attributions, actors)):
        rng = _rng(case.who)
        onset, uses = case.held.draw(rng, DRAWS)
        whole, curve = _whole(case, uses)
        found["adoption"].append(case.who | whole)
        found["adoption_onsets"] += [case.who | one for one in curve]
        found["adoption_quarters"] += [case.who | one for one in _quarters(case, uses)]
        days = [*case.rows["date_start"].unique().sort().to_list(), None]
        found["adoption_draws"] += [
            case.who | {"draw": draw, "onset": days[day]}
            for draw, day in enumerate(onset[:KEPT_DRAWS])
        ]
    found["state_uses"] = list(_state_uses(mentions, sides))
    return {name: _table(name, rows) for name, rows in found.items()}


def _mentions(incidents: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """The most convincing statement of each incident and class: reports repeat each other."""
    shown = pl.when(pl.col("said").is_in(SHOWS)).then("is_class").otherwise("use")
    rows = told.select(
        "incident_id",
        "technology",
        "by",
        "by_name",
        "user_a",
        "user_b",
        "user_third",
        (pl.col("use") * pl.col("this_event")).alias("use"),
        (shown * pl.col("this_event")).alias("there"),
        (pl.col("by") != "nobody").alias("is_named"),
    ).filter(pl.col("there") >= LEAST)
    keys = ["incident_id", "technology"]
    best = rows.sort(*keys, "there", "is_named", descending=[False, False, True, True])
    columns = ("incident_id", "date_start", "territory", *ROLE[1:])
    where = incidents.select(columns)
    best = best.unique(keys, keep="first", maintain_order=True).join(where, on="incident_id")
    return best.join(_roles(best), on=ROLE, how="left", nulls_equal=True, maintain_order="left")


def _roles(mentions: pl.DataFrame) -> pl.DataFrame:
    """The odds of each side by its role alone, for each kind of incident."""
    kinds = mentions.select(ROLE).unique(maintain_order=True)
    odds = [
        role_odds(technology, Facts(Setting(gwno, a, b), one_sided=kind == "one-sided"))
        for technology, gwno, kind, a, b in kinds.iter_rows()
    ]
    return kinds.with_columns(
        pl.Series("role_a", [a for a, _ in odds], pl.Float64),
        pl.Series("role_b", [b for _, b in odds], pl.Float64),
    )


def _organisations(
    mentions: pl.DataFrame,
    sides: pl.DataFrame,
    attributions: pl.DataFrame | None,
    actors: pl.DataFrame,
) -> pl.DataFrame:
    """One row an incident, class and organisation that may have used it."""
    who = sides.filter(~pl.col("government")).select("incident_id", "side", "actor_id", "actor")
    told = who.with_columns(attributed=pl.lit(1.0), is_open=pl.lit(False))
    open_ones = _attributed(attributions, actors).with_columns(is_open=pl.lit(True))
    rows = pl.concat([told, open_ones], how="vertical")
    # An open side is known by its candidates, not by what one of the reports says.
    rows = rows.unique(["incident_id", "side", "actor_id"], keep="last", maintain_order=True)
    first = pl.col("side") == "a"
    user = pl.when(first).then("user_a").otherwise("user_b")
    role = pl.when(first).then("role_a").otherwise("role_b")
    # That states are the usual users does not speak against an organisation's having the class
    # too; that others seldom use it does speak for it. So odds of the role count above 1 only.
    odds = user / (1 - user).clip(1e-6) / role.clip(1e-6, 1.0)
    return (
        rows.join(mentions, on="incident_id")
        .with_columns(pl.when("is_open").then(OPEN_ODDS).otherwise(odds.clip(1e-6)).alias("odds"))
        .sort(*WHO, "date_start", "incident_id", "side")
    )


def _cases(rows: pl.DataFrame) -> Iterator[_Case]:
    """Each organisation, class and territory with its posterior, in the order of their names."""
    if rows.is_empty():
        return
    parts = [
        (dict(zip(WHO, key, strict=True)) | {"source": SOURCE}, part)
        for key, part in rows.group_by(WHO, maintain_order=True)
    ]
    read = [_read(part) for _, part in parts]
    priors: dict[str, Prior] = {}
    for technology in rows["technology"].unique().sort():
        same = zip(parts, read, strict=True)
        priors[technology] = fit([one for (who, _), one in same if who["technology"] == technology])
    for (who, part), one in zip(parts, read, strict=True):
        yield _Case(who, part, posterior(one, priors[str(who["technology"])]))


def _read(part: pl.DataFrame) -> Mentions:
    return Mentions(
        part["there"].to_numpy(),
        part["use"].to_numpy(),
        part["odds"].to_numpy(),
        part["attributed"].to_numpy(),
        part["is_named"].to_numpy(),
        (part["date_start"].rank("dense").cast(pl.Int64) - 1).to_numpy(),
    )


def _whole(case: _Case, uses: np.ndarray) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """One ledger row and the rows of its onset."""
    rows, curve = case.rows, case.held.by_day()
    days = rows["date_start"].unique().sort().to_list()
    at = [min(int(np.searchsorted(curve, q)), len(days) - 1) for q in (0.05, 0.5, 0.95)]
    low, high = np.quantile(uses.sum(axis=1), [0.05, 0.95], method="inverted_cdf")
    ours = (pl.col("is_named") & (pl.col("odds") > 1)).sum()
    row = {
        "first_seen": days[0],
        "first_incident": rows["incident_id"][0],
        "first_low": days[at[0]],
        "first_median": days[at[1]],
        "first_high": days[at[2]],
        "last_seen": days[-1],
        "n_incidents": rows["incident_id"].n_unique(),
        "n_named": rows.select(ours).item(),
        "expected": float(case.held.expected().sum()),
        "low": float(low),
        "high": float(high),
        "confidence": min(case.held.possession, CEILING),
    }
    onset = []
    for day, share in zip(days, curve, strict=True):
        onset.append({"date": day, "probability": min(case.held.possession * share, CEILING)})
        if share >= ENOUGH:
            break
    return row, onset


def _quarters(case: _Case, uses: np.ndarray) -> Iterator[dict[str, Any]]:
    of = case.rows.select(
        pl.col("date_start").dt.truncate("1q").alias("quarter"),
        pl.Series("use", case.held.expected()),
        pl.int_range(pl.len()).alias("at"),
    )
    for (quarter,), rows in of.group_by("quarter", maintain_order=True):
        yield {"quarter": quarter} | _counts(rows["use"], uses[:, rows["at"].to_numpy()])


def _state_uses(mentions: pl.DataFrame, sides: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """What each state used: as a side of the incident, or named by the words as a third party."""
    user = pl.when(pl.col("side") == "a").then("user_a").otherwise("user_b")
    own = (
        sides.filter(pl.col("government"))
        .select("incident_id", "side", "actor_id", "actor")
        .join(mentions, on="incident_id")
        .with_columns(user.alias("user"))
    )
    third = mentions.filter((pl.col("by") == "other-state") & (pl.col("user_third") > 0.5))
    name = pl.concat_str(pl.lit("Government of "), "by_name")
    third = third.with_columns(
        name.alias("actor_id"), name.alias("actor"), pl.col("user_third").alias("user")
    )
    columns = ["incident_id", *WHO, "date_start", "is_named", "use", "user"]
    rows = pl.concat([own.select(columns), third.select(columns)])
    rows = rows.with_columns((pl.col("use") * pl.col("user")).alias("use"))
    for key, part in rows.sort(*WHO, "date_start", "incident_id").group_by(
        WHO, maintain_order=True
    ):
        who = dict(zip(WHO, key, strict=True)) | {"source": SOURCE}
        chance = part["use"].to_numpy()
        yield (
            who
            | {
                "first_seen": part["date_start"].min(),
                "last_seen": part["date_start"].max(),
                "n_incidents": part["incident_id"].n_unique(),
                "n_named": part.select((pl.col("is_named") & (pl.col("user") > 0.5)).sum()).item(),
            }
            | _counts(part["use"], _rng(who).random((DRAWS, chance.size)) < chance)
        )


def _counts(chance: pl.Series, uses: np.ndarray) -> dict[str, float]:
    low, high = np.quantile(uses.sum(axis=1), [0.05, 0.95], method="inverted_cdf")
    return {"expected": float(chance.sum()), "low": float(low), "high": float(high)}


def _rng(who: dict[str, Any]) -> np.random.Generator:
    """Draws that hang on nothing but the names of the actor and class, and the territory."""
    name = f"{who['technology']}|{who['actor_id']}|{who['gwno']}"
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def _attributed(attributions: pl.DataFrame | None, actors: pl.DataFrame) -> pl.DataFrame:
    """Candidates of open incidents that are no states, with their probabilities."""
    found = empty(TABLES["attributions"]) if attributions is None else attributions
    states = actors.filter(pl.col("kind") == "state")["actor_id"].to_list()
    return found.filter(
        (pl.col("answer") == "actor")
        & ~pl.col("actor_id").is_in(states)
        & ~pl.col("actor").str.starts_with("Government of")
    ).select("incident_id", "side", "actor_id", "actor", pl.col("probability").alias("attributed"))


def _table(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    model = TABLES[name]
    return conform(model, pl.DataFrame(rows, schema=empty(model).schema))
