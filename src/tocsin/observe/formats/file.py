"""A file as it lies there, packed: its name, its digest, and what kind of box it is."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import IO, Self


class File:
    """A file on disk or in memory, of which nothing is interpreted yet.

    Example:
        >>> File.of_bytes("t.csv", b"country,month\\n").container
        'text'
    """

    def __init__(self, name: str, open_raw: Callable[[], IO[bytes]], size: int) -> None:
        self.name = name
        self.size = size
        self._open = open_raw

    @classmethod
    def of_path(cls, path: Path) -> Self:
        """A file on disk."""
        return cls(path.name, lambda: path.open("rb"), path.stat().st_size)

    @classmethod
    def of_bytes(cls, name: str, content: bytes) -> Self:
        """Content that is in memory already."""
        return cls(name, partial(io.BytesIO, content), len(content))

    @cached_property
    def sha256(self) -> str:
        """Digest of the file as it is, packed."""
        with self._open() as raw:
            return hashlib.file_digest(raw, "sha256").hexdigest()  # type: ignore[arg-type]

    @cached_property
    def container(self) -> str:
        """What kind of box the file is: `text` (also JSON, XML), `excel` or `parquet`."""
        with self._open() as raw:
            magic = raw.read(4)
            if magic == b"PAR1":
                return "parquet"
            if magic == b"PK\x03\x04":
                raw.seek(0)
                try:
                    names = zipfile.ZipFile(raw).namelist()
                except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
                    names = []
                if "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names):
                    return "excel"
        return "text"

    def raw(self) -> IO[bytes]:
        """The file as it is, packed, open for reading; close it."""
        return self._open()
