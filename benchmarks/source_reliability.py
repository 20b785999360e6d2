"""Published results of the Dawid-Skene family, and the truth of invented worlds recovered.

Example: python benchmarks/source_reliability.py

The peers, on the same worlds: rating each source by agreement with the majority, the plain mean
of the reported deaths, and the best source alone. `--reports N` also times `fuse` on about N
reports.
"""

from __future__ import annotations

import argparse
import resource
import time

from tocsin.assess.reliability import fuse
from tocsin.bench.reliability.measure import SEEDS, published_results, recovery
from tocsin.bench.reliability.world import world


def main() -> None:
    """Print both sections."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=0, help="time fuse on about so many reports")
    wanted = parser.parse_args().reports
    print("Published results")
    for row in published_results():
        print(f"  {row['data']:<22} {row['what']:<28} {row['published']:>10}  {row['found']:>10}")
    print(f"Invented worlds, seeds {SEEDS[0]} to {SEEDS[-1]}, 2,000 incidents and 5 sources each")
    for name, value in recovery().items():
        print(f"  {name:<16} {value:.3f}")
    if wanted:
        made = world(1, size=int(wanted / 2.85))
        start = time.perf_counter()
        fuse(made.incidents, made.links, made.reports)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(f"fuse: {made.reports.height:,} reports in {seconds:.1f} s, peak {peak:.1f} GiB")


if __name__ == "__main__":
    main()
