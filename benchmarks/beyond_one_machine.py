"""Linkage on Spark and the ensemble of `plan` on Dask, beside the same work without them.

Example: python benchmarks/beyond_one_machine.py linkage --events 1000
Example: python benchmarks/beyond_one_machine.py ensemble --futures 1024 --workers 2

Both run on this machine alone, so that they tell whether the answers are the same, and what it
costs to be able to use more machines; not how much faster more machines are. `linkage` needs
PySpark and Java, and links events of the example that two sources tell. `ensemble` plays the
example's region from the committed baseline. Seconds of a processor are of this process and all
that it started, Java and Dask's processes included; they are read when those have ended. Prints one
JSON object.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl

BASELINE = Path(__file__).resolve().parents[1] / "tests" / "baseline"


def main() -> None:
    """Measure what is asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("linkage", "ensemble"))
    parser.add_argument("--events", type=int, default=1000)
    parser.add_argument("--futures", type=int, default=1024)
    parser.add_argument("--workers", type=int, default=2)
    args = parser.parse_args()
    told = linkage(args.events) if args.what == "linkage" else ensemble(args.futures, args.workers)
    print(json.dumps(told, indent=1))


def cost(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """Do some work; give what it answers, and the seconds of a processor and of the clock."""

    def spent() -> float:
        who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, who))

    cpu, clock = spent(), time.monotonic()
    answer = work()
    told = {"processor_s": spent() - cpu, "clock_s": time.monotonic() - clock}
    return answer, {name: round(value, 1) for name, value in told.items()}


def linkage(events: int) -> dict[str, Any]:
    """Link the same records by DuckDB and by Spark."""
    from tocsin.assess.linkage.link import link_records
    from tocsin.bench.linkage.measure import events_of, retell
    from tocsin.observe import example_files, observe

    every = events_of(observe(example_files())["reports"], before=True)
    rows, _ = retell(every.sort("date_start", "id").head(events), "medium", sources=2, seed=5)
    here, duckdb = cost(lambda: link_records(rows))

    def by_spark() -> Any:
        with spark() as engine:
            return link_records(rows, engine=engine)

    there, by = cost(by_spark)
    gap = (here.pairs["weight"] - there.pairs["weight"]).abs().to_numpy().max()
    return {
        "records": rows.height, "links": here.links.height, "pairs": here.pairs.height,
        "same_links": bool(there.links.equals(here.links)),
        "same_clusters": bool(there.clusters.equals(here.clusters)),
        "largest_gap_bits": float(gap), "duckdb": duckdb, "spark": by,
    }  # fmt: skip


@contextmanager
def spark() -> Iterator[Any]:
    """Splink's interface to a Spark of one thread, which ends with Java's process."""
    from pyspark.sql import SparkSession
    from splink.backends.spark import SparkAPI, similarity_jar_location

    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.jars", similarity_jar_location())
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        # The conditions in one piece are more code than one Java method may hold.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.driver.memory", "1g")
        .config("spark.driver.host", "localhost")
        .getOrCreate()
    )
    gateway = session.sparkContext._gateway
    try:
        yield SparkAPI(spark_session=session, break_lineage_method="persist")
    finally:
        session.stop()
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait(60)


def ensemble(futures: int, workers: int) -> dict[str, Any]:
    """Compare the portfolios that ship in this process, and in processes of Dask's."""
    from distributed import Client, LocalCluster

    from tocsin.base.threads import XLA_ON_ONE_THREAD, children_on_one_thread

    # As in the processes, or sums of several threads could differ in their last bits.
    os.environ["XLA_FLAGS"] = XLA_ON_ONE_THREAD
    alone, here = cost(lambda: played(futures, 1))

    def by_dask() -> str:
        with (
            children_on_one_thread(),
            LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1",
                dashboard_address=None, memory_limit=0,
            ) as cluster,
            Client(cluster) as client,
        ):  # fmt: skip
            return played(futures, client.get_executor())

    there, by = cost(by_dask)
    return {
        "futures": futures, "workers": workers, "sha256": alone, "same": there == alone,
        "here": here, "dask": by,
    }  # fmt: skip


def played(futures: int, workers: Any) -> str:
    """A digest of all tables of a comparison."""
    from tocsin.plan import plan

    tables = {
        name: pl.read_parquet(BASELINE / f"{name}.parquet") for name in ("forecasts", "adoption")
    }
    gwnos = sorted(tables["forecasts"]["gwno"].unique())
    made = plan(tables, gwnos=gwnos, futures=futures, seed=1, workers=workers)
    found = hashlib.sha256()
    for name in sorted(made):
        found.update(name.encode() + made[name].write_json().encode())
    return found.hexdigest()


if __name__ == "__main__":
    main()
