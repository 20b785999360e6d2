"""A country-month file as `forecast` and `backtest` take it: read by observe, checked by name."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from tocsin.anticipate.data.panel import Panel


class Absent(StrEnum):
    """This says what a month is that a file does not have: unknown, or zero."""

    UNKNOWN = "unknown"
    ZERO = "zero"


AbsentOption = Annotated[
    Absent,
    typer.Option(
        "--absent", help="What a month is that the file does not have: unknown, or zero deaths."
    ),
]


def read_history(path: Path, target: str, absent: Absent = Absent.UNKNOWN) -> Panel:
    """Read any table file (`tocsin.observe.read_table`) as a history of one target.

    Args:
        path: the file.
        target: the column of counts.
        absent: what a month is that the file does not have.

    Returns:
        The panel of all countries and months.

    Raises:
        UsageError: there is no such file or column.
        SourceRefused: a row cannot be read or holds a wrong value; the error names its line.
    """
    from tocsin.anticipate.data.absence import fill_absent
    from tocsin.anticipate.data.history import history_of
    from tocsin.observe import read_table

    table = read_table(path)
    found = history_of(table.sound(), target, name=table.name, lines=table.lines)
    return fill_absent(found) if absent is Absent.ZERO else found
