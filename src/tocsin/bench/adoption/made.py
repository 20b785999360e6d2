"""Made texts as cases: what words say of a user weighs the same in texts that nobody reported.

How often a role is the user is of the author's making there, so it stays apart from the field's.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from tocsin.assess.technology.mentions.users import ANSWERS, EVIDENCE, features
from tocsin.bench.adoption.users import Case
from tocsin.bench.mentions.made import SETS, find_users, texts
from tocsin.bench.mentions.scores import USER_OF

FITTED = ("1", "2", "3", "4", "5", "6", "7")
"""Sets that weights are fitted on; one that is to be scored once stays out."""
APART = "made"
"""Before the name of a role in a made text, which no weight of the field has."""


def cases_of_made(sets: Collection[str] = FITTED) -> list[Case]:
    """Take the made texts whose user is known.

    Args:
        sets: numbers of `made.SETS`; each counts as a region of its own.

    Returns:
        Those whose class the house's reading finds, with what words and facts say of the user by
        the names of `users.EVIDENCE`, and roles by names of their own.

    Raises:
        KeyError: there is no such set.
    """
    unknown = set(sets) - set(SETS)
    if unknown:
        raise KeyError(f"There is no set of made texts called {sorted(unknown)[0]!r}.")
    found = []
    for row in (
        texts().filter(pl.col("row_id").str.slice(0, 1).is_in(list(sets))).iter_rows(named=True)
    ):
        for technology, user, one, facts in find_users(row):
            told: list[Mapping[str, float] | None] = [
                None
                if each is None
                else {
                    name if name in EVIDENCE else f"{APART} {name}": value
                    for name, value in each.items()
                }
                for each in features(technology, one.by, one.against, facts)
            ]
            allowed = [answer in USER_OF[user] for answer in ANSWERS]
            if any(ok and each is not None for ok, each in zip(allowed, told, strict=True)):
                region = f"{APART} {row['row_id'][0]}"
                found.append(Case(region, technology, row["row_id"], told, allowed))
    return found
