"""Which worker runs which tests: a file on one, all that needs the walk on one, long files first.

xdist's own groups are written into a test's id, and pytest 9.2 does not let it change that: the
tests are then dealt out one by one, and each worker makes each shared fixture for itself. So the
files are grouped here, by the hook that xdist has for this.
"""

from __future__ import annotations

import runpy
from functools import cache
from pathlib import Path

import pytest
from xdist.scheduler import LoadScopeScheduling

WALK = "walk"
ROOT = Path(__file__).parents[1]


class FileScheduling(LoadScopeScheduling):
    """Deals out whole files in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", maxsplit=1)[0]
        return WALK if needs_walk(ROOT / file) else file


@cache
def needs_walk(file: Path) -> bool:
    """Is there a test in the file that takes the walked workspace?

    Only workers collect, and the one who deals out knows no more of a test than its id; so the
    file's text is looked at.
    """
    return "walked: Path" in file.read_text("utf-8")


def read_from_both_ends(collector: pytest.Collector, report: pytest.CollectReport) -> None:
    """Let every other worker read the files of a folder from the last one to the first.

    Where nothing is compiled yet, pytest compiles each file at its import and keeps it. Workers
    that begin at opposite ends each compile one half, and find the other one done.
    """
    worker = getattr(collector.config, "workerinput", {}).get("workerid", "gw0")
    if isinstance(collector, pytest.Directory) and int(worker.removeprefix("gw")) % 2:
        report.result.reverse()


def long_first(items: list[pytest.Item]) -> None:
    """Put the files of the walk first, then those of a release, then those with slow tests.

    Short ones even out the end. Files of one turn are in the order of their names, whichever way
    a worker read them: all workers must have the tests in one order.
    """
    marked = {
        mark: {item.path for item in items if item.get_closest_marker(mark)}
        for mark in ("release", "slow")
    }

    def turn(item: pytest.Item) -> tuple[int, str]:
        if needs_walk(item.path):
            return 0, str(item.path)
        turns = enumerate(marked.values(), 1)
        return next((n for n, paths in turns if item.path in paths), 3), str(item.path)

    items.sort(key=turn)


def known_failures() -> dict[str, set[str]]:
    """The threads that a test is about, by its name: `pytest -k 4537` runs what keeps OpenCTI 4537.

    They stand in the table of `test_known_failures.py`.
    """
    table = runpy.run_path(str(Path(__file__).parent / "test_known_failures.py"))["KNOWN"]
    found: dict[str, set[str]] = {}
    for thread, (_, tests) in table.items():
        for one in tests:
            found.setdefault(f"tests/{one}", set()).add(f"known {thread}")
    return found
