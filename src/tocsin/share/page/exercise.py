"""The pages of an exercise: one from which controllers run it, and one for the debrief.

Both are one file each, ask for no other address and need no sign-in. The first holds the truth and
belongs to the controllers; the second is shown when all is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from tocsin.share.charts.style import BLUE, GREEN, GREY, INK, ORANGE, PINK
from tocsin.share.facts.words import Facts
from tocsin.share.page.template import fill

MARKS = {
    "warn": ("▲", BLUE), "verify": ("?", GREEN), "act": ("■", PINK), "inform": ("i", INK),
    "stand down": ("▽", GREY),
}  # fmt: skip
"""The sign and the colour of each kind of decision; the sign alone is enough."""
APART = 12.0
"""Marks of decisions in one row stand at least so far apart, or they would lie on each other."""
WIDTH, LEFT, ROW, TOP = 720, 150, 34, 30
"""The picture in its own units: across, where time begins, a territory's height, and the head."""


def control_page(events: pl.DataFrame, timetable: pl.DataFrame, *, minutes: int) -> str:
    """Write the page from which controllers run an exercise, by the clock or by hand.

    Args:
        events: the list of events, with the columns of HSEEP.
        timetable: `Event Number` and `minute` from the start.
        minutes: how long it is played.

    Returns:
        A page of HTML. It holds the truth: it is the controllers' alone.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    at = dict(timetable.select("Event Number", "minute").iter_rows())
    rows = [
        {
            "number": row["Event Number"], "minute": at.get(row["Event Number"], 0),
            "time": row["Designated Scenario Time"], "type": row["Event Type"],
            "mode": row["Inject Mode"], "from": row["From"], "to": row["To"],
            "message": row["Message"], "response": row["Expected Participant Response"],
            "objective": row["Exercise Objective"], "notes": row["Notes"],
        }
        for row in events.iter_rows(named=True)
    ]  # fmt: skip
    return fill("exercise_control.html.j2", events=rows, minutes=minutes)


def debrief_page(
    turns: pl.DataFrame,
    decisions: pl.DataFrame,
    plan: pl.DataFrame,
    findings: Sequence[str],
) -> str:
    """Write the page for the debrief: what was true, what was decided, and what to mend.

    Args:
        turns: a row a turn: `time`, `territory`, `kind`, `happens`, `warned_days_before`,
            `checked`, `believed`, and `warned_by_mistake`, if it is known.
        decisions: a row a decision: `cell`, `time`, `kind`, `territory`, `words`.
        plan: the improvement plan.
        findings: what was found, in sentences.

    Returns:
        A page of HTML that works offline and on a phone.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    told = [row | {"verdict": _verdict(row)} for row in turns.sort("time").iter_rows(named=True)]
    return fill(
        "exercise_debrief.html.j2",
        width=WIDTH,
        left=LEFT,
        turns=told,
        decisions=decisions.to_dicts(),
        plan=plan.to_dicts(),
        findings=findings,
        picture=_timeline(turns, decisions),
        marks=MARKS,
    )


def _verdict(row: Facts) -> str:
    """What was made of a turn, in words."""
    if not row["happens"]:
        checked = "checked" if row["checked"] else "not checked"
        back = ", taken back" if row["believed"] and row.get("stood_down") else ""
        how = "acted on" if row.get("acted", True) else "passed on as a warning"
        acted = f"{how}{back}" if row["believed"] else "not acted on"
        return f"false report, {checked}, {acted}"
    if row["kind"] != "rise":
        return "true, acted on" if row.get("acted") else "true, not acted on"
    ahead = row["warned_days_before"]
    if ahead is None:
        own = " but one on a false report" if row.get("warned_by_mistake") else ""
        return f"true, no warning before it{own}"
    # Whole days that had passed: 2.75 are not 3.
    days = f"{int(ahead)} day{'' if int(ahead) == 1 else 's'}" if ahead >= 1 else "less than a day"
    return f"true, warned {days} before"


def _timeline(turns: pl.DataFrame, decisions: pl.DataFrame) -> Facts:
    """Where each turn and each decision stands: a row a territory, time from left to right."""
    if turns.is_empty():
        return {"height": 0, "rows": [], "ticks": [], "turns": [], "decisions": []}
    known = set(turns["territory"]) | set(decisions["territory"]) - {""}
    places = sorted(known)
    times = [*turns["time"], *decisions["time"]]
    first, last = min(times), max(times)
    span = max((last - first).total_seconds(), 1.0)

    def across(at: datetime) -> float:
        part: float = (at - first).total_seconds() / span
        return LEFT + 12 + (WIDTH - LEFT - 24) * part

    def down(territory: str) -> float:
        return TOP + ROW * (places.index(territory) + 0.5)

    answers = decisions.filter(pl.col("territory").is_in(list(known))).sort("time")
    shown = [
        (row, x)
        for _, part in answers.group_by("territory", maintain_order=True)
        for row, x in zip(
            part.to_dicts(), _spread([across(at) for at in part["time"]], WIDTH - 12.0),
            strict=True,
        )
    ]  # fmt: skip
    ticks = [first + (last - first) * part / 3 for part in range(4)]
    return {
        "height": TOP + ROW * len(places) + 8,
        "rows": [{"name": name, "y": down(name)} for name in places],
        "ticks": [{"x": across(one), "label": f"{one:%b %Y}"} for one in ticks],
        "turns": [
            {
                "x": across(row["time"]), "y": down(row["territory"]), "happens": row["happens"],
                "colour": ORANGE if row["happens"] else GREY,
                "told": f"{row['time']:%Y-%m-%d}, {row['territory']}: {_verdict(row)}",
            }
            for row in turns.iter_rows(named=True)
        ],
        "decisions": [
            {
                "x": x, "y": down(row["territory"]) + 10,
                "sign": MARKS[row["kind"]][0], "colour": MARKS[row["kind"]][1],
                "told": f"{row['time']:%Y-%m-%d}, {row['cell']}: {row['kind']} {row['territory']}",
            }
            for row, x in shown
        ],
    }  # fmt: skip


def _spread(places: Sequence[float], most: float) -> list[float]:
    """Places from left to right, moved so far that none lies on another and none beyond an end."""
    found: list[float] = []
    for one in places:
        found.append(max(one, found[-1] + APART) if found else one)
    for back in range(1, len(found) + 1):
        found[-back] = min(found[-back], most - (back - 1) * APART)
    return found
