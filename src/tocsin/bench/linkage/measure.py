"""How well linkage does on events re-reported by imperfect sources, beside its peer.

Fitted on nothing here: trust, costs and noise levels were settled on events before 2018; these
are the events from 2018 on, with other seeds. The peer's window is chosen on earlier events,
and, to give it its best, also on the very test.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import polars as pl

from tocsin.assess.linkage.link import anchors, link_records
from tocsin.assess.linkage.pairs.blocking import candidates
from tocsin.assess.linkage.pairs.classes import add_classes
from tocsin.assess.linkage.records.records import records, sheet
from tocsin.bench.linkage.meltt import GRID, Peer
from tocsin.bench.linkage.rereport import LEVELS, add_centres, rereport
from tocsin.bench.linkage.scores import as_pairs, b_cubed, pairwise, true_pairs

SPLIT = date(2018, 1, 1)
"""Events before this day are for development, the others for measuring."""
SETS: tuple[tuple[str, int | None, tuple[int, ...]], ...] = (
    ("2,000 events", 2000, (2, 3, 4)),
    ("all events", None, (3,)),
)
"""Name, how many of the held-out events, and with how many sources."""
SEED = 181
NOTES = [
    "Events from 2018 on (Syria, Central African Republic), told again by 2 to 4 sources;",
    "pairs across sources; `peer` is MELTT's manner with the window chosen on earlier events,",
    "`peer_best` with the window that is best on this very test. B3: cluster B-cubed F1.",
]


def measure(
    reports: pl.DataFrame,
    *,
    levels: Sequence[str] = tuple(LEVELS),
    sets: Sequence[tuple[str, int | None, tuple[int, ...]]] = SETS,
) -> list[dict[str, Any]]:
    """Measure how well linkage finds re-reported events, beside its peer.

    Args:
        reports: the table `reports` of the example region.
        levels: of noise.
        sets: as `SETS`.

    Returns:
        One row a level of noise, set of events and number of sources, with `precision`, `recall`
        and `f1` of pairs, `b3` (B-cubed F1) and the same of the peer.
    """
    early, late = events_of(reports, before=True), events_of(reports, before=False)
    rows = []
    for level in levels:
        window = _window(early, level)
        for name, size, numbers in sets:
            events = late if size is None else late.sample(size, seed=SEED)
            rows += [_one(events, level, name, number, window) for number in numbers]
    return rows


def events_of(reports: pl.DataFrame, *, before: bool) -> pl.DataFrame:
    """Take UCDP's events out of reports, as `rereport` reads them.

    Args:
        reports: the table `reports`.
        before: whether to take the events before 2018, or those from 2018 on.

    Returns:
        One row an event, with the columns of `rereport.COLUMNS`.
    """
    types = {"state-based": "1", "non-state": "2", "one-sided": "3"}
    chosen = reports.filter(
        pl.col("source").str.starts_with("UCDP GED"),
        (pl.col("date_start") < SPLIT) == before,
        pl.col("deaths_best").is_not_null(),
    )
    return add_centres(
        chosen.select(
            pl.col("report_id").alias("id"),
            pl.col("date_start").cast(pl.String),
            pl.col("date_end").cast(pl.String),
            "latitude",
            "longitude",
            pl.col("place").alias("where_coordinates"),
            pl.col("adm1").alias("adm_1"),
            pl.col("actor_a").fill_null("unknown").alias("side_a"),
            pl.col("actor_b").fill_null("unknown").alias("side_b"),
            pl.col("event_type").replace(types).alias("type_of_violence"),
            pl.col("deaths_low").alias("low"),
            pl.col("deaths_best").alias("best"),
            pl.col("deaths_high").alias("high"),
        ).filter(pl.col("latitude").is_not_null())
    )


def retell(
    events: pl.DataFrame, level: str, *, sources: int, seed: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Tell events again with noise, and turn what is told into records.

    Args:
        events: from `events_of`.
        level: of noise, a name.
        sources: how many sources, named `s0`, `s1`, ….
        seed: start of the random numbers.

    Returns:
        The records, as `link_records` takes them; and the truth: `source, id, event`.
    """
    files, truth = rereport(events, level, sources=sources, seed=seed)
    rows = records([sheet(f"s{number}", frame) for number, frame in enumerate(files)])
    return rows, truth.with_columns(("s" + pl.col("source").cast(pl.String)).alias("source"))


def _window(early: pl.DataFrame, level: str) -> tuple[float, int]:
    """The peer's best window on development events."""
    rows, truth = retell(early.sample(2000, seed=1), level, sources=3, seed=1)
    peer, true = _peer(rows), true_pairs(truth)
    return max(GRID, key=lambda w: pairwise(as_pairs(peer.link(km=w[0], days=w[1])[0]), true)["f1"])


def _peer(rows: pl.DataFrame) -> Peer:
    pairs = candidates(rows)
    classed, categories = add_classes(rows, anchors(rows, pairs), known={}, taxonomy={})
    return Peer(classed, categories, pairs)


def _one(
    events: pl.DataFrame, level: str, name: str, number: int, window: tuple[float, int]
) -> dict[str, Any]:
    rows, truth = retell(events, level, sources=number, seed=SEED + number)
    true = true_pairs(truth)
    linked = link_records(rows)
    ours = pairwise(as_pairs(linked.links), true)
    peer = _peer(rows)
    links, clusters = peer.link(km=window[0], days=window[1])
    theirs = pairwise(as_pairs(links), true)["f1"]
    best = max(pairwise(as_pairs(peer.link(km=km, days=days)[0]), true)["f1"] for km, days in GRID)
    return {
        "noise": level,
        "events": name,
        "sources": number,
        "precision": ours["precision"],
        "recall": ours["recall"],
        "f1": ours["f1"],
        "b3": b_cubed(linked.clusters, truth)["f1"],
        "peer_f1": theirs,
        "peer_b3": b_cubed(clusters, truth)["f1"],
        "peer_best_f1": best,
        "f1/peer_best": ours["f1"] / best if best else float("inf"),
    }
