"""How well files of id, day and point are linked, and two releases of one producer.

    python benchmarks/link_points.py [FIRST LAST]

Three files a seed: 140 events of a month, 300 by 250 km, each told by one to three of them, a
normal distance from the event and up to a day later. Pairs of all seeds are pooled. Then releases
of the example region's events before 2018, as `tocsin.bench.linkage.rerelease` makes them.
"""

from __future__ import annotations

import math
import random
import sys
from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import polars as pl

from tocsin.assess.linkage import link_tables
from tocsin.bench.adoption.users import debiased_error
from tocsin.bench.linkage.measure import events_of
from tocsin.bench.linkage.rerelease import rerelease
from tocsin.bench.linkage.scores import as_pairs, pairwise, true_pairs
from tocsin.observe import example_files, observe

KILOMETRES = (0.3, 1.0, 3.0)
FIRST_DAY = date(2020, 3, 1)


def tell(seed: int, km: float) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Make three files and the truth: `source, id, event`."""
    rnd = random.Random(seed)
    told: dict[str, list[tuple[str, date, float, float]]] = defaultdict(list)
    for event in range(140):
        north, east, day = rnd.uniform(10, 12.3), rnd.uniform(2, 4.7), rnd.randrange(31)
        for source in rnd.sample("abc", rnd.choices([1, 2, 3], [0.74, 0.12, 0.14])[0]):
            far, turn = abs(rnd.gauss(0, km)), rnd.uniform(0, 2 * math.pi)
            when = FIRST_DAY + timedelta(day + rnd.choice([0, 0, 0, 1]))
            point = north + far * math.sin(turn) / 111.2, east + far * math.cos(turn) / 109.3
            told[source].append((str(event), when, *point))
    files, truth = {}, []
    for source, rows in sorted(told.items()):
        rnd.shuffle(rows)
        files[source] = pl.DataFrame(
            [(str(n), str(row[1]), *(f"{x:.5f}" for x in row[2:])) for n, row in enumerate(rows)],
            schema=["id", "date", "latitude", "longitude"],
            orient="row",
        )
        truth += [(source, str(n), row[0]) for n, row in enumerate(rows)]
    return files, pl.DataFrame(truth, schema=["source", "id", "event"], orient="row")


def points(seeds: range, km: float) -> str:
    """Measure files of one scale, all seeds pooled."""
    hit = links = true = 0
    judged = []
    for seed in seeds:
        files, truth = tell(seed, km)
        linked, right = link_tables(files), true_pairs(truth)
        found = as_pairs(linked.links)
        hit, links, true = hit + len(found & right), links + len(found), true + len(right)
        for a, i, b, j, p in linked.links.iter_rows():
            one, two = sorted(((a, i), (b, j)))
            judged.append((p, (one, two) in right))
    p, was = np.array(judged, dtype=float).T
    bins = np.minimum((p * 10).astype(int), 9)
    off = sum(abs((p - was)[bins == k].sum()) for k in range(10)) / len(p)
    square = sum((p - was)[bins == k].sum() ** 2 / max((bins == k).sum(), 1) for k in range(10))
    return (
        f"{km:>4} km: precision {hit / links:.3f}, recall {hit / true:.3f}, error {off:.3f}, "
        f"root of the mean square {np.sqrt(square / len(p)):.3f}, "
        f"debiased {debiased_error(p, was):.3f}"
    )


def releases(events: pl.DataFrame, *, keep_ids: bool) -> str:
    """Measure two releases of some events."""
    files, truth = rerelease(events, seed=22, keep_ids=keep_ids)
    linked = link_tables({f"s{n}": file for n, file in enumerate(files)})
    names = ("s" + pl.col("source").cast(pl.String)).alias("source")
    found = pairwise(as_pairs(linked.links), true_pairs(truth.with_columns(names)))
    ids = "kept ids" if keep_ids else "new ids"
    return (
        f"{events.height:,} events, {ids}: precision {found['precision']:.3f}, "
        f"recall {found['recall']:.3f}"
    )


def main() -> None:
    """Print both."""
    first, last = (int(x) for x in sys.argv[1:3]) if len(sys.argv) > 2 else (0, 19)
    for km in KILOMETRES:
        print(points(range(first, last + 1), km))
    events = events_of(observe(example_files())["reports"], before=True)
    for some in (events.sample(2000, seed=22), events):
        for keep_ids in (True, False):
            print(releases(some, keep_ids=keep_ids), flush=True)


if __name__ == "__main__":
    main()
