"""How a function keeps the old names of its parameters for one release, each with a warning.

Modules and functions that are elsewhere now are found under their old names by `tocsin.front.old`.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import FunctionType
from typing import Any, ParamSpec, TypeVar

__all__ = ["old_name", "old_parameters", "read_path", "read_paths_by", "warn_of_old"]

P = ParamSpec("P")
R = TypeVar("R")

_READERS: list[Callable[[Path], Any]] = []
"""What reads a file where a path is given for a table: one at most, given by `tocsin.front.old`."""


def old_parameters(**news: str | None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a decorator for a function of which a parameter has a new name, or is taken no more.

    Calls that give the parameter by its old name go on working, with a `DeprecationWarning`.

    Args:
        news: the old name of each parameter, and its new one; None for one without which the
            function does what it did, so that what is given for it is left out.

    Returns:
        The decorator; it keeps the types and the name of the function, which then has `news` as
        its attribute `old_parameters`.

    Raises:
        TypeError: the decorated function is given both names of one parameter.
    """
    gone = [old for old, new in news.items() if new is None]

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        code = function.__code__ if isinstance(function, FunctionType) else None
        places = code.co_argcount if code is not None else sys.maxsize

        @wraps(function)
        def call(*args: P.args, **given: P.kwargs) -> R:
            name, kept = function.__qualname__, args[:places]
            if 0 < len(args) - len(kept) <= len(gone):
                warn_of_old(f"{name}(…, {gone[0]})", f"{name}(…)")
                return function(*kept, **given)  # type: ignore[arg-type]
            for old in news.keys() & given.keys():
                new = news[old]
                if new in given:
                    raise TypeError(f"'{new}' and its old name '{old}' are both given")
                told = f"{new}=…" if new else "…"
                warn_of_old(f"{name}({old}=…)", f"{name}({told})")
                value = given.pop(old)
                if new is not None:
                    given[new] = value
            return function(*args, **given)

        vars(call)["old_parameters"] = news
        return call

    return decorate


def old_name(new: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a decorator for a method that goes on working under its old name, with a warning.

    Args:
        new: the full name of what takes its place.

    Returns:
        The decorator; the method that it returns warns with a `DeprecationWarning` at each call.
    """

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def call(*args: P.args, **given: P.kwargs) -> R:
            warn_of_old(method.__qualname__, new)
            return method(*args, **given)

        return call

    return decorate


def warn_of_old(old: str, new: str) -> None:
    """Warn that an old name goes with the next release.

    Args:
        old: what was named.
        new: what has its place.
    """
    warnings.warn(
        f"'{old}' is now '{new}'; the old name goes with the next release.",
        DeprecationWarning,
        stacklevel=3,
    )


def read_paths_by(reader: Callable[[Path], Any]) -> None:
    """Say what reads a file where a path is given to a function that takes tables now.

    A stage must not know the one that reads files, so that it is told from above.

    Args:
        reader: takes the path, and gives what `tocsin.observe.read_table` does.
    """
    _READERS[:] = [reader]


def read_path(path: Path, instead: str) -> Any:
    """Read a file for a function that took paths and now takes tables, with a warning.

    Args:
        path: the file.
        instead: full name of what takes tables, for the warning.

    Returns:
        What `tocsin.observe.read_table` gives.

    Raises:
        UsageError: there is no such file.
        SourceRefused: the file is empty, damaged or of an unknown kind.
    """
    warnings.warn(
        "Paths are taken here for one release more: read a file by "
        f"'tocsin.observe.read_table', and give its rows to '{instead}'.",
        DeprecationWarning,
        stacklevel=3,
    )
    return _READERS[0](path)
