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


TargetOption = Annotated[
    str | None,
    typer.Option(
        help="The column of counts; ged_sb, or else the only one, if none is named. "
        "With --grid: ged_sb, ged_ns, ged_os, ged_total."
    ),
]


def read_history(path: Path, target: str | None, absent: Absent = Absent.UNKNOWN) -> Panel:
    """Read any table file (`tocsin.observe.read_table`) as a history of one target.

    What was taken for granted is told on standard error.

    Args:
        path: the file: a row a country and month; or a column for each month.
        target: the column of counts; None: `ged_sb`, or else the only column of numbers.
        absent: what a month is that the file does not have.

    Returns:
        The panel of all countries and months.

    Raises:
        UsageError: there is no such file or column.
        SourceRefused: a row cannot be read or holds a wrong value; the error names its line.
    """
    from tocsin.anticipate.data.absence import fill_absent
    from tocsin.anticipate.data.arrange import arrange
    from tocsin.anticipate.data.history import history_of
    from tocsin.observe import read_table

    table = read_table(path)
    made = arrange(table.sound(), target, lines=table.lines, name=table.name)
    for note in (*table.notes, *made.said):
        typer.echo(note, err=True)
    found = history_of(made.rows, made.target, name=table.name, lines=made.lines)
    return fill_absent(found) if absent is Absent.ZERO else found
