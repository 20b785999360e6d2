"""The files of an exercise: controllers' with the truth, players' and handouts without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import polars as pl

from tocsin.base.atomic import write_bytes
from tocsin.errors import SourceRefused, UsageError
from tocsin.plan.exercise.script import CELLS, COLUMNS, COUNTED, Script
from tocsin.schema.handmade import refuse_missing
from tocsin.schema.spreadsheet import write_table

DECISIONS = ("cell", "time", "kind", "territory", "words")
"""The columns in which players write what they decided."""
HANDOUT = re.compile(r"\d+[a-z]*\.txt")
"""What the file of a handout is called."""
TRUTH = ("time", "territory", "kind", "size", "happens")
"""The columns of the truth."""
KINDS = ("warn", "verify", "act", "inform", "stand down")
"""What a decision can be."""


TASKS = {
    CELLS[0]: "You gather reports, ask second sources, and warn. Others wait for your word.",
    CELLS[1]: "You look after people and services: hospitals, power, water, help.",
    CELLS[2]: "You keep borders open for people and for lawful trade, and see who comes.",
    CELLS[3]: "You speak with neighbours, partners and the press, and answer for what was said.",
}
"""What each cell is for."""


def write_exercise(
    script: Script, out: Path, *, minutes: int = 180, situation: str = ""
) -> list[Path]:
    """Write an exercise: `controllers/` with the truth, `players/` and `handouts/` without it.

    Args:
        script: the exercise.
        out: the folder, which is made.
        minutes: how long it is played; the timetable spreads the injects over it.
        situation: what everybody knows when play begins, in Markdown (`situation_words`).

    Returns:
        The files written. In `players/CELL/` stands what a cell knows from the beginning, with an
        empty list of decisions; in `handouts/CELL/` each message to it, which a controller gives
        out when its time has come, or, of two contingencies, the one that fits.

        Handouts of an exercise that was there before and that this one has not are taken away.

    Raises:
        UsageError: the folder may not be written to, or players have written decisions there.
        MissingExtra: openpyxl is not installed.
    """
    _refuse_played(out)
    control = out / "controllers"
    control.mkdir(parents=True, exist_ok=True)
    written = [control / name for name in ("msel.csv", "msel.xlsx", "truth.csv", "timetable.csv")]
    write_table(script.events, written[0])
    write_table(script.events, written[1])
    write_table(truth(script), written[2])
    write_table(timetable(script, minutes), written[3])
    written.append(control / "facilitator.md")
    write_bytes(written[-1], _facilitator(script, minutes).encode())
    for cell in CELLS:
        for room, texts in (
            ("players", _players(script, cell, situation)), ("handouts", _handouts(script, cell)),
        ):  # fmt: skip
            folder = out / room / slug(cell)
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.glob("*.txt"):
                if HANDOUT.fullmatch(old.name):
                    old.unlink()
            for name, text in texts:
                write_bytes(folder / name, text.encode())
                written.append(folder / name)
    return written


def _refuse_played(out: Path) -> None:
    """Refuse to write over what players decided."""
    for cell in CELLS:
        path = out / "players" / slug(cell) / "decisions.csv"
        if path.is_file() and len(path.read_bytes().split(b"\n", 1)[-1].strip()):
            raise UsageError(
                "Players have written decisions here, which a new exercise would write over.",
                where=str(path),
                remedy="Name another folder by --out, or move this one away.",
            )


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
    """Spread the injects over the hours of play; contingencies come half way to the next one.

    Players need the time between to decide what a contingency asks about.

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
        later = 0.0 if number.isdigit() else 0.5
        rows.append({"Event Number": number, "minute": round((max(at, 1) - 1 + later) * step)})
    return pl.DataFrame(rows)


def read_events(path: Path) -> pl.DataFrame:
    """Read a list of events, as it was written or as controllers changed it.

    Args:
        path: `.csv` or `.xlsx`, with `COLUMNS`. A spreadsheet may have made times and numbers of
            its texts, put semicolons between columns, or left empty rows below.

    Returns:
        The rows, all texts; written again they give the same file.

    Raises:
        SourceRefused: a column is missing, or the file cannot be read as a table.
        MissingExtra: openpyxl is not installed.
    """
    if path.suffix.lower() == ".xlsx":
        from tocsin.errors import require

        openpyxl = require("openpyxl", extra="observe")
        # A book that is only read keeps its file open until it is closed.
        with closing(openpyxl.load_workbook(path, read_only=True)) as book:
            header, *rows = [*book.active.iter_rows(values_only=True)] or [()]
        names = [str(name) for name in header]
        texts = [[_as_written(cell) for cell in row[: len(names)]] for row in rows]
        frame = pl.DataFrame(texts, schema=names, orient="row")
    else:
        frame = _read_csv(path).fill_null("")
    refuse_missing(frame.columns, COLUMNS, path.name)
    events = frame.select(COLUMNS)
    return events.filter(pl.any_horizontal(pl.all() != ""))


