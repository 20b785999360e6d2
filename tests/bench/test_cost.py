"""What a measure costs is told, also what processes took that nobody waits for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tocsin.bench.cost import UNSEEN, descendants, measure_cost, processor_seconds

BUSY = "import time\nwhile time.process_time() < 0.2: pass"


def test_figures_stay_and_the_cost_stands_beside_them() -> None:
    found = measure_cost(lambda: {"lost": 0})
    assert found["lost"] == 0
    assert set(found) == {"lost", "took_seconds", "took_processor_seconds"}


@pytest.mark.slow
def test_what_was_waited_for_counts() -> None:
    def measure() -> dict[str, int]:
        return {"code": subprocess.run([sys.executable, "-c", BUSY], check=True).returncode}

    assert measure_cost(measure)["took_processor_seconds"] >= 0.2


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc")
def test_what_nobody_waits_for_counts_once_it_is_said() -> None:
    """A grandchild that its parent left, as `pg_ctl` leaves PostgreSQL."""
    code = f"{sys.executable} -c 'while True: pass' >/dev/null & echo $!"

    def measure() -> dict[str, float]:
        said = subprocess.run(["sh", "-c", code], stdout=subprocess.PIPE, check=True).stdout
        pid = int(said)
        while processor_seconds(pid) < 0.2:
            time.sleep(0.02)
        assert pid not in descendants(os.getpid())
        UNSEEN.add(pid)
        os.kill(pid, signal.SIGKILL)
        return {}

    assert measure_cost(measure)["took_processor_seconds"] >= 0.2
    assert processor_seconds(2**22 + 1) == 0


def test_a_process_that_ended_meanwhile_has_nobody_below_it() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert descendants(gone.pid) == []
