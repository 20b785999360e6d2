"""Measured: published results reproduced, and an invented world's truth recovered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from tocsin.assess.reliability import fuse
from tocsin.assess.reliability.dawid_skene import Floats, dawid_skene
from tocsin.bench.reliability import published
from tocsin.bench.reliability.world import TYPES, VOICES, World, world

SEEDS = tuple(range(101, 111))
ENOUGH = 10
"""Deaths from which on whole numbers are fine enough to speak of coverage."""


def published_results() -> list[dict[str, float | str]]:
    """Compare each published number with ours.

    Returns:
        One row a number: `data, what, published, found`.
    """
    rows: list[dict[str, float | str]] = []

    def add(data: str, what: str, theirs: float, ours: float) -> None:
        rows.append({"data": data, "what": what, "published": theirs, "found": round(ours, 4)})

    found = dawid_skene(*published.anaesthesia(), classes=4)
    for grade, theirs in enumerate(published.MARGINALS):
        ours = float(found.marginals[grade])
        add("anaesthesia (1979)", f"share of grade {grade + 1}", theirs, ours)
    for grade, row in enumerate(published.OBSERVER_1):
        ours = float(found.confusion[0, grade, grade])
        add("anaesthesia (1979)", f"observer 1 right on grade {grade + 1}", row[grade], ours)
    for classes, theirs in published.LOG_LIKELIHOODS.items():
        starts = [published.random_start(216, classes, seed) for seed in range(3)]
        fits = [
            dawid_skene(*published.role_conflict(), classes=classes, start=one) for one in starts
        ]
        best = max(fit.log_likelihood for fit in fits)
        add("role conflict (1951)", f"log-likelihood, {classes} classes", theirs, best)
    return rows


def recovery(seeds: Sequence[int] = SEEDS, size: int = 2000) -> dict[str, float]:
    """Measure how well the truth of invented worlds is recovered, averaged over the seeds.

    Args:
        seeds: one world each.
        size: incidents a world.

    Returns:
        Mean absolute errors of the shares right on date, place and actor: `whole`, `cell`, and
        `majority` (of a peer that rates each source by agreement with the majority); `ranks`,
        the share of worlds with the honest sources in their true order; `inside`, the share
        of cells whose 90 % interval holds the truth; `copier_found`, `accused_wrongly`. Of
        the fused deaths `cover90` and `cover50` (incidents of ten deaths or more),
        `cover90_all`, and errors on log(1 + deaths): `error`, `error_mean` (of the plain mean
        of the reports) and `error_alpha` (of the best source).
    """
    rows = [_one(world(seed, size)) for seed in seeds]
    return {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}


def _one(made: World) -> dict[str, float]:
    found = fuse(made.incidents, made.links, made.reports)
    return {**_sources(made, found["source_reliability"]), **_deaths(made, found["casualties"])}


def _sources(made: World, rated: pl.DataFrame) -> dict[str, float]:
    honest = [name for name, voice in made.voices.items() if voice.copies is None]
    true = {name: float(np.mean(made.voices[name].right)) for name in honest}
    # A count may be right in kind and still far off, so deaths have no one true share.
    simple = rated.filter(pl.col("attribute").is_in(["date", "place", "actor"]))
    whole = dict(
        simple.filter(pl.col("event_type").is_null())
        .group_by("rated_source")
        .agg(pl.col("p").mean())
        .iter_rows()
    )
    cells = [
        row
        for row in simple.filter(pl.col("event_type").is_not_null()).to_dicts()
        if row["rated_source"] in true
    ]
    truth = [VOICES[row["rated_source"]].right[TYPES.index(row["event_type"])] for row in cells]
    majority = _majority(made)
    copies = dict(rated.select("rated_source", "copies_of").unique().iter_rows())
    right = {name: voice.copies for name, voice in made.voices.items()}
    return {
        "ranks": float(sorted(honest, key=whole.__getitem__) == sorted(honest, key=true.get)),  # type: ignore[arg-type]
        "whole": float(np.mean([abs(whole[name] - true[name]) for name in honest])),
        "majority": float(np.mean([abs(majority[name] - true[name]) for name in honest])),
        "cell": float(np.mean([abs(c["p"] - t) for c, t in zip(cells, truth, strict=True)])),
        "inside": float(
            np.mean([c["low"] <= t <= c["high"] for c, t in zip(cells, truth, strict=True)])
        ),
        "copier_found": float(all(copies[n] == right[n] for n in right if right[n])),
        "accused_wrongly": float(any(copies[n] and not right[n] for n in right)),
    }


def _majority(made: World) -> dict[str, float]:
    """The peer: agreement with the most frequent date and actor of each incident."""
    told = made.links.join(
        made.reports.select("report_id", "source", "date_start", "actor_a"),
        on="report_id",
        suffix="_of",
    )
    told = told.filter(pl.len().over("incident_id") >= 3)
    share = [
        pl.col(name) == pl.col(name).mode().sort().first().over("incident_id")
        for name in ("date_start", "actor_a")
    ]
    rated = told.with_columns(share[0].alias("one"), share[1].alias("two"))
    mean = rated.group_by("source_of").agg(pl.mean_horizontal(pl.mean("one", "two")).first())
    return dict(mean.iter_rows())


def _deaths(made: World, fused: pl.DataFrame) -> dict[str, float]:
    several = fused.filter(pl.col("n_independent") > 1).join(made.truth, on="incident_id")
    told = (
        made.links.join(
            made.reports.select("report_id", "deaths_best", pl.col("source").alias("who")),
            on="report_id",
        )
        .group_by("incident_id")
        .agg(
            pl.col("deaths_best").mean().alias("mean"),
            pl.col("deaths_best").filter(pl.col("who") == "Alpha").first().alias("alpha"),
        )
    )
    both = several.join(told, on="incident_id").drop_nulls("alpha")
    many = several.filter(pl.col("deaths") >= ENOUGH)

    def share_covered(frame: pl.DataFrame, low: str, high: str) -> float:
        inside = frame.select(
            pl.col("deaths").is_between(pl.col(low).round(), pl.col(high).round()).mean()
        )
        return float(inside.item())

    def off(column: str) -> float:
        return float(np.abs(_log(both[column]) - _log(both["deaths"])).mean())

    return {
        "cover90": share_covered(many, "q05", "q95"),
        "cover50": share_covered(many, "q25", "q75"),
        "cover90_all": share_covered(several, "q05", "q95"),
        "error": off("q50"),
        "error_mean": off("mean"),
        "error_alpha": off("alpha"),
    }


def _log(column: pl.Series) -> Floats:
    return np.asarray(np.log1p(column.to_numpy().astype(np.float64)))
