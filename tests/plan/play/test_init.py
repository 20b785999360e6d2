"""A comparison that is killed goes on where it stopped, and its processes end with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tocsin.base import cache
from tocsin.plan.region.runs.kept import KIND

PLAN = """
import hashlib
import sys
import polars as pl
from tocsin.plan import plan
from tocsin.schema import TABLES, empty

if __name__ == "__main__":
    months = pl.date_range(pl.date(2023, 1, 1), pl.date(2023, 12, 1), "1mo", eager=True)
    forecasts = pl.DataFrame({"gwno": [432, 436], "horizon": [1, 1], "mean": [30.0, 30.0]})
    draws = pl.DataFrame(
        [(gwno, month, [20.0, 40.0, 70.0]) for gwno in (432, 436) for month in months],
        schema=["gwno", "month", "draws"], orient="row",
    )
    tables = {"forecasts": forecasts, "adoption": empty(TABLES["adoption"])}
    found = plan(
        tables | {"forecast_draws": draws}, gwnos=[432, 436], futures=700, seed=int(sys.argv[1]),
        workers=int(sys.argv[2]),
    )
    digest = hashlib.sha256()
    for name, table in sorted(found.items()):
        digest.update(f"{name}{table.write_csv()}".encode())
    print(digest.hexdigest())
"""


def _start(tmp_path: Path, kept: str, seed: int, workers: int) -> subprocess.Popen[str]:
    """A process that plans, with a cache of its own but for compiled programs."""
    script, own = tmp_path / "plan_it.py", tmp_path / kept
    script.write_text(PLAN)
    own.mkdir(exist_ok=True)
    programs = cache.folder("programs")
    if programs is not None and not (own / "programs").exists():
        (own / "programs").symlink_to(programs)
    return subprocess.Popen(
        [sys.executable, str(script), str(seed), str(workers)], stdout=subprocess.PIPE, text=True,
        env=os.environ | {cache.VARIABLE: str(own)}, start_new_session=True,
    )  # fmt: skip


def _end(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    return said


@pytest.mark.release
@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_a_killed_comparison_goes_on_and_gives_the_bytes_of_one_that_was_not(
    tmp_path: Path,
) -> None:
    whole = _end(_start(tmp_path, "whole", 3, 1))
    process = _start(tmp_path, "killed", 3, 2)
    kept = tmp_path / "killed" / KIND
    until = time.monotonic() + 300
    while len(list(kept.glob("*.npz"))) < 5:
        assert time.monotonic() < until
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    _wait_for_none(process.pid)
    there = {file.name: file.stat().st_mtime_ns for file in kept.glob("*.npz")}
    assert len(there) >= 5
    # Another seed has other futures, and leaves those that were kept where they are.
    assert _end(_start(tmp_path, "killed", 4, 1)) != whole
    assert {file.name for file in kept.glob("*.npz")} == set(there)
    assert _end(_start(tmp_path, "killed", 3, 1)) == whole
    assert list(kept.glob("*.npz")) == []


def _wait_for_none(group: int) -> None:
    """Wait until no process of a group is left that computes."""
    until = time.monotonic() + 30
    while (left := _group(group)) and time.monotonic() < until:
        time.sleep(0.1)
    assert left == []


def _group(group: int) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = place.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(told[2]) == group and told[0] != "Z":
            found.append(int(place.parent.name))
    return found
