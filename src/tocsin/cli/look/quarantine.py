"""`tocsin quarantine`: what was refused, and why."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from tocsin.cli.options import HERE, JsonOption, WorkspaceOption
from tocsin.cli.output import print_json, print_table


def quarantine(
    workspace: WorkspaceOption = HERE,
    limit: Annotated[int, typer.Option(min=1, help="Rows to show.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Show the rows that were refused: where they stand, which rule, why.

    With --json every row, the original bytes as text.

    Example: tocsin quarantine --limit 50
    """
    from tocsin.workspace.store import Workspace

    with Workspace.open(workspace) as opened:
        frame = opened.read("quarantine")
    if as_json:
        rows = frame.to_dicts()
        for row in rows:
            row["original"] = row["original"].decode("utf-8", errors="backslashreplace")
        print_json(rows)
        return
    counts = frame.group_by("source_file", "rule").agg(pl.len().alias("rows"))
    print_table(
        f"{frame.height:,} rows in quarantine",
        ("file", "rule", "rows"),
        counts.sort("source_file", "rule").rows(),
    )
    shown = frame.head(limit).select("source_file", "source_row", "column", "value", "reason")
    print_table(f"The first {shown.height}", shown.columns, shown.rows())
