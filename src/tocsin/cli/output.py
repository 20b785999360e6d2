"""What the command line prints: tables for people, JSON for machines, errors for both."""

from __future__ import annotations

import json
import math
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tocsin.errors import PluginWarning, TocsinError

TRACEBACK = "TOCSIN_TRACEBACK"
"""The environment variable that shows where an unforeseen error came from."""

if TYPE_CHECKING:
    import polars as pl

    from tocsin.share.finding import Checked
    from tocsin.workspace.runner import Result
    from tocsin.workspace.store import Workspace


def print_json(value: Any) -> None:
    """Print a value as JSON on standard output; dates become ISO 8601 text.

    What is no finite number is null: JSON has no other word for it (RFC 8259, section 6).
    """
    told = _without_nan(value)
    text = json.dumps(told, default=str, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write(text + "\n")


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_error(error: TocsinError, *, as_json: bool) -> None:
    """Print an error: as JSON on standard output, or in words on standard error.

    Args:
        error: the error, with what is wrong, where, and a remedy.
        as_json: True prints JSON.
    """
    if as_json:
        print_json(error.as_dict())
        return
    sys.stderr.write(f"Error: {error.what}\n")
    if error.where:
        sys.stderr.write(f"  Where: {error.where}\n")
    if error.remedy:
        sys.stderr.write(f"  What to do: {error.remedy}\n")


def print_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Print what tocsin warns of as one line, and any other warning as Python does.

    The arguments are those of `warnings.showwarning`, in whose place the command line puts this.
    """
    if issubclass(category, PluginWarning):
        print(f"Warning: {message}", file=file or sys.stderr)
    else:
        print(
            warnings.formatwarning(message, category, filename, lineno, line),
            end="",
            file=file or sys.stderr,
        )


def warn_unassessed(opened: Workspace) -> None:
    """Say that a list may be otherwise, where `assess` has not run here, or by other code."""
    if opened.last_run("assess") is None:
        print(
            "Warning: nothing was assessed here, so that what is not listed may be so all the same."
            " Run `tocsin assess` first.",
            file=sys.stderr,
        )
    warn_made_otherwise(opened, ("assess",))


def warn_made_otherwise(opened: Workspace, steps: Sequence[str]) -> None:
    """Say which results another version of tocsin made, since this one may tell otherwise.

    Args:
        opened: an open workspace.
        steps: names of the steps whose results are told of.
    """
    from tocsin.workspace.status import made_otherwise

    if others := made_otherwise(opened, steps):
        names = " and ".join([", ".join(others[:-1]), others[-1]] if others[1:] else others)
        print(
            f"Warning: another version of tocsin made what {names} computed. `tocsin brief` makes "
            "it again.",
            file=sys.stderr,
        )


def unforeseen(error: BaseException) -> TocsinError:
    """Make an error for people of what nobody foresaw: the disk, the memory, or a fault of ours.

    Args:
        error: what was raised.

    Returns:
        The error, with the line of tocsin at which it happened where it is a fault of ours.
    """
    if isinstance(error, OSError) and error.strerror:
        return TocsinError(
            f"The system refuses: {error.strerror}.",
            where=str(error.filename or ""),
            remedy="Mend this, and run the command again; the last good state is kept.",
        )
    if isinstance(error, MemoryError):
        return TocsinError(
            "There is not enough memory.",
            remedy="Close other programs, or ask for less; the last good state is kept.",
        )
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "tocsin" in Path(frame.filename).parts]
    first = (str(error).splitlines() or [""])[0][:300]
    return TocsinError(
        f"This is a fault of tocsin ({type(error).__name__}: {first}).",
        where=f"{Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else "",
        remedy=f"Tell who keeps tocsin; {TRACEBACK}=1 shows the whole way. The last good state is "
        "kept.",
    )


def print_table(title: str, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Print a table on standard output, with numbers on the right.

    A file or pipe gets the table in its full width.

    Args:
        title: a line above the table; empty: none.
        header: the names of the columns.
        rows: the rows, each as long as the header.
    """
    from rich.console import Console
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title or None, title_justify="left", title_style="bold")
    for position, name in enumerate(header):
        numbers = bool(rows) and all(isinstance(row[position], int | float) for row in rows)
        # Where a terminal is narrow, words are folded before digits are.
        least = max((len(_text(row[position])) for row in rows), default=0) if numbers else None
        justify: Any = "right" if numbers else "left"
        table.add_column(name, justify=justify, overflow="fold", min_width=least)
    for row in rows:
        table.add_row(*(Text(_text(value)) for value in row))
    console = Console()
    if not console.is_terminal:
        whole = Measurement.get(console, console.options.update(max_width=10_000), table).maximum
        console = Console(width=max(console.width, whole))
    console.print(table)


def save_table(frame: pl.DataFrame, out: Path) -> None:
    """Write a frame whole or not at all, as CSV, Excel or Parquet by its suffix.

    Args:
        frame: the rows.
        out: the file, whose suffix is .csv, .xlsx or .parquet.

    Raises:
        UsageError: the file has another suffix, or the frame has too many rows for a sheet of
            Excel.
    """
    from tocsin.schema.spreadsheet import write_table

    write_table(frame, out)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return "–" if value is None else str(value)


@contextmanager
def working(what: str, *, quiet: bool) -> Iterator[Any]:
    """Show a spinner with elapsed time on standard error while long work goes on.

    Args:
        what: the words beside the spinner.
        quiet: True shows nothing.

    Yields:
        A function that changes the words shown.
    """
    if quiet:
        yield lambda _what: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=None)
        yield lambda words: progress.update(task, description=words)


def print_decision(row: dict[str, Any], as_json: bool) -> None:
    """Print that a decision on an organisation or its technology is kept, or its row as JSON."""
    if as_json:
        print_json(row)
    else:
        print(f"Kept as {row['statement_id']}. Run `tocsin assess` to use it.")


def print_result(result: Result) -> None:
    """Print one run of one step: the rows that it left, and how long it took."""
    rows = [[name, count] for name, count in result.rows.items()]
    print_table(f"{result.stage} ({result.seconds:.1f} s)", ("table", "rows"), rows)
    if result.settled:
        print(f"Forecast: {result.settled}")


def print_findings(checked: Checked) -> None:
    """Print what a check found about one file, a line each: how grave, where, what, and what to do.

    Args:
        checked: the file's findings.
    """
    for finding in checked.findings:
        place = f"line {finding.line}, " if finding.line else ""
        remedy = f" {finding.remedy}" if finding.remedy else ""
        words = f"{place}{finding.where}: {finding.what}.{remedy}"
        sys.stdout.write(f"  {finding.severity}: {words}\n")


def checked_row(checked: Checked) -> dict[str, Any]:
    """Give what a check found about one file for machines.

    Args:
        checked: the file's findings.

    Returns:
        `file`, `valid`, `summary` and `findings`.
    """
    return {
        "file": checked.name,
        "valid": checked.valid,
        "summary": checked.summary,
        "findings": [vars(finding) for finding in checked.findings],
    }
