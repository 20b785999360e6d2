"""How long the road takes: a first brief, a second one, and a forecast of all countries.

Each is a whole process, as a user starts it: imports, compiling, fitting and writing included.
*Cold* begins with an empty cache; *warm* finds the compiled programs and nothing computed;
*again* finds all that the run before it kept. With --before DIR the same is done with another
tree of the source, each way right before or after the same way with this one, and the ratio is
told. Nothing else should run on the machine meanwhile; processor seconds are told beside the
clock's, since they hang less on that. Compile both trees first (`python -m compileall -q src`),
as the set-up does, or the first run of each pays for it.

    python benchmarks/road_speed.py [--before /path/to/an/older/src] [--only forecast|brief]

An older tree of any day has these two commands: `git archive d5326674 src | tar -x -C /some/where`
is the one before decision 140.
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
from collections.abc import Callable, Iterator
from pathlib import Path

Told = tuple[float, float]
"""Seconds by the clock, and of processors."""
Task = Callable[[Path, Path, Path], Told]
WAYS = ("cold", "warm", "again")
ROOT = Path(__file__).parents[1]
HISTORY = ROOT / "src/tocsin/observe/example/ged_sb_country_month.csv.gz"
ORIGIN = "2022-10"


def run(source: Path, cache: Path, arguments: list[str]) -> Told:
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


def forecast(source: Path, cache: Path, work: Path) -> Told:
    """`tocsin forecast` of all countries of the example, 14 months, 1,000 draws, fit included."""
    out = str(work / "draws.parquet")
    said = ["forecast", "--history", str(HISTORY), "--origin", ORIGIN, "--out", out]
    return run(source, cache, [*said, "--horizon", "14"])


def brief(source: Path, cache: Path, work: Path) -> Told:
    """The whole road on the example region, in a new workspace."""
    folder = Path(tempfile.mkdtemp(dir=work))
    return run(source, cache, ["brief", "--workspace", str(folder), "--out", str(folder / "brief")])


def measure(task: Task, sources: dict[str, Path], work: Path) -> Iterator[dict[str, Told]]:
    """One task cold, warm and again, each with every tree; seconds by the clock and of processors.

    Each tree has a cache of its own, and so has each task, or it would find another's programs.
    """
    caches = {name: Path(tempfile.mkdtemp(dir=work)) for name in sources}
    for how in WAYS:
        for cache in caches.values() if how == "warm" else ():
            for kind in ("fits", "hindcasts", "steps"):
                shutil.rmtree(cache / kind, ignore_errors=True)
        yield {name: task(source, caches[name], work) for name, source in sources.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--before", type=Path, help="the src folder of an older tree")
    parser.add_argument("--only", choices=["forecast", "brief"])
    asked = parser.parse_args()
    tasks = {"forecast": forecast, "brief": brief}
    sources = {"before": asked.before.resolve()} if asked.before else {}
    sources["now"] = ROOT / "src"
    with tempfile.TemporaryDirectory() as folder:
        for task in (tasks[name] for name in tasks if asked.only in (None, name)):
            for how, told in zip(WAYS, measure(task, sources, Path(folder)), strict=True):
                print(line(task.__name__, how, told), flush=True)


def line(task: str, how: str, told: dict[str, Told]) -> str:
    """What is printed of one way: both trees, and by how much less this one takes."""
    words = [
        f"{name} {clock:.1f} s ({used:.1f} of processors)" for name, (clock, used) in told.items()
    ]
    if "before" in told:
        less = (f"{1 - a / b:.0%}" for a, b in zip(told["now"], told["before"], strict=True))
        words.append("less by " + ", ".join(less))
    return f"{task:10s} {how:6s} " + ", ".join(words)


if __name__ == "__main__":
    main()
