"""A path that somebody gives to a public function: taken as a `Path`, or refused in a sentence."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

from tocsin.errors import UsageError

PathLike: TypeAlias = str | os.PathLike[str]
"""What public functions take for a path."""


def as_path(given: object, *, name: str = "path") -> Path:
    """Take a user's path, written as text or as any object that stands for a path.

    Args:
        given: a text, a `pathlib.Path`, or another object with `__fspath__`.
        name: what the path is called in errors.

    Returns:
        The path. Nothing is looked up on the disk.

    Raises:
        UsageError: it is no path, it is empty, it is an address in a network, or it holds the
            character NUL.

    >>> as_path("logs/2021.csv").name
    '2021.csv'
    """
    if not isinstance(given, str | os.PathLike):
        raise _refusal(f"A path is needed here, not {_kind(given)}.", name)
    text: object = os.fspath(given)
    if not isinstance(text, str):
        raise _refusal("A path is needed here as text, not as bytes.", name)
    if not text.strip():
        raise _refusal("The path is empty.", name)
    if scheme := re.match(r"(https?|ftp|s3|gs)://", text):
        raise UsageError(
            f"tocsin fetches nothing over {scheme[1]}.",
            where=name,
            remedy="Download the file, and give the path of the copy.",
        )
    if "\0" in text:
        raise _refusal("A path holds no character NUL.", name)
    return Path(text)


def as_paths(given: object, *, name: str = "paths") -> list[Path]:
    """Take one path or several.

    Args:
        given: what `as_path` takes, or a list, a tuple or another collection of such.
        name: what the paths are called in errors.

    Returns:
        The paths, in the order given; of a collection without any, none.

    Raises:
        UsageError: it is no path and no collection of paths.

    >>> [path.name for path in as_paths(["a.csv", Path("b.csv")])]
    ['a.csv', 'b.csv']
    """
    one_thing = isinstance(given, str | bytes | bytearray | os.PathLike | Mapping)
    # A frame gives the names of its columns, which would be taken for files.
    one_thing = one_thing or hasattr(given, "columns") or hasattr(given, "dtype")
    if one_thing or not isinstance(given, Iterable):
        return [as_path(given, name=name)]
    return [as_path(one, name=f"{name}[{place}]") for place, one in enumerate(given)]


def _refusal(what: str, name: str) -> UsageError:
    return UsageError(
        what, where=name, remedy="Give it as text, such as 'folder/file.csv', or as a pathlib.Path."
    )


def _kind(thing: object) -> str:
    return "None" if thing is None else f"a {type(thing).__name__}"
