"""Which worker runs which tests: a file on one, all that needs the walk on one, long files first.

xdist's own groups are written into a test's id, and pytest 9.2 does not let it change that: the
tests are then dealt out one by one, and each worker makes each shared fixture for itself. So the
files are grouped here, by the hook that xdist has for this.
"""

from __future__ import annotations

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


def long_first(items: list[pytest.Item]) -> None:
    """Put the files of the walk first, then those of a release, then those with slow tests.

    Short ones even out the end.
    """
    marked = {
        mark: {item.path for item in items if item.get_closest_marker(mark)}
        for mark in ("release", "slow")
    }

    def turn(item: pytest.Item) -> int:
        if needs_walk(item.path):
            return 0
        return next((n for n, paths in enumerate(marked.values(), 1) if item.path in paths), 3)

    items.sort(key=turn)
