"""A frame that somebody gives to a public function: taken as Polars, or refused in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from tocsin.errors import UsageError


def as_frame(given: Any, *, name: str, columns: Iterable[str] = ()) -> pl.DataFrame:
    """A table of the user's as a Polars frame.

    Args:
        given: a Polars frame (also a lazy one), a pandas frame, or any table that offers Arrow's
            PyCapsule interface (`__arrow_c_stream__`); an index of pandas is left out.
        name: what the table is called in errors.
        columns: columns that must be there.

    Raises:
        UsageError: it is no table, or a column is missing.

    >>> as_frame(pl.DataFrame({"n": [1]}).lazy(), name="counts", columns=["n"]).height
    1
    """
    if isinstance(given, pl.DataFrame):
        frame = given
    elif isinstance(given, pl.LazyFrame):
        frame = given.collect()
    elif hasattr(given, "__arrow_c_stream__"):
        try:
            frame = pl.DataFrame(given)
        except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
            raise UsageError(
                f"This table cannot be taken over: {str(error).splitlines()[0]}.",
                where=name,
                remedy="Give each column values of one kind.",
            ) from error
        frame = frame.select(one for one in frame.columns if not one.startswith("__index_level_"))
    else:
        raise UsageError(
            f"A table is expected, not a {type(given).__name__}.",
            where=name,
            remedy="Give a frame of Polars or pandas, or any table with the Arrow interface; a "
            "file is read by `tocsin.observe.read_table`.",
        )
    missing = [one for one in columns if one not in frame.columns]
    if missing:
        raise UsageError(
            f"Columns are missing: {', '.join(missing)}.",
            where=name,
            remedy=f"The table has: {', '.join(frame.columns[:30])}.",
        )
    return frame
