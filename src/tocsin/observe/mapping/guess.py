"""What a draft of a mapping guesses: a column of a table, and which field it may mean."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column of the sample: its name, its values that are not empty, and their share."""

    name: str
    values: list[str]
    filled: float
    tag: str = ""
    """Its HXL hashtag, where row 2 holds such."""
    own: str = ""
    """Its own name, where its name begins with that of a group of columns."""


@dataclass(frozen=True)
class Guess:
    """A guess that a column means a field, with how sure it is (0 to 1) and why."""

    field: str
    column: Column
    score: float
    why: str
    form: str = ""
