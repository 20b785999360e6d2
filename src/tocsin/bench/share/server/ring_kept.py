"""A ring of servers that is kept between partitions, so that a measure goes on where it stopped.

What was kept is whole where its last file is there; one that was being written when the measure
stopped is passed over.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tocsin.share.server.database.connection import SQLITE_FILE, Database

STATE = "state.json"


def keep(folder: Path, turn: int, told: dict[str, Any], databases: Sequence[Database]) -> None:
    """Keep a ring as it is after a partition; what was kept before goes.

    Args:
        folder: where; it is made.
        turn: how many partitions there were.
        told: what is kept beside the databases, as JSON can hold it.
        databases: the databases of the servers, in files, in the order of `told["members"]`.
    """
    here = folder / f"turn-{turn:04d}"
    shutil.rmtree(here, ignore_errors=True)
    for name, database in zip(told["members"], databases, strict=True):
        (here / name).mkdir(parents=True)
        source = str(database.engine.url.database)
        with (
            closing(sqlite3.connect(source)) as old,
            closing(sqlite3.connect(here / name / SQLITE_FILE)) as new,
        ):
            old.backup(new)
    (here / STATE).write_text(json.dumps(told), "utf-8")
    for other in folder.glob("turn-*"):
        if other != here:
            shutil.rmtree(other)


def find_kept(folder: Path, into: Path) -> tuple[int, dict[str, Any]] | None:
    """Find what was kept last, and copy its databases.

    Args:
        folder: where it was kept.
        into: where the copies go.

    Returns:
        How many partitions there were, and what was told; None where nothing was kept.
    """
    whole = sorted(one.parent for one in folder.glob(f"turn-*/{STATE}"))
    if not whole:
        return None
    told: dict[str, Any] = json.loads((whole[-1] / STATE).read_text("utf-8"))
    for name in told["members"]:
        shutil.copytree(whole[-1] / name, into / name)
    return int(whole[-1].name.removeprefix("turn-")), told
