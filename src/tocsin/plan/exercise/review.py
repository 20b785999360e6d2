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

from tocsin.base.nearest import advice, nearest, plain
from tocsin.errors import SourceRefused
from tocsin.plan.exercise.files import DECISIONS, KINDS
from tocsin.plan.exercise.script import CELLS, OBJECTIVES
from tocsin.schema.geography.grammar import with_the
from tocsin.schema.handmade import refuse_missing

PLAN = (
    "Capability", "Issue", "Corrective action", "Responsible", "Start", "Completion",
)  # fmt: skip
"""The columns of an improvement plan."""
RATING = (
    "Rating (for evaluators): performed without challenges / with some challenges / with major "
    "challenges / not able to be performed: ______"
)
"""HSEEP's four ratings of how a capability was performed."""


@dataclass(frozen=True)
class Review:
    """This is what an exercise showed."""

    turns: pl.DataFrame
    """A row a turn: `time`, `territory`, `kind`, `happens`, `warned_days_before` (None: not
    warned of), `warned_by_mistake` (was the only warning one on a false report?), `checked` (was a
    second source asked?), `believed` (of a false report: was a warning or an act based on it?),
    `acted`, `informed`, `stood_down` (was it taken back?)."""
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
    refuse_missing(table.columns, DECISIONS, where)
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(table.select(DECISIONS).iter_rows(named=True), 2):
        told = {name: str(value or "").strip() for name, value in row.items()}
        for name, known in (("cell", CELLS), ("kind", KINDS)):
            # Players write by hand: capitals and blanks tell nothing apart.
            told[name] = {plain(one): one for one in known}.get(plain(told[name]), told[name])
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
    near = _with_turn(decisions, truth)
    turns = [
        _turn(number, row, near, window_days)
        for number, row in enumerate(truth.iter_rows(named=True))
    ]
    schema = {
        "time": pl.Datetime, "territory": pl.String, "kind": pl.String, "happens": pl.Boolean,
        "warned_days_before": pl.Float64, "warned_by_mistake": pl.Boolean, "checked": pl.Boolean,
        "believed": pl.Boolean, "acted": pl.Boolean, "informed": pl.Boolean,
        "stood_down": pl.Boolean,
    }  # fmt: skip
    frame = pl.DataFrame(turns, schema=schema)
    issues = list(_issues(frame))
    plan = pl.DataFrame(
        [dict(zip(PLAN, (*issue, "", "", ""), strict=True)) for issue in issues],
        schema=dict.fromkeys(PLAN, pl.String),
    )
    return Review(frame, decisions, plan, (*_words(frame), *_tell_unnamed(decisions, truth)))


