"""Replayed forecasts, kept beside the database so that new rules need no new replay.

A cache and nothing more: what is not there, or cannot be read, is computed again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tocsin.base.about import VERSION
from tocsin.base.atomic import replace

FOLDER = "replays"


def remembering(workspace: Path) -> Callable[[dict[str, Any], Callable[[], Any]], Any]:
    """A function that gives what was computed under the same key, or computes and keeps it.

    Args:
        workspace: the workspace's folder.

    Returns:
        Takes a key (of JSON values, and `known`, the panel) and what computes an array of
        sorted draws. Draws are kept as 32-bit floats: whole deaths up to 16 million.
    """
    folder = workspace / FOLDER

    def remember(key: dict[str, Any], compute: Callable[[], Any]) -> Any:
        import numpy as np

        known = key["known"]
        digest = hashlib.sha256(np.ascontiguousarray(known.deaths).tobytes())
        rest = {name: value for name, value in key.items() if name != "known"}
        units = [known.target, known.gwnos, str(known.months[0])]
        digest.update(json.dumps([VERSION, rest, units], sort_keys=True).encode())
        path = folder / f"{digest.hexdigest()[:32]}.npz"
        try:
            with np.load(path) as held:
                return held["draws"].astype(np.float64)
        except (OSError, ValueError, KeyError, EOFError):
            pass
        found = compute().astype(np.float32)
        folder.mkdir(exist_ok=True)
        with replace(path) as part, part.open("wb") as handle:
            np.savez_compressed(handle, draws=found)
        return found.astype(np.float64)

    return remember


def sweep(workspace: Path, keep: int = 2000) -> None:
    """Delete the replays that were longest not written, beyond so many."""
    held = sorted((workspace / FOLDER).glob("*.npz"), key=lambda path: path.stat().st_mtime)
    for path in held[:-keep]:
        path.unlink(missing_ok=True)
