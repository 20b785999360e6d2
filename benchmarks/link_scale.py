"""Linking a million reports of four sources, against Splink's own defaults and a pandas loop.

Example: python benchmarks/link_scale.py --reports 200000

Events of the example region are told again by four sources (the documented noise model, medium),
and every 20,000 events or so are another country: moved whole by longitudes and years, so that
local density stays as it is, with names of places and sides of its own. Generation is not timed.
Each side runs in a process of its own, for its peak memory, from CSV files to clusters. The peers
get fewer reports; what they would take for all is extrapolated, as printed.
"""

from __future__ import annotations

import argparse
import cProfile
import hashlib
import json
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

SOURCES = 4
BLOCK = 25_000  # reports of one country, about
PEERS = {"splink": 20_000, "pandas": 4_000}
LETTERS = "bcdfghjklmnprstvz"
WHOLE = ("Government of ", "Civilians", "civilian population", "Unarmed civilians", "civilians")


def base(size: int) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    """Events of the example region told again: files, and the truth."""
    from tocsin.bench.linkage.measure import events_of
    from tocsin.bench.linkage.rereport import rereport
    from tocsin.observe import example_files, observe

    reports = observe(example_files())["reports"]
    wanted = ["id", "date_start", "date_end"]
    events = pl.concat([events_of(reports, before=x) for x in (True, False)]).sort("id")
    events = events.unique("id", keep="first", maintain_order=True).drop_nulls(wanted)
    events = events.sort("date_start", "id").head(size)
    return rereport(events, "medium", sources=SOURCES, seed=7)


def renamed(column: pl.Series, number: int) -> pl.Series:
    """Names with consonants exchanged, in another way for each country."""
    if not number:
        return column
    order = np.random.default_rng(number).permutation(list(LETTERS))
    table = str.maketrans(LETTERS + LETTERS.upper(), "".join(order) + "".join(order).upper())
    names = {}
    for name in column.drop_nulls().unique().to_list():
        start = next((s for s in WHOLE if name.startswith(s)), "")
        names[name] = start + name[len(start) :].translate(table)
    return column.replace_strict(names, default=None, return_dtype=pl.String)


