"""Territory-steps a second of the weekly regional model, beside the same functions in other hands.

Example: python benchmarks/region_speed.py --territories 50 --portfolios 20

Needs JAX, NumPy and the standard library only, so that it runs on a machine with a GPU and little
else; the peers need EMA Workbench and Mesa, too. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import types
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[1] / "src" / "tocsin"


def enter_without_tables() -> None:
    """Let the model's modules be imported without the libraries for tables of their packages."""
    for name in ("", ".plan", ".schema"):
        package = types.ModuleType(f"tocsin{name}")
        package.__path__ = [str(SOURCE.joinpath(*name.split(".")[1:]))]
        sys.modules.setdefault(f"tocsin{name}", package)


if __name__ == "__main__":
    if "--one-thread" in sys.argv:
        os.environ["XLA_FLAGS"] = (
            "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        )
        os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    enter_without_tables()

import jax  # noqa: E402

from tocsin.bench.plan import speed  # noqa: E402


def main() -> None:
    """Measure what is asked for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--territories", type=int, default=50)
    parser.add_argument("--portfolios", type=int, default=20)
    parser.add_argument("--futures", type=int, default=16, help="at once; more on a GPU")
    parser.add_argument("--weeks", type=int, default=520, help="whole quarters of 13")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--by-mechanism", action="store_true", help="also the cost of each")
    parser.add_argument("--floor", action="store_true", help="also the least that is possible")
    parser.add_argument("--peers", action="store_true", help="also NumPy, EMA Workbench and Mesa")
    parser.add_argument("--one-thread", action="store_true", help="one thread for each library")
    args = parser.parse_args()
    size = speed.Size(args.territories, args.portfolios, args.futures, args.weeks)
    told: dict[str, Any] = {
        "device": str(jax.devices()[0]), "jax": jax.__version__, **vars(args),
        **speed.measure_model(size, repeats=args.repeats),
    }  # fmt: skip
    if args.by_mechanism:
        told["nanoseconds_by_mechanism"] = speed.measure_mechanisms(size, args.repeats)
    if args.floor:
        told |= speed.measure_floor(size)
    if args.peers:
        from tocsin.bench.plan.peers import measure_peers

        told |= measure_peers(size)
    told["peak_memory_gib"] = speed.peak_gib()
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
