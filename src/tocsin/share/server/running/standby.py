"""A server that stands by: restored from a backup, beside the one of which the backup was made.

Two servers of one name and one key must not both speak. Neighbours would cosign the log of the one
that asks first, and the other's never again, since it does not continue what they cosigned; and
readers would be mailed twice. So a restored server answers whoever asks, and by itself tells nobody
anything: no webhook, no digest, no question to neighbours, no signed checkpoint. It does so from
the moment on when it takes over.
"""

from __future__ import annotations

import json
from pathlib import Path

STANDBY_FILE = "standby.json"
"""Stands in the data folder of a server that stands by, and says of what moment its backup is."""


def stand_by(folder: Path, made: str) -> None:
    """Let the server in a data folder stand by.

    Args:
        folder: the data folder.
        made: when the backup was made of which it comes.
    """
    (folder / STANDBY_FILE).write_text(json.dumps({"made": made}) + "\n", "utf-8")


def stands_by(folder: Path) -> bool:
    """Tell whether the server in a data folder stands by."""
    return (folder / STANDBY_FILE).exists()


def take_over(folder: Path) -> bool:
    """Let a server take the place of the one of which its backup was made.

    Args:
        folder: the data folder.

    Returns:
        True if it stood by until now.
    """
    stood = stands_by(folder)
    (folder / STANDBY_FILE).unlink(missing_ok=True)
    return stood
