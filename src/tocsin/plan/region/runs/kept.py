"""Chunks of a comparison, kept as they are done, so that one that was stopped goes on from there.

They lie in the cache (`tocsin.base.cache`), which has a limit for them. Where nothing is kept, a
file is damaged or the disk is full, a chunk is played again, and no number is another.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tocsin.base import cache
from tocsin.base.atomic import replace
from tocsin.errors import TocsinError

KIND = "futures"
"""Of these entries of the cache."""
Arrays = Mapping[str, npt.NDArray[Any]]


@dataclass
class Kept:
    """This is a folder in which a comparison keeps its chunks, each under a name for its inputs."""

    folder: Path
    kind: str | None = None
    """The kind of entries of the cache that the folder is for; None: it has no limit."""
    used: set[Path] = field(default_factory=set)
    """Files that were read or written."""

    def read(self, name: str) -> Arrays | None:
        """Read a chunk.

        Args:
            name: the name for its inputs.

        Returns:
            Its arrays; None where it was not kept, or cannot be read.
        """
        file = self._file(name)
        try:
            with np.load(file, allow_pickle=False) as held:
                found = {one: held[one] for one in held.files}
            os.utime(file)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None
        self.used.add(file)
        return found

    def write(self, name: str, arrays: Arrays) -> None:
        """Keep a chunk, as far as there is room for it.

        Args:
            name: the name for its inputs.
            arrays: its arrays by name.
        """
        file = self._file(name)
        with suppress(OSError, TocsinError):
            with replace(file) as part, part.open("wb") as out:
                np.savez(out, **dict(arrays))  # type: ignore[arg-type]
            self.used.add(file)
            if self.kind is not None:
                cache.sweep(self.kind)

    def clear(self) -> None:
        """Delete what was read or written: the comparison to which it belongs is done."""
        for file in self.used:
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.npz"


@contextmanager
def keeping() -> Iterator[Kept | None]:
    """Keep chunks in the cache until the block ends well; what ends it otherwise leaves them.

    Yields:
        Where they are kept; None where the cache is switched off or cannot be written to.
    """
    folder = cache.folder(KIND)
    kept = None if folder is None else Kept(folder, KIND)
    yield kept
    if kept is not None:
        kept.clear()
