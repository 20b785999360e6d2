"""The known name nearest to one that is not known: for errors that say what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def plain(name: str) -> str:
    """Reduce a name to what tells it from others: no case, hyphens, underscores or extra spaces.

    Returns:
        The name with its case folded, and single spaces between its words.

    >>> plain("Zero-Inflated") == plain("zero_inflated ")
    True
    """
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Find the known name that is most like another name.

    The likeness is the ratio of `difflib.SequenceMatcher` (Ratcliff and Metzener, Pattern
    matching: the Gestalt approach, Dr. Dobb's Journal, July 1988), and must be at least 0.6. Names
    are compared as `plain` writes them.

    Args:
        name: the name that is not known.
        known: the names that are known.

    Returns:
        The known name as it is written; None where no name is like enough.

    >>> nearest("Poool", ["pool", "forest"])
    'pool'
    >>> nearest("crystal ball", ["pool", "forest"]) is None
    True
    """
    by_plain = {plain(one): one for one in known}
    found = difflib.get_close_matches(plain(name), list(by_plain), n=1, cutoff=0.6)
    return by_plain[found[0]] if found else None


def advice(name: str, known: Iterable[str]) -> str:
    """Write what an error about an unknown name tells its reader to do.

    Args:
        name: the name that is not known.
        known: the names that are known, of which at most 30 are listed.

    Returns:
        One or two sentences.

    >>> advice("poool", ["pool", "forest"])
    "Did you mean 'pool'? There are: 'pool', 'forest'."
    """
    names = list(known)
    near = nearest(name, names)
    meant = f"Did you mean '{near}'? " if near else ""
    there = ", ".join(f"'{one}'" for one in names[:30])
    return f"{meant}There are: {there}." if names else f"{meant}There are none."


def written_twice(names: Iterable[str]) -> tuple[str, str] | None:
    """Find two names that differ only in capitals or blanks.

    >>> written_twice(["power", "water", "Power"])
    ('power', 'Power')
    """
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault("".join(name.casefold().split()), name)
        if first != name:
            return first, name
    return None
