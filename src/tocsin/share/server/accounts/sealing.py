"""Secrets that the server must read again are sealed with a key that lies beside the database.

Who reads the database alone, as a backup of it or through a fault in a query, learns none of them.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from tocsin.errors import TocsinError

SEAL_FILE = "seal.key"


@dataclass(frozen=True)
class Seal:
    """This seals texts and opens them again (Fernet: AES-128-CBC with HMAC-SHA-256)."""

    key: bytes

    def __repr__(self) -> str:
        return "Seal()"

    def close(self, text: str) -> str:
        """Seal a text."""
        return Fernet(self.key).encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """Open a sealed text.

        Raises:
            TocsinError: it was sealed with another key.
        """
        try:
            return Fernet(self.key).decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise TocsinError(
                "What was sealed cannot be opened.", where=SEAL_FILE,
                remedy="Restore the file from the backup that belongs to the database.",
            ) from error  # fmt: skip


def draw_seal() -> Seal:
    """Draw a new key."""
    return Seal(Fernet.generate_key())


def open_seal(folder: Path) -> Seal:
    """Read the key in a data folder; the first time, make it.

    Args:
        folder: the data folder.

    Returns:
        The seal.
    """
    path = folder / SEAL_FILE
    if not path.exists():
        made = draw_seal()
        # Made for its owner alone before anything is in it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(made.key)
        return made
    return Seal(path.read_bytes().strip())
