"""The known name nearest to one that is not known: for errors that say what was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def plain(name: str) -> str:
    """A name without what does not tell names apart: case, hyphens, underscores, extra spaces.

    >>> plain("Zero-Inflated") == plain("zero_inflated ")
    True
    """
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that is most like another one, or None where none is like it.

    >>> nearest("Poool", ["pool", "forest"])
    'pool'
    >>> nearest("crystal ball", ["pool", "forest"]) is None
    True
    """
    by_plain = {plain(one): one for one in known}
    found = difflib.get_close_matches(plain(name), list(by_plain), n=1, cutoff=0.6)
    return by_plain[found[0]] if found else None


def advice(name: str, known: Iterable[str]) -> str:
    """What an error about an unknown name tells its reader to do.

    >>> advice("poool", ["pool", "forest"])
    "Did you mean 'pool'? There are: 'pool', 'forest'."
    """
    names = list(known)
    near = nearest(name, names)
    meant = f"Did you mean '{near}'? " if near else ""
    there = ", ".join(f"'{one}'" for one in names[:30])
    return f"{meant}There are: {there}." if names else f"{meant}There are none."
