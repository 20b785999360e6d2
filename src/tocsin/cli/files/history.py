"""A country-month file as `forecast` and `backtest` take it: read by observe, checked by name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.anticipate.data.panel import Panel


def read_history(path: Path, target: str) -> Panel:
    """Read any table file (`tocsin.observe.read_table`) as a history of one target.

    Raises:
        UsageError: no such file, or no such column.
        SourceRefused: a row cannot be read or holds a wrong value; the error names its line.
    """
    from tocsin.anticipate.data.history import history_of
    from tocsin.observe import read_table

    table = read_table(path)
    return history_of(table.sound(), target, name=table.name, lines=table.lines)