def read_truth(path: Path) -> pl.DataFrame:
    """Read what happens in an exercise and what is only said to, as `truth` gives it.

    Args:
        path: `truth.csv`, as it was written or as a spreadsheet saved it.

    Returns:
        Rows with `time`, `territory`, `kind`, `size` and `happens`.

    Raises:
        SourceRefused: a column is missing, a time is none, or `happens` is neither true nor false;
            the row is named.
    """
    frame = _read_csv(path).fill_null("")
    remedy = "Write times as 2027-03-15 06:00, and true or false for what happens."
    refuse_missing(frame.columns, TRUTH, path.name)
    happens = frame["happens"].str.strip_chars().str.to_lowercase()
    for row, (time, told) in enumerate(zip(frame["time"], happens, strict=True), 2):
        try:
            datetime.fromisoformat(time)
            known = told in ("true", "false")
        except ValueError:
            known = False
        if not known:
            wrong = f"'{time}' is no time, or '{told}' neither true nor false."
            raise SourceRefused(wrong, where=f"{path.name}, row {row}", remedy=remedy)
    return frame.select(TRUTH).with_columns(
        pl.col("size").cast(pl.Float64, strict=False), happens=happens == "true"
    )


def _read_csv(path: Path) -> pl.DataFrame:
    """A table as texts, with commas or, as spreadsheets write them elsewhere, semicolons."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        header = file.readline()
    separator = ";" if header.count(";") > header.count(",") else ","
    try:
        return pl.read_csv(path, infer_schema=False, separator=separator)
    except pl.exceptions.PolarsError as error:
        reason = str(error).splitlines()[0]
        raise SourceRefused(f"This is no table: {reason}.", where=path.name) from error


def _as_written(cell: object) -> str:
    """A cell as the list has it: spreadsheets make times of times, and numbers of numbers."""
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def slug(name: str) -> str:
    """Write a name as a folder can be called.

    >>> slug("Border and customs cell")
    'border-and-customs-cell'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def _players(script: Script, cell: str, situation: str) -> Iterator[tuple[str, str]]:
    """What one cell has from the beginning."""
    places = ", ".join(script.future.territories)
    first, last = script.future.months[0], script.future.months[-1]
    example = f'{cell},{first:%Y-%m}-10 09:00,verify,{script.future.territories[0]},"Asked whom?"'
    yield (
        "briefing.md",
        (
            f"# EXERCISE – {cell}\n\nThis is an exercise. Nothing in it has happened.\n\n"
            f"{TASKS[cell]}\n\nYou look after: {places}.\n"
            f"The exercise plays from {first:%B %Y} to {last:%B %Y}.\n\n"
            f"{situation}{chr(10) if situation else ''}"
            "## How to play\n\n"
            "You get messages when their time has come. Some may be early, late or wrong. Write\n"
            "each decision into decisions.csv, a line each, with the time that stands on the last\n"
            f"message; kinds are: {', '.join(KINDS)}. An example:\n\n"
            f"    {','.join(DECISIONS)}\n    {example}\n"
        ),
    )
    yield "decisions.csv", ",".join(DECISIONS) + "\n"


def _facilitator(script: Script, minutes: int) -> str:
    """What whoever leads the day does, and when: for controllers, since it tells the truth."""
    main = script.events.filter(pl.col("Event Type") != "Contingency")
    cells = [f"- {cell}: {main.filter(pl.col('To') == cell).height}" for cell in CELLS]
    later = (script.events.height - main.height) // 2
    turns = [
        f"- {turn.at:%d %B %Y}, {turn.territory}: "
        + (
            f"{turn.kind}, {turn.size:,.0f} {COUNTED[turn.kind]}"
            if turn.happens
            else f"false report of {turn.told}"
        )
        for turn in script.turns
    ]
    return "\n".join([
        "# EXERCISE – for the facilitator, not for players", "",
        "## Before", "",
        f"- Four cells: {', '.join(CELLS)}. Divide the people among them; seat them apart.",
        "- Print `players/` and `handouts/` for each cell. Keep handouts in the order of numbers.",
        "- Read `msel.csv` once: message, expected response and, under Notes, the truth.",
        "- Open `run.html` and start its clock, or go by `timetable.csv`.", "",
        f"## During ({minutes} minutes)", "",
        f"{main.height} messages, and {later} for the {CELLS[3]} that depend on warnings:", "",
        *cells, "",
        "- Of two that differ by a letter (3a, 3b) hand out one: its note says when.",
        "- Say the scenario's time aloud with each message; months pass between some.",
        "- Whoever asks for a second source hears, of what is true, 'another source says so',",
        "  and of a false report, 'nobody else knows of it'.", "",
        "## After", "",
        "- Put the cells' decisions.csv below each other, with one header, and run",
        "  `tocsin exercise --out DIR --decisions FILE`. Show `debrief.html`; discuss `review.md`.",
        "- Fill in who mends what, and by when, in `improvement-plan.csv`.", "",
        "## The truth", "", *(turns or ["- Nothing happens that is out of the ordinary."]), "",
    ])  # fmt: skip


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
