"""Files that are written whole or not at all.

What is written goes to a file beside the target, which is flushed to the disk and then renamed.
A reader, a kill or a power cut finds the old file or the new one, never half of one.
"""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tocsin.base.moved import old_parameters
from tocsin.errors import TocsinError, UsageError


@contextmanager
def replace(target: Path) -> Iterator[Path]:
    """Yield a path to write to; when the block ends well, the target is what was written there.

    The path lies in the target's folder under a name of its own, so that two processes that
    write one target do not meet; the last to end wins. When the block raises, the target is as
    it was and nothing is left beside it. A symbolic link is followed: the file that it leads to
    is replaced, the link stays.

    Args:
        target: the file to make or to replace; its folder must exist.

    Yields:
        The path of an empty file, into which the block writes the new content.

    Raises:
        UsageError: the target is a folder, a device or a pipe; or its folder is not there or
            may not be written to.
        TocsinError: the disk is full or fails.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with replace(folder / "counts.csv") as part:
    ...     _ = part.write_text("deaths")
    >>> [path.name for path in folder.iterdir()]
    ['counts.csv']
    """
    place = _resolve(target)
    part = _touch(place)
    try:
        yield part
        _flush(part)
        part.replace(place)
    except Exception as error:
        if not isinstance(error, TocsinError) and (why := _disk_fault(error)):
            raise TocsinError(
                f"The file cannot be written: {why}.",
                where=str(target),
                remedy="Free some space, or name another disk; what was there before is unchanged.",
            ) from error
        raise
    finally:
        part.unlink(missing_ok=True)
    # The new name itself is safe only once the folder is flushed. Windows flushes no folders,
    # and some network file systems refuse to.
    with suppress(OSError):
        _flush(place.parent)


FAULTS = {
    errno.ENOSPC: "no space left",
    errno.EFBIG: "file too large",
    errno.EDQUOT: "quota exceeded",
    errno.EROFS: "read-only file system",
    errno.EIO: "input/output error",
}
"""Faults of a disk, as the libraries that write tables put them into words of their own."""


def _disk_fault(error: BaseException) -> str:
    """What is wrong with the disk, where that is what an error is about; else nothing."""
    code = getattr(error, "errno", None)
    told = str(error).casefold()
    for number, words in FAULTS.items():
        name = f"io_{errno.errorcode[number].casefold()}"
        if code == number or words in told or told == name:
            return words
    return ""


def check_target(target: Path) -> None:
    """Check that `replace` could write here, before long work whose result goes there.

    Nothing is left behind, and what is there stays as it is.

    Args:
        target: the file that is to be made or replaced.

    Raises:
        UsageError: as `replace`.
    """
    _touch(_resolve(target)).unlink()


def check_apart(target: Path, inputs: Iterable[Path]) -> None:
    """Check that a result would not be written over a file that it is made of.

    Args:
        target: the file that is to be made or replaced.
        inputs: the files that are read.

    Raises:
        UsageError: the target is one of them.
    """
    place = _resolve(target)
    if place.exists() and any(one.exists() and place.samefile(one) for one in inputs):
        raise UsageError(
            "This file is read, so the result cannot be written over it.",
            where=str(target),
            remedy="Name another file.",
        )


def check_folder(folder: Path) -> None:
    """Check that files can be written into a folder, which need not exist yet.

    Args:
        folder: the folder.

    Raises:
        UsageError: the path is a file, or a link to nothing; or the folder, or the nearest
            existing folder above it, cannot be written to.
    """
    with _told(folder):
        if folder.is_symlink() and not folder.exists():
            raise UsageError(
                "This is a link to a folder that does not exist.",
                where=str(folder),
                remedy="Make that folder, or name another.",
            )
        place = folder.resolve()
        while not place.exists() and place != place.parent:
            place = place.parent
    if not place.is_dir():
        raise UsageError("This is no folder.", where=str(folder), remedy="Name a folder.")
    _touch(place / "check", told=folder).unlink()


def _resolve(target: Path) -> Path:
    """The place of the file that a path leads to; nothing but a regular file may stand there."""
    with _told(target):
        place = target.resolve()
        special = place.exists() and not place.is_file()
    if special:
        raise UsageError(
            "This is no regular file, so it cannot be replaced.",
            where=str(target),
            remedy="Name a file.",
        )
    return place


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """Say what is wrong with a path that the system does not take: too long, a circle of links."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(
            f"This is no path for a file: {getattr(error, 'strerror', None) or error}.",
            where=str(target)[:200],
            remedy="Name a folder that exists and that you may write to.",
        ) from error


def _touch(place: Path, told: Path | None = None) -> Path:
    """An empty file under a name of its own beside the place where one is to be written.

    Where it cannot be, `told` is the path of which that is said.
    """
    part = place.with_name(f".{place.name[:40]}.{uuid.uuid4().hex[:12]}.part")
    try:
        part.touch(exist_ok=False)
    except OSError as error:
        raise UsageError(
            f"A file cannot be written here: {error.strerror}.",
            where=str(told or place),
            remedy="Name a folder that exists and that you may write to.",
        ) from error
    return part


@old_parameters(path="target")
def write_bytes(target: Path, content: bytes) -> None:
    """Write a file with this content, whole or not at all.

    Args:
        target: the file to make or to replace; its folder must exist.
        content: all bytes of the new file.

    Raises:
        UsageError: as `replace`.
    """
    with replace(target) as part:
        part.write_bytes(content)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
