"""Reading and checking UCDP GED, against Polars, which only parses.

Example: python benchmarks/observe_ged.py

The peer checks nothing and keeps no bytes; the ratio is the price of the quarantine.
"""

from __future__ import annotations

import time

import polars as pl

from tocsin.observe import example_files, observe_file


def main() -> None:
    """Time both on the Syrian events of the example region."""
    path = next(p for p in example_files() if "syria" in p.name)
    observe_file(path)
    begun = time.perf_counter()
    rows = observe_file(path)["files"]["rows"][0]
    ours = time.perf_counter() - begun
    begun = time.perf_counter()
    pl.read_csv(path, infer_schema_length=None)
    peer = time.perf_counter() - begun
    print(f"tocsin {rows / ours:,.0f} rows/s; polars, unchecked {rows / peer:,.0f} rows/s")
    print(f"ratio {ours / peer:.1f}")


if __name__ == "__main__":
    main()
