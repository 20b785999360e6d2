"""The options that all verbs share, and the workspace that they open."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

WorkspaceOption = Annotated[
    Path,
    typer.Option(
        "--workspace", "-w", metavar="DIR", help="The workspace's folder.", show_default="here"
    ),
]
HistoryOption = Annotated[
    list[Path],
    typer.Option(
        "--history",
        metavar="FILE",
        help="Table (CSV, Excel, Parquet): country, month, and a count. With --grid: events; "
        "say it again for more files.",
    ),
]
WithdrawOption = Annotated[
    str | None, typer.Option("--withdraw", metavar="STATEMENT", help="Take a statement back.")
]
ByOption = Annotated[str, typer.Option("--by", help="Who says so, and on what ground.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines, nothing else.")]

HERE = Path()
SEEDS = 2**32 - 1
"""The greatest start of random numbers, as in a workspace's settings."""
DRAWS = 100_000
"""Draws of a forecast at most: those of all countries must fit into memory."""
