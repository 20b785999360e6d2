"""The log that others can check: acts get their places, and what stands is signed, while we serve.

The key lies in the data folder beside the database, for its owner alone; the public key beside it
is for partners, who cosign checkpoints with keys of their own (`tocsin.share.audit`).
"""

from __future__ import annotations

import json
import logging
import os
import re
import threading
from pathlib import Path

from tocsin.share.audit.checkpoint import write_checkpoint
from tocsin.share.audit.note import PrivateKey, new_key, read_private_key
from tocsin.share.audit.sequencer import BATCH, sequence_some
from tocsin.share.server.database.connection import Database

KEY_FILE, PUBLIC_FILE = "log.key", "log.pub"
WITNESS_FILE, WITNESS_PUBLIC_FILE = "witness.key", "witness.pub"
TURN = 1.0
"""Seconds between two turns: an act has its place about so long after it was done."""
TURNS = 20
"""Turns between two checkpoints: so many seconds, at most, are not covered by one."""
logger = logging.getLogger("tocsin.server")


def open_key(folder: Path, name: str, *, witness: bool = False) -> PrivateKey:
    """Read the key of the log in a data folder; the first time, make it.

    Args:
        folder: the data folder.
        name: whose log it is; signs that a key's name cannot have become hyphens.
        witness: True for the key with which neighbours' logs are cosigned.

    Returns:
        The key.
    """
    path = folder / (WITNESS_FILE if witness else KEY_FILE)
    public = folder / (WITNESS_PUBLIC_FILE if witness else PUBLIC_FILE)
    if path.exists():
        return read_private_key(path.read_text("utf-8"))
    plain = re.sub(r"[^\w.-]+", "-", name, flags=re.ASCII).strip("-") or "tocsin"
    key = new_key(f"{plain}/witness" if witness else plain, cosigner=witness)
    # Made for its owner alone before anything is in it.
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{key}\n")
    public.write_text(f"{key.public}\n", "utf-8")
    return key


def keep_log(database: Database, key: PrivateKey, *, sign: bool = True) -> int:
    """Give the acts that wait their places in the log, and sign what stands.

    Args:
        database: the database.
        key: the log's key.
        sign: True writes a checkpoint.

    Returns:
        How many acts got their places.
    """
    done = 0
    while True:
        # The log's own head keeps its order, so that nobody who writes objects waits for it.
        with database.writing(ordered=False) as connection:
            some = sequence_some(connection)
            done += some
            if some < BATCH:
                if sign:
                    write_checkpoint(connection, key)
                return done


class Keeper(threading.Thread):
    """This keeps the log while the server runs; `stop` it."""

    def __init__(self, database: Database, key: PrivateKey, *, signs: bool = True) -> None:
        super().__init__(name="log", daemon=True)
        self._database = database
        self._key = key
        self._signs = signs
        self._ended = threading.Event()

    def run(self) -> None:
        """Keep the log until somebody stops it; a turn that fails is tried again."""
        turn = 0
        while not self._ended.wait(TURN):
            turn += 1
            try:
                keep_log(self._database, self._key, sign=self._signs and turn % TURNS == 0)
            # A full disk or a database that is away is no reason to stop keeping the log.
            except Exception as error:
                logger.error(json.dumps({"error": type(error).__name__, "doing": "log"}))

    def stop(self) -> None:
        """End, with a last turn and a checkpoint, if it signs any."""
        self._ended.set()
        self.join()
        keep_log(self._database, self._key, sign=self._signs)
