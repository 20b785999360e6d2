"""A file as it lies there, packed: its name, its digest, and what kind of box it is."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import IO, Self

from tocsin.base.paths import PathLike, as_path, as_paths
from tocsin.errors import UsageError

NO_DATA = (".toml", ".md", ".duckdb", ".wal")
"""Suffixes of files in a folder that are about data, or a workspace, and hold none to read."""


def input_files(paths: PathLike | Sequence[PathLike]) -> list[Path]:
    """List the files that paths name: a folder stands for the files in it, in the order of their
    names.

    Folders within a folder are not looked into. Hidden files, those of an editor's lock and those
    of `NO_DATA` are left out of a folder.

    Args:
        paths: a file or folder, or several.

    Returns:
        The files.

    Raises:
        UsageError: what is given is no path, a path does not exist, or a folder holds no file
            to read.
    """
    found: list[Path] = []
    for path in as_paths(paths):
        if not path.is_dir():
            found.append(one_file(path))
            continue
        inside = [
            one
            for one in sorted(path.iterdir())
            if one.is_file() and one.suffix not in NO_DATA and one.name[0] not in ".~"
        ]
        if not inside:
            raise UsageError(
                "This folder holds no file to read.",
                where=str(path),
                remedy="Name files, or a folder that directly holds some.",
            )
        found += inside
    return found


def one_file(given: PathLike) -> Path:
    """Return the path of a file, if it stands there.

    Args:
        given: the path, as text or not.

    Returns:
        The path.

    Raises:
        UsageError: it is no path, there is no file, or the path is a folder.
    """
    path = as_path(given)
    if path.is_dir():
        raise UsageError(
            "This is a folder, where a file is needed.",
            where=str(path),
            remedy="Name one of its files.",
        )
    if not path.is_file():
        raise UsageError("There is no such file.", where=str(path), remedy="Look at the path.")
    return path


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
    def of_path(cls, given: PathLike) -> Self:
        """Make a `File` of a file on disk, which is not read yet.

        Raises:
            UsageError: it is no path, there is no file, or the path is a folder.
        """
        path = one_file(given)
        return cls(path.name, lambda: path.open("rb"), path.stat().st_size)

    @classmethod
    def of_bytes(cls, name: str, content: bytes) -> Self:
        """Make a `File` of content that is in memory already."""
        return cls(name, partial(io.BytesIO, content), len(content))

    @cached_property
    def sha256(self) -> str:
        """Return the SHA-256 of the file as it is, packed, as 64 hexadecimal digits."""
        with self._open() as raw:
            return hashlib.file_digest(raw, "sha256").hexdigest()  # type: ignore[arg-type]

    @cached_property
    def container(self) -> str:
        """Return the kind of box that the file is: `text` (also JSON, XML), `excel`,
        `opendocument` or `parquet`.
        """
        with self._open() as raw:
            magic = raw.read(4)
            if magic == b"PAR1":
                return "parquet"
            if magic == b"PK\x03\x04":
                raw.seek(0)
                return _kind_of_zip(raw)
        return "text"

    def raw(self) -> IO[bytes]:
        """Open the file as it is, packed, for reading; the caller closes it."""
        return self._open()


_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"


def _kind_of_zip(raw: IO[bytes]) -> str:
    """What kind of box a zip is: a workbook, or what packs a text."""
    try:
        archive = zipfile.ZipFile(raw)
        names = archive.namelist()
        if "[Content_Types].xml" in names and any(n.startswith("xl/") for n in names):
            return "excel"
        if {"mimetype", "content.xml"} <= set(names):
            with archive.open("mimetype") as said:
                if said.read(len(_SPREADSHEET)) == _SPREADSHEET:
                    return "opendocument"
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError):
        pass
    return "text"
