"""`tocsin quarantine`: what was refused, and why; and a sheet on which to correct it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import polars as pl
import typer

from tocsin.base.display.quantity import quantity
from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table
from tocsin.errors import UsageError

if TYPE_CHECKING:
    from tocsin.workspace.store import Workspace

FileArgument = Annotated[
    str | None, typer.Argument(metavar="FILE", help="Only what was refused of this file.")
]
SheetOption = Annotated[
    Path | None,
    typer.Option(metavar="XLSX", help="Write the refused rows of FILE, to correct and observe."),
]


def quarantine(
    file: FileArgument = None,
    workspace: WorkspaceOption = HERE,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 20,
    sheet: SheetOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the rows that were refused: where they stand, which rule, why.

    Lines are counted as a spreadsheet counts them, and columns have the file's own names. With
    --sheet the rows are written as the file has them, the cells at fault marked: correct them, and
    observe the sheet as you observed the file. With --json every row, the original bytes as text.

    Example: tocsin quarantine --limit 50

    Example: tocsin quarantine log.xlsx --sheet to_correct.xlsx
    """
    from tocsin.workspace import shelf
    from tocsin.workspace.store import Workspace

    if sheet is not None and file is None:
        raise UsageError("A sheet is made of one file.", remedy="Name the file before --sheet.")
    with Workspace.open(workspace) as opened:
        frame = opened.read("quarantine", provenance=True)
        read = shelf.find_file(opened, file) if file is not None else None
        if read is not None:
            frame = frame.filter(run_id=read["run_id"])
        if sheet is not None and read is not None:
            _write_sheet(opened, read, Path(str(file)), frame, sheet)
    if as_json:
        rows = frame.drop("row_hash", "run_id").to_dicts()
        for row in rows:
            row["original"] = row["original"].decode("utf-8", errors="backslashreplace")
        print_json(rows)
    elif sheet is not None:
        typer.echo(
            f"Written: {sheet} ({quantity(frame.height, 'row')}). Correct them, and observe it."
        )
    else:
        _print(frame, limit)


def _print(frame: pl.DataFrame, limit: int) -> None:
    if frame.is_empty():
        typer.echo("No row is in quarantine.")
        return
    counts = frame.group_by("source_file", "rule").agg(pl.len().alias("rows"))
    print_table(
        f"{quantity(frame.height, 'row')} in quarantine",
        ("file", "rule", "rows"),
        counts.sort("source_file", "rule").rows(),
    )
    line = pl.coalesce("line", "source_row").alias("line")
    shown = frame.head(limit).select(
        pl.col("source_file").alias("file"), line, "column", "value", "reason"
    )
    print_table(f"The first {shown.height}", shown.columns, shown.rows())


def _write_sheet(
    opened: Workspace, read: dict[str, Any], named: Path, refused: pl.DataFrame, out: Path
) -> None:
    """The sheet of a file: the one that is named, if it is there, else where it lay when read."""
    from tocsin.base.atomic import write_bytes
    from tocsin.observe import Source
    from tocsin.observe.sheet import check_same, correction_sheet
    from tocsin.workspace import shelf

    if out.suffix.lower() != ".xlsx":
        raise UsageError("The sheet is an Excel file.", where=str(out), remedy="Call it .xlsx.")
    path = named if named.is_file() else shelf.place_of(opened, read["sha256"])
    if path is None or not path.is_file():
        raise UsageError(
            f"The file {read['file']} is not where it was read.",
            where=str(path or named),
            remedy="Give its path: tocsin quarantine PATH --sheet XLSX.",
        )
    source = Source.of_path(path)
    check_same(source, read["sha256"])
    write_bytes(out, correction_sheet(source, refused))
