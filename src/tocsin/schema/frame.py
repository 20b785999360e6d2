"""A frame that somebody gives to a public function: taken as Polars, or refused in a sentence.

A frame of another library comes in through the Arrow interface for Python
(https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html), which pandas,
PyArrow, DuckDB and others offer. pandas itself is not imported to look at one of its frames.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.base.nearest import nearest
from tocsin.errors import SourceRefused, UsageError

SURE = 0.9
"""A heading of this score is a whole name of its field."""


class ArrowFrame(Protocol):
    """A frame that hands out its columns through the Arrow interface for Python.

    The interface is described at
    https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html.
    """

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The frame as a stream of Arrow batches."""
        ...


Frame: TypeAlias = pl.DataFrame | pl.LazyFrame | ArrowFrame
"""What public functions take for a table."""


def as_frame(given: Any, *, name: str, columns: Iterable[str] = ()) -> pl.DataFrame:
    """Take a user's table as a Polars frame, without changing what came in.

    The named levels of a pandas index become columns, since that is where `set_index` and
    `groupby` put them. An index without a name is a row number and is left out.

    Args:
        given: a frame of Polars (also a lazy one) or pandas, or any table that offers the Arrow
            interface (`__arrow_c_stream__`).
        name: what the table is called in errors.
        columns: columns that must be there.

    Returns:
        The frame, with the rows in the order given.

    Raises:
        UsageError: it is no table, its columns have no plain names, a column holds values of
            several types, or one is missing; the error tells the column that may be meant.

    >>> as_frame(pl.DataFrame({"n": [1]}).lazy(), name="counts", columns=["n"]).height
    1
    """
    if isinstance(given, pl.DataFrame):
        found = given
    elif isinstance(given, pl.LazyFrame):
        found = given.collect()
    elif _is_pandas(given):
        found = _of_pandas(given, name)
    elif hasattr(given, "__arrow_c_stream__"):
        found = _convert(given, name)
        found = found.select(one for one in found.columns if not one.startswith("__index_level_"))
    else:
        raise UsageError(
            f"A table is needed here, not {_kind(given)}.",
            where=name,
            remedy="Give a frame of Polars or pandas, or any table with the Arrow interface "
            "(`polars.DataFrame(…)` makes one of a dict, or of a list of dicts); a file is read by "
            "`tocsin.read` or `tocsin.observe.read_table`.",
        )
    need(found, columns, name)
    return found


def need(frame: pl.DataFrame, columns: Iterable[str], name: str, known: Iterable[str] = ()) -> None:
    """Refuse a frame that lacks columns, and say which of its columns may be meant.

    Args:
        frame: the user's table.
        columns: the names that must be there.
        name: what the table is called in the error.
        known: further names that the table may have; such a column stands for itself.

    Raises:
        UsageError: names the columns, and the frame's columns that are most like them. A column
            that is the beginning of several names, such as 'date', stands for none of them.
    """
    missing = [one for one in columns if one not in frame.columns]
    if not missing:
        return
    others = {*known}
    # Each column is meant by one name only: that which is most like it.
    near = {
        like: nearest(like, missing) or _field_of_heading(like, missing)
        for like in frame.columns
        if like not in others
    }
    # 'date' is as much the beginning of 'date_end' as of 'date_start', and stands for neither.
    near = {
        like: one
        for like, one in near.items()
        if not (one or "").startswith(f"{like}_")
        or sum(other.startswith(f"{like}_") for other in missing) < 2
    }
    meant = " ".join(
        f"Rename '{like}' to '{one}'."
        for like, one in near.items()
        if one and (nearest(one, frame.columns) == like or _field_of_heading(like, missing) == one)
    )
    there = ", ".join(frame.columns[:30]) or "none"
    raise UsageError(
        f"Columns are missing: {', '.join(missing)}.",
        where=name,
        remedy=f"{meant} The columns are: {there}. A pandas index without a name is not looked "
        "at; `reset_index()` makes a column of it.".strip(),
    )


def _field_of_heading(like: str, missing: list[str]) -> str | None:
    """The missing column that a heading means in one of the languages, such as 'pays' 'country'."""
    from tocsin.schema.vocabulary.heading import find_spellings

    found = find_spellings(like)
    sure = found and found[0].score > SURE and found[0].field in missing
    return found[0].field if sure else None