def country(file: pl.DataFrame, number: int) -> pl.DataFrame:
    """One source's file, moved to country `number`."""
    east, south = 15.0 * (number // 2 % 24), number % 2 == 1
    days = timedelta(days=365 * (number % 7))
    lon = (pl.col("lon").cast(pl.Float64) + east + 180) % 360 - 180
    lat = pl.col("lat").cast(pl.Float64)
    moved = [
        (pl.col(name).str.slice(0, 10).str.to_date() - days).cast(pl.String)
        for name in ("date_start", "date_end")
    ]
    return file.with_columns(
        pl.concat_str(pl.lit(f"{number:02d}-"), "id").alias("id"),
        lon.round(5).cast(pl.String).alias("lon"),
        (-lat if south else lat).cast(pl.String).alias("lat"),
        *moved,
        *[renamed(file[name], number) for name in ("place", "admin1", "actor1", "actor2")],
    )


def generate(folder: Path, reports: int) -> int:
    """Write the files `s0.csv` to `s3.csv`, and `truth.parquet`."""
    files, truth = base(max(reports // 3, 200) if reports < BLOCK else 10**9)
    size = sum(file.height for file in files)
    copies = max(-(-reports // size), 1)
    share = min(reports / (size * copies), 1.0)
    for number, file in enumerate(files):
        kept = file.head(round(file.height * share)) if copies == 1 else file
        whole = pl.concat([country(kept, copy) for copy in range(copies)])
        whole.head(round(whole.height * share) if copies > 1 else whole.height).write_csv(
            folder / f"s{number}.csv"
        )
    pl.concat(
        [
            truth.with_columns(
                pl.concat_str(pl.lit("s"), "source").alias("source"),
                pl.concat_str(pl.lit(f"{copy:02d}-"), "id").alias("id"),
                pl.concat_str(pl.lit(f"{copy:02d}-"), "event").alias("event"),
            )
            for copy in range(copies)
        ]
    ).write_parquet(folder / "truth.parquet")
    return sum(
        pl.scan_csv(folder / f"s{n}.csv").select(pl.len()).collect().item() for n in range(SOURCES)
    )


def files_in(folder: Path) -> list[Path]:
    return [folder / f"s{number}.csv" for number in range(SOURCES)]


def tocsin(folder: Path) -> pl.DataFrame:
    """`tocsin link`."""
    from tocsin.assess.linkage import link_tables
    from tocsin.observe import read_table, table_names

    paths = files_in(folder)
    tables = {n: read_table(p).rows for n, p in zip(table_names(paths), paths, strict=True)}
    return link_tables(tables).links


def splink(folder: Path) -> pl.DataFrame:
    """Splink as its documents show it: its comparisons, rules of blocking, and training."""
    import splink as sp
    import splink.comparison_library as cl
    from splink import block_on

    frames = [
        pl.read_csv(path, infer_schema=False).select(
            "id",
            pl.col("date_start").alias("date"),
            pl.col("lat").cast(pl.Float64),
            pl.col("lon").cast(pl.Float64),
            "place", "actor1", "actor2", "deaths",
            pl.lit(path.stem).alias("source_dataset"),
        )
        for path in files_in(folder)
    ]  # fmt: skip
    rules = [block_on("date", "actor1"), block_on("date", "place"), block_on("place", "actor1")]
    settings = sp.SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        blocking_rules_to_generate_predictions=rules,
        comparisons=[
            cl.DateOfBirthComparison("date", input_is_string=True),
            cl.DistanceInKMAtThresholds("lat", "lon", [1, 5, 25]),
            cl.JaroWinklerAtThresholds("place"),
            cl.JaroWinklerAtThresholds("actor1"),
            cl.JaroWinklerAtThresholds("actor2"),
            cl.ExactMatch("deaths"),
        ],
    )
    api = sp.DuckDBAPI()
    tables = [
        api.register(frame.to_arrow(), dataset_display_name=f"s{number}")
        for number, frame in enumerate(frames)
    ]
    linker = sp.Linker(tables, settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("date", "place", "actor1")], recall=0.5
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("date", "place"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("date", "actor1"))
    found = linker.inference.predict(threshold_match_probability=0.5, warning_mode="never")
    frame = found.as_duckdbpyrelation().pl()
    return frame.select(
        pl.col("source_dataset_l").alias("source_a"), pl.col("id_l").alias("id_a"),
        pl.col("source_dataset_r").alias("source_b"), pl.col("id_r").alias("id_b"),
    )  # fmt: skip


def pandas(folder: Path) -> pl.DataFrame:
    """A loop over rows: the nearest report of each other file, 2 days and 10 km at most."""
    import pandas as pd

    frames = [pd.read_csv(path, parse_dates=["date_start"]) for path in files_in(folder)]
    found = []
    for one in range(SOURCES):
        for two in range(one + 1, SOURCES):
            other = frames[two]
            for _, row in frames[one].iterrows():
                days = (other["date_start"] - row["date_start"]).dt.days.abs()
                near = other[days <= 2]
                north = (near["lat"] - row["lat"]) * 111.195
                east = (near["lon"] - row["lon"]) * 111.195 * np.cos(np.radians(row["lat"]))
                km = np.hypot(north, east)
                if len(km) and km.min() <= 10:
                    found.append((f"s{one}", row["id"], f"s{two}", near.loc[km.idxmin(), "id"]))
    names = ["source_a", "id_a", "source_b", "id_b"]
    return pl.DataFrame(found, schema=names, orient="row")


SIDES = {"tocsin": tocsin, "splink": splink, "pandas": pandas}


def f1(links: pl.DataFrame, folder: Path) -> float:
    """Pairwise F1 against the truth."""
    truth = pl.read_parquet(folder / "truth.parquet")
    told = pl.concat(
        [
            pl.read_csv(path, columns=["id"]).with_columns(pl.lit(path.stem).alias("source"))
            for path in files_in(folder)
        ]
    )
    truth = truth.join(told, on=["source", "id"], how="semi")
    true = truth.join(truth, on="event").filter(pl.col("source") < pl.col("source_right"))
    keys = ["source_a", "id_a", "source_b", "id_b"]
    true = true.select(
        pl.col("source").alias("source_a"), pl.col("id").alias("id_a"),
        pl.col("source_right").alias("source_b"), pl.col("id_right").alias("id_b"),
    ).unique()  # fmt: skip
    turned = links["source_a"] > links["source_b"]
    ordered = pl.concat(
        [
            links.filter(~turned).select(keys),
            links.filter(turned).select(
                pl.col("source_b").alias("source_a"), pl.col("id_b").alias("id_a"),
                pl.col("source_a").alias("source_b"), pl.col("id_a").alias("id_b"),
            ),
        ]
    ).unique()  # fmt: skip
    hit = ordered.join(true, on=keys, how="semi").height
    return 2 * hit / max(ordered.height + true.height, 1)


def side(role: str, folder: Path, *, profile: bool) -> None:
    """One side, measured: prints seconds, GiB and F1 as JSON."""
    watch = cProfile.Profile()
    begun, busy = time.perf_counter(), time.process_time()
    links = watch.runcall(SIDES[role], folder) if profile else SIDES[role](folder)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    if profile:
        pstats.Stats(watch, stream=sys.stderr).sort_stats("cumulative").print_stats(45)
    found = {"seconds": seconds, "cpu": cpu, "peak": peak, "f1": f1(links, folder)}
    text = links.sort(links.columns).write_csv()
    print(json.dumps(found | {"digest": hashlib.sha256(text.encode()).hexdigest()[:16]}))


def measured(role: str, folder: Path, *options: str) -> dict[str, Any]:
    """A side in a process of its own."""
    command = [sys.executable, __file__, "--role", role, "--folder", str(folder), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    sys.stderr.write(done.stderr if options or done.returncode else "")
    if done.returncode:
        sys.exit(done.returncode)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def shown(label: str, reports: int, one: dict[str, Any]) -> None:
    print(
        f"{label}: {reports:,} reports in {one['seconds']:,.1f} s ({one['cpu']:,.1f} s of "
        f"processors), peak {one['peak']:.2f} GiB, pairwise F1 {one['f1']:.3f}"
    )


def main() -> None:
    """Generate, measure, print seconds, peak memory, F1 and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--reports", type=int, default=1_000_000)
    options.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    options.add_argument("--profile", action="store_true", help="where tocsin's time goes")
    options.add_argument("--role", choices=tuple(SIDES))
    options.add_argument("--folder", type=Path)
    given = options.parse_args()
    if given.role:
        side(given.role, given.folder, profile=given.profile)
        return
    extra = ("--profile",) if given.profile else ()
    with tempfile.TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        reports = generate(folder, given.reports)
        ours = measured("tocsin", folder, *extra)
        shown("tocsin", reports, ours)
        print(f"tocsin: checksum of links {ours['digest']}")
        if not given.peers:
            return
        for role, most in PEERS.items():
            fewer = folder / role
            fewer.mkdir(exist_ok=True)
            size = generate(fewer, min(most, given.reports))
            half = measured(role, fewer)
            shown(role, size, half)
            linear, square = reports / size, (reports / size) ** 2
            # Splink's work grows at least as the reports, a loop's with their square.
            factor = linear if role == "splink" else square
            whole = half["seconds"] * factor
            how = "in proportion" if role == "splink" else "with the square"
            print(
                f"{role}: for {reports:,} reports, extrapolated {how}: {whole:,.0f} s, "
                f"tocsin is {whole / ours['seconds']:,.1f} times as fast"
            )


if __name__ == "__main__":
    main()
