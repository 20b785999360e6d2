"""A stream of reports that joins a standing picture: throughput, delay, agreement with the batch.

The events of the example region are told again by three sources with medium noise; further worlds
(the same events, moved east, with other letters in the names of places) make the picture as large
as asked. Reports before a day are linked by the batch and stand; later ones arrive in the order
of their days, as lines of the sources' CSV files, at a fixed rate, on the clock.

Run: python benchmarks/link_stream.py [--standing 100000] [--rate 2000] [--seconds 60] [--no-batch]
"""

from __future__ import annotations

import argparse
import gc
import time

import numpy as np
import polars as pl

from tocsin.assess.linkage.link import link_records
from tocsin.assess.linkage.live.stream import Picture
from tocsin.assess.linkage.records.records import records, sheet
from tocsin.bench.linkage.measure import events_of
from tocsin.bench.linkage.rereport import rereport
from tocsin.bench.linkage.scores import as_pairs, pairwise, true_pairs
from tocsin.observe import example_files, observe

LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST = 2_000
"""Reports taken in at once, at most."""
TICK = 0.25
"""Seconds that arrivals are gathered: rivals are weighed best together, and calls cost less."""
SEED = 5


def world(files: list[pl.DataFrame], number: int) -> list[pl.DataFrame]:
    """The same reports elsewhere: 25 degrees further east, places spelled in other letters."""
    turned = LETTERS[number:] + LETTERS[:number]
    table = str.maketrans(LETTERS + LETTERS.upper(), turned + turned.upper())

    def respelt(column: str) -> pl.Series:
        return pl.Series(column, [v and v.translate(table) for v in files_one[column].to_list()])

    found = []
    for files_one in files:
        east = pl.col("lon").cast(pl.Float64) + 25 * number
        found.append(
            files_one.with_columns(
                (pl.col("id") + f"-{number}").alias("id"),
                east.cast(pl.String).alias("lon"),
                respelt("place"),
                respelt("admin1"),
            )
        )
    return found


def reports(wanted: int) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """At least `wanted` reports of three sources: as records, the truth, and as lines of CSV."""
    seen = observe(example_files())["reports"]
    events = pl.concat([events_of(seen, before=True), events_of(seen, before=False)])
    files, truth = rereport(events, "medium", sources=3, seed=SEED)
    worlds = -(-wanted // sum(frame.height for frame in files))
    told = [world(files, number) for number in range(worlds)]
    rows = records([sheet(f"s{s}", pl.concat([one[s] for one in told])) for s in range(len(files))])
    copies = [
        truth.select(
            pl.format("s{}", "source").alias("source"),
            (pl.col("id") + f"-{number}").alias("id"),
            (pl.col("event").cast(pl.String) + f"-{number}").alias("event"),
        )
        for number in range(worlds)
    ]
    lines = [
        one[s].select(
            pl.lit(f"s{s}").alias("source"), "id",
            pl.Series("line", one[s].write_csv(include_header=False).splitlines()),
            pl.lit(",".join(one[s].columns)).alias("header"),
        )
        for one in told
        for s in range(len(files))
    ]  # fmt: skip
    return rows, pl.concat(copies), pl.concat(lines)


def part(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows numbered as a table of their own."""
    return rows.sort("row").with_columns(pl.int_range(pl.len()).cast(pl.Int64).alias("row"))


def parsed(lines: pl.DataFrame) -> pl.DataFrame:
    """Lines of several sources' files as records."""
    files: dict[str, list[str]] = {}
    for source, line, header in lines.select("source", "line", "header").iter_rows():
        files.setdefault(source, [header]).append(line)
    return records(
        [
            sheet(source, pl.read_csv("\n".join(own).encode(), infer_schema=False))
            for source, own in files.items()
        ]
    )


def streamed(picture: Picture, lines: pl.DataFrame, rate: float) -> tuple[np.ndarray, float]:
    """Delay of each report from its line to the picture (s), and the processor's seconds."""
    arrival = np.arange(lines.height) / rate
    delay = np.zeros(lines.height)
    done, work = 0, 0.0
    start = time.perf_counter()
    while done < lines.height:
        # The last reports of all have no others to wait for.
        due = arrival[min(done + int(TICK * rate), lines.height - 1)]
        time.sleep(max(start + due - time.perf_counter(), 0))
        now, used = time.perf_counter() - start, time.process_time()
        ready = min(int(np.searchsorted(arrival, now, side="right")), done + MOST)
        picture.add(parsed(lines[done:ready]))
        end = time.perf_counter() - start
        delay[done:ready] = end - arrival[done:ready]
        done, work = ready, work + time.process_time() - used
    return delay, work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--standing", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=2_000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--no-batch", action="store_true", help="leave the comparison out")
    options = parser.parse_args()
    number = int(options.rate * options.seconds)
    rows, truth, lines = reports(options.standing + number)
    order = rows.sample(fraction=1, shuffle=True, seed=SEED).sort("day0", maintain_order=True)
    standing = part(order[: options.standing])
    arriving = order[options.standing : options.standing + number].select("source", "id")
    arriving = arriving.join(lines, on=["source", "id"], how="left", maintain_order="left")
    began = time.perf_counter()
    picture = Picture(link_records(standing))
    print(f"standing {standing.height:,} reports, ready in {time.perf_counter() - began:.0f} s")
    gc.collect()
    gc.freeze()
    delay, work = streamed(picture, arriving, options.rate)
    took = arriving.height / options.rate + delay[-1]
    p50, p99 = np.percentile(delay, [50, 99])
    print(
        f"{arriving.height:,} reports at {options.rate:,.0f}/s: {arriving.height / took:,.0f}/s "
        f"sustained, p50 {p50:.2f} s, p99 {p99:.2f} s, within 1 s {(delay <= 1).mean():.2%}; "
        f"processor {work:.1f} s, {work / arriving.height * 1e3:.2f} ms each"
    )
    if options.no_batch:
        return
    everything = part(order[: options.standing + number])
    began = time.process_time()
    batch = link_records(everything)
    rerun = time.process_time() - began
    known = everything.select("source", "id")
    true = true_pairs(truth.join(known, on=["source", "id"], how="semi"))
    ours, theirs = as_pairs(picture.links()), as_pairs(batch.links)
    print(f"streamed against the batch: F1 {pairwise(ours, theirs)['f1']:.4f}")
    print(f"against the truth: streamed {pairwise(ours, true)['f1']:.4f}, "
          f"batch {pairwise(theirs, true)['f1']:.4f}")  # fmt: skip
    second = work / arriving.height * options.rate
    print(
        f"peer, the batch again on {everything.height:,}: {rerun:.1f} s of the processor; "
        f"a second of arrivals takes the stream {second:.2f} s: {rerun / second:.0f} times less"
    )


if __name__ == "__main__":
    main()
