"""How long the road takes: a first brief, a second one, and a forecast of all countries.

Each is a whole process, as a user starts it: imports, compiling, fitting and writing included.
*Cold* begins with an empty cache; *warm* finds the compiled programs and nothing computed;
*again* finds all that the run before it kept. With --before DIR the same commands also run on
another tree of the source, before and after on this machine in this run, and the ratio is told.
Nothing else should run on the machine meanwhile; processor seconds are told beside the clock's,
since they hang less on that.

    python benchmarks/road_speed.py [--before /path/to/an/older/src] [--only forecast|brief]

An older tree of any day has these two commands: `git archive 8d23152a src | tar -x -C /some/where`
is the one before the rooms were divided.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

Task = Callable[[Path, Path, Path], tuple[float, float]]
ROOT = Path(__file__).parents[1]
HISTORY = ROOT / "src/tocsin/observe/example/ged_sb_country_month.csv.gz"
ORIGIN = "2022-10"


def run(source: Path, cache: Path, arguments: list[str]) -> tuple[float, float]:
    """Seconds by the clock and of processors that one command takes."""
    environment = os.environ | {"PYTHONPATH": str(source), "TOCSIN_CACHE": str(cache)}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    command = [sys.executable, "-m", "tocsin", *arguments]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"With {source}: tocsin {' '.join(arguments)}\n{done.stderr}")
    taken, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken, used


def forecast(source: Path, cache: Path, work: Path) -> tuple[float, float]:
    """`tocsin forecast` of all countries of the example, 14 months, 1,000 draws, fit included."""
    out = str(work / "draws.parquet")
    said = ["forecast", "--history", str(HISTORY), "--origin", ORIGIN, "--out", out]
    return run(source, cache, [*said, "--horizon", "14"])


def brief(source: Path, cache: Path, work: Path) -> tuple[float, float]:
    """The whole road on the example region, in a new workspace."""
    folder = Path(tempfile.mkdtemp(dir=work))
    return run(source, cache, ["brief", "--workspace", str(folder), "--out", str(folder / "brief")])


def measure(name: str, task: Task, source: Path, work: Path) -> dict[str, tuple[float, float]]:
    """One task cold, warm and again."""
    cache = work / f"cache-{name}"
    found = {"cold": task(source, cache, work)}
    for kind in ("fits", "hindcasts", "steps"):
        shutil.rmtree(cache / kind, ignore_errors=True)
    found["warm"] = task(source, cache, work)
    found["again"] = task(source, cache, work)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--before", type=Path, help="the src folder of an older tree")
    parser.add_argument("--only", choices=["forecast", "brief"])
    asked = parser.parse_args()
    tasks = {"forecast": forecast, "brief": brief}
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for name, task in tasks.items():
            if asked.only not in (None, name):
                continue
            # A cache of its own for each task, or the second would find the first one's programs.
            cache = work / f"cache-{name}-before"
            old = task(asked.before.resolve(), cache, work) if asked.before else None
            if old:
                print(
                    f"{name:10s} before {old[0]:7.1f} s, of processors {old[1]:7.1f} s", flush=True
                )
            for how, (taken, used) in measure(name, task, ROOT / "src", work).items():
                line = f"{name:10s} {how:6s} {taken:7.1f} s, of processors {used:7.1f} s"
                if old:
                    clock, processors = old[0] / taken, old[1] / used
                    line += f", {clock:.1f} times as fast as before, by processors {processors:.1f}"
                print(line, flush=True)


if __name__ == "__main__":
    main()
