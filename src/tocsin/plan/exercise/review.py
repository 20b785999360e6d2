"""After an exercise: what was decided beside what was true, and what to mend.

The form follows the After-Action Report and Improvement Plan of FEMA's Homeland Security Exercise
and Evaluation Program (2020): what was seen, strengths, areas for improvement, and actions with
somebody who owns them and a date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from tocsin.base.nearest import advice
from tocsin.errors import SourceRefused
from tocsin.plan.exercise.files import DECISIONS, KINDS
from tocsin.plan.exercise.script import CELLS

PLAN = (
    "Capability", "Issue", "Corrective action", "Responsible", "Start", "Completion",
)  # fmt: skip
"""The columns of an improvement plan."""


@dataclass(frozen=True)
class Review:
    """This is what an exercise showed."""

    turns: pl.DataFrame
    """A row a turn: `time`, `territory`, `kind`, `happens`, `warned_days_before` (None: not
    warned of), `checked` (was a second source asked?), `believed` (of a false report: was a
    warning or an act based on it?)."""
    decisions: pl.DataFrame
    """What was decided, by time."""
    plan: pl.DataFrame
    """What to mend, with `PLAN`; who is responsible and the days are for people to fill in."""
    words: tuple[str, ...]
    """The findings in sentences."""


def read_decisions(table: pl.DataFrame, *, where: str = "decisions") -> pl.DataFrame:
    """Read what players decided, or say what is wrong with it.

    Args:
        table: `cell`, `time` (2027-03-15 06:00), `kind`, `territory`, `words`, all texts.
        where: the table's name in errors.

    Returns:
        The same, with `time` as a time, by time.

    Raises:
        SourceRefused: a column is missing, or a cell, kind or time is not known; the row is named.
    """
    missing = [name for name in DECISIONS if name not in table.columns]
    if missing:
        raise SourceRefused(
            f"There is no column '{missing[0]}'.", where=where,
            remedy=f"The columns are: {', '.join(DECISIONS)}.",
        )  # fmt: skip
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(table.select(DECISIONS).iter_rows(named=True), 2):
        told = {name: str(value or "").strip() for name, value in row.items()}
        for name, known in (("cell", CELLS), ("kind", KINDS)):
            if told[name] not in known:
                raise SourceRefused(
                    f"There is no {name} '{told[name]}'.", where=f"{where}, row {number}",
                    remedy=advice(told[name], known),
                )  # fmt: skip
        try:
            at = datetime.fromisoformat(told["time"]).replace(tzinfo=None)
        except ValueError:
            raise SourceRefused(
                f"'{told['time']}' is no time.", where=f"{where}, row {number}, column time",
                remedy="Write it as 2027-03-15 06:00.",
            ) from None  # fmt: skip
        rows.append(told | {"time": at})
    schema = dict.fromkeys(DECISIONS, pl.String) | {"time": pl.Datetime}
    return pl.DataFrame(rows, schema=schema).sort("time", maintain_order=True)


def review(truth: pl.DataFrame, decisions: pl.DataFrame, *, window_days: int = 60) -> Review:
    """Compare what was decided with what was true.

    Args:
        truth: what happens and what is only said to, as `files.truth` gives it.
        decisions: as `read_decisions` gives them.
        window_days: a warning counts for what happens within so many days after it.

    Returns:
        The comparison, in tables and in sentences.
    """
    turns = [_turn(row, decisions, window_days) for row in truth.iter_rows(named=True)]
    schema = {
        "time": pl.Datetime, "territory": pl.String, "kind": pl.String, "happens": pl.Boolean,
        "warned_days_before": pl.Float64, "checked": pl.Boolean, "believed": pl.Boolean,
    }  # fmt: skip
    frame = pl.DataFrame(turns, schema=schema)
    issues = list(_issues(frame))
    plan = pl.DataFrame(
        [dict(zip(PLAN, (*issue, "", "", ""), strict=True)) for issue in issues],
        schema=dict.fromkeys(PLAN, pl.String),
    )
    return Review(frame, decisions, plan, tuple(_words(frame)))


def _turn(row: dict[str, Any], decisions: pl.DataFrame, window_days: int) -> dict[str, Any]:
    at = datetime.fromisoformat(row["time"])
    here = decisions.filter(
        pl.col("territory") == row["territory"],
        (pl.col("time") - pl.lit(at)).dt.total_days().abs() <= window_days,
    )
    warned = here.filter(pl.col("kind") == "warn", pl.col("time") <= pl.lit(at))
    first = warned["time"].min()
    ahead = (at - first).total_seconds() / 86_400 if isinstance(first, datetime) else None
    acted = here.filter(pl.col("kind").is_in(["warn", "act"]))
    return {
        "time": at,
        "territory": row["territory"],
        "kind": row["kind"],
        "happens": row["happens"],
        "warned_days_before": ahead if row["happens"] else None,
        "checked": not here.filter(pl.col("kind") == "verify").is_empty(),
        "believed": not row["happens"] and not acted.is_empty(),
    }


def _words(turns: pl.DataFrame) -> list[str]:
    rises = turns.filter(pl.col("kind") == "rise")
    warned = rises.filter(pl.col("warned_days_before").is_not_null())
    false = turns.filter(~pl.col("happens"))
    lead = warned["warned_days_before"].median()
    said = [f"{warned.height} of {rises.height} rises of violence were warned of before they came."]
    if isinstance(lead, float):
        said.append(f"The warning came {lead:.0f} days before, in the median.")
    said.append(
        f"{int(false['believed'].sum())} of {false.height} false reports were acted on or warned "
        f"of; {int(false['checked'].sum())} were checked."
    )
    return said


def _issues(turns: pl.DataFrame) -> list[tuple[str, str, str]]:
    """Capability, issue and what could be done, for what went wrong."""
    found = []
    for row in turns.iter_rows(named=True):
        place, day = row["territory"], f"{row['time']:%Y-%m-%d}"
        if row["kind"] == "rise" and row["warned_days_before"] is None:
            issue = f"The rise in {place} on {day} came without a warning."
            found.append(
                ("Early warning", issue, "Agree on who warns, on which signs, and by when.")
            )
        if row["believed"]:
            issue = f"A false report of {place} on {day} was acted on."
            found.append(
                ("Verification", issue, "Agree on a second source for each kind of report.")
            )
    return found