def texts(table: pl.DataFrame, column: str, *, where: str) -> list[str]:
    """Read a column of texts, without the white space around each.

    Args:
        table: the user's table, with this column.
        column: its name.
        where: what the table is called in the error.

    Returns:
        A text for each row; none is empty.

    Raises:
        SourceRefused: a cell is empty; the error names its row, the header being row 1.
    """
    found = ["" if one is None else str(one).strip() for one in table[column].to_list()]
    if "" in found:
        row = found.index("") + 2
        raise SourceRefused(f"'{column}' is empty.", where=f"{where}, row {row}")
    return found


def amounts(
    table: pl.DataFrame, column: str, *, where: str, empty: float | None
) -> npt.NDArray[np.float64]:
    """Read a column of finite numbers that are not negative.

    Args:
        table: the user's table; without this column every cell counts as empty.
        column: its name.
        where: what the table is called in the error.
        empty: the number that an empty cell stands for; None if no cell may be empty.

    Returns:
        Shape (rows,), in the unit of the column.

    Raises:
        SourceRefused: a cell holds no such number; the error names its row, the header being row 1.

    >>> amounts(pl.DataFrame({"cost": ["2.5", ""]}), "cost", where="ways", empty=0.0).tolist()
    [2.5, 0.0]
    """
    cells = table[column].to_list() if column in table.columns else [None] * table.height
    found = []
    for row, value in enumerate(cells, 2):
        text = "" if value is None else str(value).strip()
        try:
            number = float(text) if text else empty
        except ValueError:
            number = None
        if number is None or (text and not (math.isfinite(number) and number >= 0)):
            raise SourceRefused(
                f"'{text}' is no {column}: a number of at least 0 is needed.",
                where=f"{where}, row {row}, column {column}",
                remedy="Correct the cell.",
            )
        found.append(number)
    return np.array(found, dtype=np.float64)


def _of_pandas(frame: Any, where: str) -> pl.DataFrame:
    if not hasattr(frame, "columns"):
        raise UsageError(
            "A frame with columns is needed here, not one column.",
            where=where,
            remedy="Call `to_frame()` or `reset_index()` on it.",
        )
    if getattr(frame.columns, "nlevels", 1) > 1:
        raise UsageError(
            "The frame's columns have names of several levels.",
            where=where,
            remedy="Give each column one name, for example with "
            "`df.columns = ['_'.join(names) for names in df.columns]`.",
        )
    levels = [name for name in frame.index.names if name is not None]
    both = sorted(set(map(str, levels)) & set(map(str, frame.columns)))
    if both:
        raise UsageError(
            f"'{both[0]}' is the name of a column and of the index.",
            where=where,
            remedy="Rename one of them, or drop the index with `reset_index(drop=True)`.",
        )
    whole = frame.reset_index() if levels else frame.reset_index(drop=True)
    names = list(whole.columns)
    odd = [name for name in names if not isinstance(name, str)]
    if odd:
        raise UsageError(
            f"The column name {odd[0]!r} is no text.",
            where=where,
            remedy="Name the columns with texts, for example with `df.columns = [...]`.",
        )
    for name in names:
        if names.count(name) > 1:
            raise UsageError(
                f"Two columns are called '{name}'.", where=where, remedy="Rename one of them."
            )
        if str(whole[name].dtype).startswith("period"):
            whole = whole.assign(**{name: whole[name].dt.to_timestamp()})
    return _convert(whole, where)


def _convert(frame: Any, where: str) -> pl.DataFrame:
    try:
        return pl.DataFrame(frame)
    except Exception as error:  # pandas, PyArrow and Polars each raise their own
        for name in frame.columns if _is_pandas(frame) else ():
            try:
                pl.DataFrame(frame[[name]])
            except Exception as cause:
                raise UsageError(
                    f"The column holds values that are not of one type ({_first(cause)}).",
                    where=f"{where}, column {name}",
                    remedy="Give the column one type, for example with `df.astype({...})`.",
                ) from error
        raise UsageError(
            f"The frame cannot be converted ({_first(error)}).", where=where
        ) from error


def _is_pandas(frame: object) -> bool:
    return type(frame).__module__.partition(".")[0] == "pandas"


def _kind(thing: object) -> str:
    name = type(thing).__name__
    article = "an" if name[0] in "aeiou" or name == "ndarray" else "a"
    return "None" if thing is None else f"{article} {name}"


def _first(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
