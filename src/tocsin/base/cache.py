"""The cache: what was computed once and can be computed again, kept between processes.

It lies in one folder: `TOCSIN_CACHE` names it; else it is `tocsin` in `XDG_CACHE_HOME`, or in
`~/.cache` (XDG Base Directory Specification). `TOCSIN_CACHE=off` keeps nothing. A cache and
nothing more: where the folder cannot be written nothing is kept, an entry that cannot be read is
computed again, and every kind of entry has a limit beyond which those longest unused go. Several
processes may use it at once: entries are written whole, under names that follow from all that
decides their content.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.base import atomic
from tocsin.errors import TocsinError

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

VARIABLE = "TOCSIN_CACHE"
LIMITS: dict[str, int] = {
    "programs": 300_000_000,
    "fits": 50_000_000,
    "hindcasts": 500_000_000,
    "steps": 200_000_000,
    "scripts": 20_000_000,
    "futures": 1_500_000_000,
}
"""Kinds of entries, and so many bytes of each are kept."""


LIBRARIES = ("jax", "jaxlib", "numpy", "numpyro", "optax", "polars", "scipy", "splink")
"""Libraries whose versions belong in every key, since another version may give other digits."""

CODE = (".py", ".toml", ".csv", ".json", ".topojson", ".j2", ".js", ".css")
"""Ends of names of files on which a result may rest."""


def root() -> Path | None:
    """Return the folder of the cache, whether it exists or not.

    The environment variable `TOCSIN_CACHE` decides, else `XDG_CACHE_HOME` (XDG Base Directory
    Specification), else the folder `.cache` in the user's home.

    Returns:
        The folder; None if nothing is to be kept, or if no home folder is known.

    >>> import os
    >>> from unittest.mock import patch
    >>> with patch.dict(os.environ, TOCSIN_CACHE="off"):
    ...     root() is None
    True
    """
    said = os.environ.get(VARIABLE, "")
    if said.lower() in {"off", "0", "none"}:
        return None
    if said:
        return Path(said).expanduser()
    above = os.environ.get("XDG_CACHE_HOME", "")
    # The standard says that a relative path is not looked at.
    if not os.path.isabs(above):
        home = Path.home() if os.environ.get("HOME") else None
        return home / ".cache" / "tocsin" if home else None
    return Path(above) / "tocsin"


def folder(kind: str) -> Path | None:
    """Return the folder for one kind of entry, and make it if it does not exist.

    Args:
        kind: one of `LIMITS`.

    Returns:
        The folder; None where the cache is switched off or the folder cannot be written to.
    """
    above = root()
    if above is None:
        return None
    place = above / kind
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return place if os.access(place, os.W_OK | os.X_OK) else None


def remember(
    kind: str, key: dict[str, Any], compute: Callable[[], dict[str, np.ndarray]]
) -> dict[str, np.ndarray]:
    """Return the arrays that are kept under a key, or compute them now and keep them.

    An entry that is damaged is computed again. Where the cache cannot be written to, the arrays
    are computed at each call.

    Args:
        kind: one of `LIMITS`.
        key: everything that decides the content, as JSON values.
        compute: a function that gives the arrays by name, of any shapes.

    Returns:
        The arrays by name, as `compute` gave them.
    """
    import numpy as np

    path = _place(kind, key)
    if path is None:
        return compute()
    try:
        with np.load(path, allow_pickle=False) as held:
            found = {name: held[name] for name in held.files}
        os.utime(path)
        return found
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        pass  # not there, or damaged: computed again and replaced
    found = compute()
    try:
        with atomic.replace(path) as part, part.open("wb") as file:
            np.savez_compressed(file, **found)  # type: ignore[arg-type]
        sweep(kind)
    except (OSError, TocsinError):
        pass  # a full disk costs the entry, not the result
    return found


def holds(kind: str, key: dict[str, Any]) -> bool:
    """Say whether something is kept under a key.

    Args:
        kind, key: as `remember` takes them.

    Returns:
        True if there is an entry, which may yet turn out to be damaged.
    """
    path = _place(kind, key)
    return path is not None and path.is_file()


def _place(kind: str, key: dict[str, Any]) -> Path | None:
    """Where the entry of a key is kept; None if nothing is."""
    place = folder(kind)
    if place is None:
        return None
    complete = key | {"libraries": versions()}
    digest = hashlib.sha256(json.dumps(complete, sort_keys=True, default=str).encode()).hexdigest()
    return place / f"{digest[:40]}.npz"


class _TooLarge(Exception):
    """What was computed is too large to be kept."""


def remember_tables(
    kind: str, key: dict[str, Any], compute: Callable[[], Mapping[str, pl.DataFrame]]
) -> dict[str, pl.DataFrame]:
    """Return the tables that are kept under a key, or compute them now and keep them.

    They are kept as files of Arrow's format, which holds every value and type as it is. Tables that
    take more memory than all entries of the kind may take on disk are not kept.

    Args:
        kind, key: as `remember` takes them.
        compute: a function that gives the tables by name.

    Returns:
        The tables by name, as `compute` gave them.
    """
    import numpy as np
    import polars as pl

    computed: dict[str, pl.DataFrame] = {}

    def pack() -> dict[str, np.ndarray]:
        computed.update(compute())
        if sum(frame.estimated_size() for frame in computed.values()) > LIMITS[kind]:
            raise _TooLarge
        found = {}
        for name, frame in computed.items():
            written = io.BytesIO()
            frame.write_ipc(written, compression="zstd")
            found[name] = np.frombuffer(written.getbuffer(), dtype=np.uint8)
        return found

    try:
        held = remember(kind, key, pack)
    except _TooLarge:
        return computed
    return {name: pl.read_ipc(io.BytesIO(one.tobytes())) for name, one in held.items()}


@lru_cache(maxsize=1)
def versions() -> dict[str, str]:
    """Return the versions of those libraries that belong in every key.

    Returns:
        The version by the name of the library, for those that are installed.
    """
    found = {}
    for library in LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[library] = version(library)
    return found


@lru_cache(maxsize=32)
def code(folder: Path) -> str:
    """Return the digest of all files of code below a folder, with the words and weights beside it.

    It belongs in the key of what is kept, so that a result of other code is not taken for one of
    this code.

    Args:
        folder: the folder; its files are read in the order of their paths.

    Returns:
        A SHA-256, as 64 hexadecimal digits.
    """
    digest = hashlib.sha256()
    for above, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            if name.endswith(CODE):
                path = Path(above, name)
                digest.update(str(path.relative_to(folder)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def sweep(kind: str) -> None:
    """Delete those entries of one kind that were unused for longest, until the rest fit its limit.

    Args:
        kind: one of `LIMITS`, which gives the limit in bytes.
    """
    place = folder(kind)
    if place is None:
        return
    held = sorted(_files(place), key=lambda one: one[1], reverse=True)
    kept = 0
    for path, _, size in held:
        kept += size
        if kept > LIMITS[kind]:
            _delete(path)


def sizes() -> dict[str, dict[str, int]]:
    """Count the entries of each kind and the bytes that they take.

    Returns:
        For each kind in `LIMITS`, the numbers `entries` (files) and `bytes`.
    """
    above = root()
    found = {}
    for kind in LIMITS:
        held = _files(above / kind) if above else []
        found[kind] = {"entries": len(held), "bytes": sum(size for _, _, size in held)}
    return found


def clear() -> int:
    """Delete all entries of all kinds, and nothing else that lies in the folder.

    Returns:
        How many bytes were freed.
    """
    above, freed = root(), sum(one["bytes"] for one in sizes().values())
    for kind in LIMITS if above else ():
        shutil.rmtree(above / kind, ignore_errors=True)  # type: ignore[operator]
    return freed - sum(one["bytes"] for one in sizes().values())


def _files(place: Path) -> list[tuple[Path, float, int]]:
    """Files below a folder with the time of their last use and their size."""
    found = []
    for path in place.rglob("*") if place.is_dir() else ():
        try:
            state = path.stat()
        except OSError:
            continue  # another process has just deleted it
        if path.is_file():
            found.append((path, max(state.st_mtime, state.st_atime), state.st_size))
    return found


def _delete(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
