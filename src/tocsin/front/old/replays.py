"""What kept replayed forecasts in a workspace in 0.1; tocsin's cache keeps them now by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tocsin.front.old.anticipated import forget

__all__ = ["remembering", "sweep"]


def remembering(workspace: Path) -> Callable[[dict[str, Any], Callable[[], Any]], Any]:
    """Return a function of a key and of what computes draws, which computes them.

    Args:
        workspace: the workspace's folder, in which nothing is kept any more.
    """
    del workspace
    return forget


def sweep(workspace: Path, keep: int = 2000) -> None:
    """Do nothing: a workspace has no replays; `tocsin cache --clear` empties the cache.

    Args:
        workspace: the workspace's folder.
        keep: how many would be kept.
    """
    del workspace, keep