def _with_turn(decisions: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """The decisions, with the number of the turn of their territory that is nearest in time, and
    whether that is a false report.

    A decision on what truly happens is no answer to a false report of the same place.
    """
    times = [datetime.fromisoformat(one) for one in truth["time"].to_list()]
    places = truth["territory"].to_list()
    nearest_turn = [
        min(
            (number for number, place in enumerate(places) if place == row["territory"]),
            key=lambda number: abs(times[number] - row["time"]), default=None,
        )
        for row in decisions.iter_rows(named=True)
    ]  # fmt: skip
    false = [one is not None and not truth["happens"][one] for one in nearest_turn]
    return decisions.with_columns(
        turn=pl.Series(nearest_turn, dtype=pl.Int64), on_false=pl.Series(false, dtype=pl.Boolean)
    )


def _tell_unnamed(decisions: pl.DataFrame, truth: pl.DataFrame) -> list[str]:
    """Say of which places decisions speak that no report named: they may be spelt otherwise."""
    known = sorted(set(truth["territory"]))
    found = []
    for place in sorted(set(decisions["territory"]) - set(known)):
        near = nearest(place, known)
        meant = f" Did you mean '{near}'?" if near else ""
        found.append(f"No report named '{place}': decisions on it count for nothing.{meant}")
    return found


def _turn(
    number: int, row: dict[str, Any], decisions: pl.DataFrame, window_days: int
) -> dict[str, Any]:
    at = datetime.fromisoformat(row["time"])
    here = decisions.filter(
        pl.col("territory") == row["territory"],
        (pl.col("time") - pl.lit(at)).dt.total_days().abs() <= window_days,
    )
    # A warning on a false report is that report's fault, and no merit of a later rise as well.
    before = here.filter(pl.col("kind") == "warn", pl.col("time") <= pl.lit(at))
    warned = before.filter(~pl.col("on_false"))
    first = warned["time"].min()
    ahead = (at - first).total_seconds() / 86_400 if isinstance(first, datetime) else None
    mine = set(here.filter(pl.col("turn") == number)["kind"])
    return {
        "time": at,
        "territory": row["territory"],
        "kind": row["kind"],
        "happens": row["happens"],
        "warned_days_before": ahead if row["happens"] else None,
        "warned_by_mistake": row["happens"] and warned.is_empty() and not before.is_empty(),
        "checked": "verify" in mine,
        "believed": not row["happens"] and bool(mine & {"warn", "act"}),
        "acted": "act" in mine,
        "informed": "inform" in mine,
        "stood_down": "stand down" in mine,
    }


def keep_filled(plan: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """Take over who mends what, and by when, from a plan that people have filled in.

    Args:
        plan: the new plan, with `PLAN`.
        before: the plan as people left it, all texts.

    Returns:
        The new plan; an issue that stood in the one before keeps what was written beside it, and
        lines in which something was written stay, though the issue is not found any more.
    """
    if not set(PLAN) <= set(before.columns):
        return plan
    old = before.select(pl.col(PLAN).fill_null("").cast(pl.String))
    filled = old.filter(pl.any_horizontal(pl.col(PLAN[3:]).str.strip_chars() != ""))
    beside = {row["Issue"]: row for row in filled.iter_rows(named=True)}
    rows = [beside.pop(row["Issue"], row) for row in plan.iter_rows(named=True)]
    return pl.DataFrame([*rows, *beside.values()], schema=plan.schema)


def report(found: Review) -> str:
    """Write the after-action report, by the objectives of the exercise.

    Args:
        found: what the exercise showed.

    Returns:
        Markdown: findings, what was seen of each objective with a rating for evaluators to fill
        in, strengths, areas for improvement. Actions stand in `Review.plan`.
    """
    turns = found.turns
    true, false = turns.filter(pl.col("happens")), turns.filter(~pl.col("happens"))
    rises = true.filter(pl.col("kind") == "rise")
    others = true.filter(pl.col("kind") != "rise")
    warned = rises.filter(pl.col("warned_days_before").is_not_null())
    seen = {
        "warn": _of_rises(warned.height, rises.height),
        "verify": f"Reported, true or not: {turns.height}; a second source was asked about: "
        f"{int(turns['checked'].sum())}. False reports: {false.height}; acted on or passed on as a "
        f"warning: {int(false['believed'].sum())}, of these taken back: "
        f"{int(false.filter('believed')['stood_down'].sum())}.",
        "serve": f"Outages and displacements: {others.height}; acted on: "
        f"{int(others['acted'].sum())}."
        if others.height
        else "No outage and no displacement came: rate what was done for lawful trade.",
        "share": f"True events: {true.height}; told to partners or the public: "
        f"{int(true['informed'].sum())}.",
    }
    strengths = [
        f"The rise in {with_the(row['territory'])} on {row['time']:%Y-%m-%d} was warned of "
        f"{_days(row['warned_days_before'])} before."
        for row in warned.iter_rows(named=True)
    ] + [
        f"The false report of {with_the(row['territory'])} on {row['time']:%Y-%m-%d} was checked "
        "and not acted on."
        for row in false.filter(pl.col("checked") & ~pl.col("believed")).iter_rows(named=True)
    ]
    issues = found.plan.select("Issue", "Corrective action").rows()
    lines = ["# After-action report", "", *(f"- {one}" for one in found.words), ""]
    for key, objective in OBJECTIVES.items():
        lines += [f"## Objective: {objective}", "", seen[key], "", RATING, ""]
    lines += ["## Strengths", "", *_bullets(strengths), "", "## Areas for improvement", ""]
    lines += _bullets([f"{issue} {action}" for issue, action in issues])
    return "\n".join([*lines, "", "Who mends what, and by when: improvement-plan.csv.", ""])


def _bullets(lines: list[str]) -> list[str]:
    return [f"- {one}" for one in lines] or ["- Nothing was found."]


def _days(lead: float) -> str:
    """How long before a warning came: whole days that had passed, and hours of the first day."""
    if lead < 1:
        hours = int(24 * lead)
        return f"{hours} hour{'' if hours == 1 else 's'}" if hours else "less than an hour"
    return f"{int(lead)} day{'' if int(lead) == 1 else 's'}"


def _of_rises(warned: int, all_: int) -> str:
    if not all_:
        return "No rise of violence came, so that there was nothing to warn of."
    return f"Rises of violence: {all_}; warned of before they came: {warned}."


def _words(turns: pl.DataFrame) -> list[str]:
    rises = turns.filter(pl.col("kind") == "rise")
    warned = rises.filter(pl.col("warned_days_before").is_not_null())
    false = turns.filter(~pl.col("happens"))
    lead = warned["warned_days_before"].median()
    said = [_of_rises(warned.height, rises.height)]
    if isinstance(lead, float):
        middle = ", in the median" if warned.height > 1 else ""
        said.append(f"The warning came {_days(lead)} before{middle}.")
    mistaken = int(rises["warned_by_mistake"].sum())
    if mistaken:
        said.append(
            f"Rises before which the only warning was one on a false report: {mistaken}; they "
            "count as not warned of."
        )
    said.append(
        f"False reports: {false.height}; acted on or passed on as a warning: "
        f"{int(false['believed'].sum())}; checked: {int(false['checked'].sum())}."
    )
    return said


def _issues(turns: pl.DataFrame) -> list[tuple[str, str, str]]:
    """Capability, issue and what could be done, for what went wrong."""
    found = []
    for row in turns.iter_rows(named=True):
        place, day = with_the(row["territory"]), f"{row['time']:%Y-%m-%d}"
        if row["kind"] == "rise" and row["warned_days_before"] is None:
            only = " of its own: the one that stood was on a false report"
            issue = (
                f"The rise in {place} on {day} came without a warning"
                f"{only if row['warned_by_mistake'] else ''}."
            )
            found.append(
                ("Early warning", issue, "Agree on who warns, on which signs, and by when.")
            )
        if row["believed"]:
            back = ", and taken back" if row["stood_down"] else ""
            what = "acted on" if row["acted"] else "passed on as a warning"
            issue = f"A false report of {place} on {day} was {what}{back}."
            found.append(
                ("Verification", issue, "Agree on a second source for each kind of report.")
            )
        if row["kind"] in ("outage", "displacement") and not row["acted"]:
            issue = f"On the {row['kind']} in {place} on {day} nobody acted."
            found.append(("Services", issue, "Agree on who shares out backup and help, and when."))
    true = turns.filter(pl.col("happens"))
    if true.height and not true["informed"].any():
        issue = f"True events of which partners or the public were told: 0 of {true.height}."
        found.append(("Information", issue, "Agree on who says what is known, and when."))
    return found
