"""An invented world of incidents and imperfect sources, whose truth is known.

For tests and for `tocsin bench assess`: sources with different accuracy by type of event, one
of which copies another, report dates, places, actors and ranges of deaths. Nothing in it is
real, and nothing of the estimator is used to make it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from tocsin.schema import TABLES, conform

TYPES = ("state-based", "non-state", "one-sided")
COUNTRIES = (652, 482, 490)
ACTORS = tuple(f"Organisation {letter}" for letter in "ABCDEFGH")
START = dt.date(2020, 1, 1)


@dataclass(frozen=True)
class Voice:
    """One source of an invented world: how much it tells, how often it is right, how it counts.

    Attributes:
        coverage: chance that it tells of an incident.
        right: chance that each of date, place, actor and deaths is right, by type.
        bias, spread: of its counts on the scale of log(1 + deaths).
        copies: name of the source that it copies, or none.
        copied: share of its reports that are copies, all errors included.
    """

    coverage: float
    right: tuple[float, float, float]
    bias: float = 0.0
    spread: float = 0.15
    copies: str | None = None
    copied: float = 0.0


VOICES: dict[str, Voice] = {
    "Alpha": Voice(0.85, (0.97, 0.95, 0.93)),
    "Bravo": Voice(0.70, (0.90, 0.80, 0.88), bias=-0.15),
    "Charlie": Voice(0.60, (0.75, 0.85, 0.60), bias=0.1, spread=0.3),
    "Delta": Voice(0.55, (0.60, 0.55, 0.65), bias=-0.3, spread=0.4),
    "Echo": Voice(0.50, (0.85, 0.85, 0.85), copies="Charlie", copied=0.8),
}


@dataclass(frozen=True)
class World:
    """An invented world: the tables that `fuse` reads, and the truth.

    `truth` has the columns `incident_id, deaths`, one row an incident.
    """

    incidents: pl.DataFrame
    links: pl.DataFrame
    reports: pl.DataFrame
    truth: pl.DataFrame
    voices: dict[str, Voice] = field(default_factory=lambda: dict(VOICES))


def world(seed: int, size: int = 2000, voices: dict[str, Voice] | None = None) -> World:
    """Make an invented world of incidents and imperfect sources.

    Args:
        seed: the same seed gives the same world.
        size: incidents, of which those that nobody reports fall away.
        voices: the sources; those that copy come after what they copy.

    Returns:
        The world, with its truth.
    """
    rng = np.random.default_rng(seed)
    told = voices or VOICES
    types, countries = rng.integers(0, len(TYPES), size), rng.integers(0, len(COUNTRIES), size)
    truth = {
        "day": rng.integers(0, 730, size),
        "latitude": rng.uniform(2, 20, size),
        "longitude": rng.uniform(10, 30, size),
        "actor": rng.integers(0, len(ACTORS), size),
        "deaths": np.floor(rng.lognormal(1.2, 1.2, size)),
    }
    said: dict[str, dict[str, np.ndarray]] = {}
    frames = []
    for name, voice in told.items():
        chance = np.array(voice.right)[types]
        said[name] = _report(rng, truth, chance, voice)
        heard = rng.random(size) < voice.coverage
        if voice.copies is not None:
            source = said[voice.copies]
            copied = (rng.random(size) < voice.copied) & source["heard"]
            said[name] = {
                key: np.where(copied, source[key], own) for key, own in said[name].items()
            }
            heard &= copied | (rng.random(size) < 0.3)
        said[name]["heard"] = heard
        frames.append(_reports(name, said[name], types, countries))
    reports = conform(TABLES["reports"], pl.concat(frames))
    number = pl.col("native_id").cast(pl.Int64)
    incident = pl.format("i-{}", number.cast(pl.String).str.zfill(6))
    links = reports.select(
        incident.alias("incident_id"),
        "report_id",
        pl.lit(1.0).alias("probability"),
        pl.lit("invented").alias("source"),
    )
    first = reports.with_columns(incident.alias("incident_id")).sort("incident_id", "report_id")
    kept = [name for name in TABLES["incidents"].to_schema().columns if name in first.columns]
    events = first.group_by("incident_id", maintain_order=True).agg(
        pl.col(kept).exclude("incident_id", "source").first(), pl.len().alias("n_reports")
    )
    return World(
        conform(
            TABLES["incidents"],
            events.with_columns(
                pl.lit("invented").alias("source"), pl.lit(None, pl.Int64).alias("total_of")
            ),
        ),
        conform(TABLES["incident_reports"], links.sort("incident_id", "report_id")),
        reports,
        pl.DataFrame(
            {
                "incident_id": [f"i-{n:06d}" for n in range(size)],
                "deaths": truth["deaths"].astype(np.int64),
            }
        ),
        dict(told),
    )


def _report(
    rng: np.random.Generator, truth: dict[str, np.ndarray], chance: np.ndarray, voice: Voice
) -> dict[str, np.ndarray]:
    size = chance.size

    def wrong() -> np.ndarray:
        return rng.random(size) >= chance

    day = truth["day"] + np.where(wrong(), rng.choice([-2, -1, 1, 1, 2, 3, 5], size), 0)
    astray = wrong()
    latitude = truth["latitude"] + np.where(astray, rng.normal(0, 1.5, size), 0.01)
    longitude = truth["longitude"] + np.where(astray, rng.normal(0, 1.5, size), 0.01)
    actor = (truth["actor"] + np.where(wrong(), rng.integers(1, 8, size), 0)) % len(ACTORS)
    own = np.where(rng.random(size) < 0.5, 0.0, rng.uniform(0.05, 0.4, size))
    error = voice.bias + rng.normal(0, voice.spread, size) + rng.normal(0, 1, size) * own
    error = np.where(wrong(), rng.normal(0, 1.5, size), error)
    count = np.maximum(np.log1p(truth["deaths"]) + error, 0)
    return {
        "day": day.clip(0, 740),
        "latitude": latitude,
        "longitude": longitude,
        "actor": actor,
        "low": np.rint(np.expm1(np.maximum(count - 1.6449 * own, 0))),
        "best": np.rint(np.expm1(count)),
        "high": np.rint(np.expm1(count + 1.6449 * own)),
    }


def _reports(
    name: str, said: dict[str, np.ndarray], types: np.ndarray, countries: np.ndarray
) -> pl.DataFrame:
    heard = np.flatnonzero(said["heard"])
    dates = [START + dt.timedelta(days=int(day)) for day in said["day"][heard]]
    ids = [str(n) for n in heard]
    frame = pl.DataFrame(
        {
            "report_id": [f"{name}:{n}" for n in ids],
            "native_id": ids,
            "source_row": heard + 1,
            "date_start": dates,
            "date_end": dates,
            "latitude": said["latitude"][heard].clip(-90, 90),
            "longitude": said["longitude"][heard],
            "gwno": np.array(COUNTRIES)[countries[heard]],
            "event_type": [TYPES[k] for k in types[heard]],
            "actor_a": [ACTORS[k] for k in said["actor"][heard]],
            "deaths_low": said["low"][heard],
            "deaths_best": said["best"][heard],
            "deaths_high": said["high"][heard],
        },
        schema_overrides={"date_start": pl.Date, "date_end": pl.Date, "native_id": pl.String},
    )
    declared = TABLES["reports"].to_schema().columns
    fixed = {"date_prec": 1, "place_prec": 1, "territory": "Invented", "source_file": "invented"}
    return frame.with_columns(
        *[pl.lit(value).alias(key) for key, value in fixed.items()],
        pl.lit(name).alias("source"),
    ).with_columns(
        pl.lit(None).cast(declared[column].dtype.type).alias(column)
        for column in declared
        if column not in frame.columns and column not in fixed and column != "source"
    )
