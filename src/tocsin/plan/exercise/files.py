"""The files of an exercise: controllers' with the truth, players' and handouts without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tocsin.base.atomic import write_bytes
from tocsin.errors import SourceRefused, UsageError
from tocsin.plan.exercise.script import CELLS, COLUMNS, Script
from tocsin.schema.spreadsheet import write_table

DECISIONS = ("cell", "time", "kind", "territory", "words")
"""The columns in which players write what they decided."""
KINDS = ("warn", "verify", "act", "inform", "stand down")
"""What a decision can be."""


def write_exercise(script: Script, out: Path, *, minutes: int = 180) -> list[Path]:
    """Write an exercise: `controllers/` with the truth, `players/` and `handouts/` without it.

    Args:
        script: the exercise.
        out: the folder, which is made.
        minutes: how long it is played; the timetable spreads the injects over it.

    Returns:
        The files written. In `players/CELL/` stands what a cell knows from the beginning, with an
        empty list of decisions; in `handouts/CELL/` each message to it, which a controller gives
        out when its time has come, or, of two contingencies, the one that fits.

    Raises:
        UsageError: the folder may not be written to.
        MissingExtra: openpyxl is not installed.
    """
    control = out / "controllers"
    control.mkdir(parents=True, exist_ok=True)
    written = [control / name for name in ("msel.csv", "msel.xlsx", "truth.csv", "timetable.csv")]
    write_table(script.events, written[0])
    write_table(script.events, written[1])
    write_table(truth(script), written[2])
    write_table(timetable(script, minutes), written[3])
    for cell in CELLS:
        for room, texts in (("players", _players), ("handouts", _handouts)):
            folder = out / room / slug(cell)
            folder.mkdir(parents=True, exist_ok=True)
            for name, text in texts(script, cell):
                write_bytes(folder / name, text.encode())
                written.append(folder / name)
    return written


def truth(script: Script) -> pl.DataFrame:
    """Say what happens in the future of an exercise, and what is only said to.

    Args:
        script: the exercise.

    Returns:
        Rows by time: `time`, `territory`, `kind`, `size`, `happens`.
    """
    return pl.DataFrame(
        [
            {
                "time": f"{turn.at:%Y-%m-%d %H:%M}", "territory": turn.territory,
                "kind": turn.kind, "size": round(turn.size), "happens": turn.happens,
            }
            for turn in script.turns
        ]
    )  # fmt: skip


def timetable(script: Script, minutes: int) -> pl.DataFrame:
    """Spread the injects over the hours of play; contingencies come with what they follow.

    Args:
        script: the exercise.
        minutes: how long it is played.

    Returns:
        `Event Number` and `minute` from the start.

    Raises:
        UsageError: there is no time.
    """
    if minutes < 1:
        raise UsageError(f"{minutes} minutes are no time.", remedy="Give at least 1.")
    numbers = script.events["Event Number"].to_list()
    main = [number for number in numbers if number.isdigit()]
    step = minutes / max(1, len(main))
    rows, at = [], 0
    for number in numbers:
        at += number.isdigit()
        rows.append({"Event Number": number, "minute": round((max(at, 1) - 1) * step)})
    return pl.DataFrame(rows)


def read_events(path: Path) -> pl.DataFrame:
    """Read a list of events, as it was written or as controllers changed it.

    Args:
        path: `.csv` or `.xlsx`, with `COLUMNS`.

    Returns:
        The rows, all texts; written again they give the same file.

    Raises:
        SourceRefused: a column is missing.
        MissingExtra: openpyxl is not installed.
    """
    if path.suffix.lower() == ".xlsx":
        from tocsin.errors import require

        sheet = require("openpyxl", extra="observe").load_workbook(path, read_only=True).active
        header, *rows = sheet.iter_rows(values_only=True)
        texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
        frame = pl.DataFrame(texts, schema=[str(name) for name in header], orient="row")
    else:
        frame = pl.read_csv(path, infer_schema=False).fill_null("")
    missing = [name for name in COLUMNS if name not in frame.columns]
    if missing:
        raise SourceRefused(f"There is no column '{missing[0]}'.", where=path.name)
    return frame.select(COLUMNS)


def slug(name: str) -> str:
    """Write a name as a folder can be called.

    >>> slug("Border and customs cell")
    'border-and-customs-cell'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def _players(script: Script, cell: str) -> Iterator[tuple[str, str]]:
    """What one cell has from the beginning."""
    places = ", ".join(script.future.territories)
    first, last = script.future.months[0], script.future.months[-1]
    yield (
        "briefing.md",
        (
            f"# EXERCISE – {cell}\n\nThis is an exercise. Nothing in it has happened.\n\n"
            f"You look after: {places}.\nThe exercise plays from {first:%B %Y} to {last:%B %Y}.\n\n"
            "You get messages when their time has come. Some may be early, late or wrong. Write\n"
            "each decision into decisions.csv, with the scenario's time; kinds are: "
            f"{', '.join(KINDS)}.\n"
        ),
    )
    yield "decisions.csv", ",".join(DECISIONS) + "\n"


def _handouts(script: Script, cell: str) -> Iterator[tuple[str, str]]:
    """The messages to a cell: nothing here may come from the columns of controllers."""
    mine = script.events.filter(pl.col("To") == cell)
    for row in mine.iter_rows(named=True):
        yield (
            f"{row['Event Number']}.txt",
            (
                "EXERCISE – EXERCISE – EXERCISE\n"
                f"Time: {row['Designated Scenario Time']}\nFrom: {row['From']}\nTo: {row['To']}\n"
                f"By: {row['Inject Mode']}\n\n{row['Message']}\n\nEXERCISE – EXERCISE – EXERCISE\n"
            ),
        )
