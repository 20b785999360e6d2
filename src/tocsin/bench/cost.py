"""What a measure costs: seconds by the clock, and seconds of a processor of all that it started.

The kernel tells a process what the children took that it waited for. Servers of PostgreSQL are
nobody's children once they run, and what a killed program had started is waited for by nobody; so
whoever ends these says before what they took.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
Measured = dict[str, Any]


class Unseen:
    """This adds up what processes took that nobody waits for."""

    seconds = 0.0

    def add(self, *pids: int) -> None:
        """Add what processes took that are about to end, each with those that it started."""
        self.seconds += processor_seconds(*pids)


UNSEEN = Unseen()


def measure_cost(measure: Callable[[], Measured]) -> Measured:
    """Measure, and tell what the measure itself cost.

    Args:
        measure: gives figures by name.

    Returns:
        The figures, with `took_seconds` by the clock, which other work on the machine lengthens,
        and `took_processor_seconds` of this process and of all that the measure started, which it
        hardly does.
    """
    began, used = time.perf_counter(), _usage()
    found = measure()
    return found | {
        "took_seconds": round(time.perf_counter() - began, 1),
        "took_processor_seconds": round(_usage() - used, 1),
    }


def _usage() -> float:
    """Seconds of a processor of this process, of what it waited for, and of what nobody did."""
    own = os.times()
    return own.user + own.system + own.children_user + own.children_system + UNSEEN.seconds


def descendants(pid: int) -> list[int]:
    """Give the processes that a process started, and those that they started.

    Args:
        pid: the process.

    Returns:
        Their numbers.
    """
    found: list[int] = []
    try:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return found  # it ended a moment ago
    for task in tasks:
        try:
            children = [int(one) for one in task.read_text().split()]
        except OSError:
            continue
        for one in children:
            found += [one, *descendants(one)]
    return found


def processor_seconds(*pids: int) -> float:
    """Read how long processes and those that they started have kept processors busy.

    Args:
        pids: the processes; one that is not there any more counts nothing.

    Returns:
        Seconds, those of children that ended and were waited for among them.
    """
    total = 0.0
    for one in {*pids, *(each for pid in pids for each in descendants(pid))}:
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += sum(int(fields[n]) for n in (11, 12, 13, 14)) / TICKS
    return total
