"""The pages of an exercise: one from which controllers run it, and one for the debrief.

Both are one file each, ask for no other address and need no sign-in. The first holds the truth and
belongs to the controllers; the second is shown when all is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import polars as pl

from tocsin.share.charts.style import BLUE, GREEN, GREY, INK, ORANGE, PINK
from tocsin.share.facts.words import Facts
from tocsin.share.page.language import LANGUAGES, Words, other_languages
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
SCRIPT = (
    "start", "stop", "forget", "keeps_nothing", "at", "next",
)  # fmt: skip
"""What the script of the controllers' page says."""


class ExerciseWords(Words):
    """This holds the sentences of an exercise's pages in one language.

    Raises:
        UsageError: there is no such language.
        MissingExtra: Babel, of the extra `share`, is not installed.
    """

    PAGE = "exercise"

    def script(self, text: str) -> str:
        """Say one of the fixed texts of a script; what controllers wrote themselves stays."""
        return self.word("script", text)

    def days(self, key: str, ahead: float) -> str:
        """Say how long before a warning came, in whole days that had passed: 2.75 are not 3."""
        return (
            self.say(key, days=self.number(int(ahead))) if ahead >= 1 else self.say(f"{key}_late")
        )

    def when(self, at: datetime) -> str:
        """Write the month and the year of a moment, in short."""
        return str(self._format("dates").format_date(at, "MMM y", locale=self.language))


def control_page(
    events: pl.DataFrame, timetable: pl.DataFrame, *, minutes: int, language: str = LANGUAGES[0]
) -> str:
    """Write the page from which controllers run an exercise, by the clock or by hand.

    Args:
        events: the list of events, with the columns of HSEEP.
        timetable: `Event Number` and `minute` from the start.
        minutes: how long it is played.
        language: one of `LANGUAGES`. Messages and notes stay as the script has them.

    Returns:
        A page of HTML. It holds the truth: it is the controllers' alone.

    Raises:
        UsageError: there is no page in that language.
        MissingExtra: the extra `share` is not installed.
    """
    words = ExerciseWords(language)
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
    return fill(
        "exercise_control.html.j2",
        words=words,
        others=other_languages("run", language),
        events=rows,
        minutes=words.number(minutes),
        script={name: words.say(name) for name in SCRIPT},
    )


def debrief_page(
    turns: pl.DataFrame,
    decisions: pl.DataFrame,
    plan: pl.DataFrame,
    findings: Sequence[str],
    *,
    language: str = LANGUAGES[0],
) -> str:
    """Write the page for the debrief: what was true, what was decided, and what to mend.

    Args:
        turns: a row a turn: `time`, `territory`, `kind`, `happens`, `warned_days_before`,
            `checked`, `believed`, and `warned_by_mistake`, if it is known.
        decisions: a row a decision: `cell`, `time`, `kind`, `territory`, `words`.
        plan: the improvement plan.
        findings: what was found, in English sentences; other languages say it from `turns`.
        language: one of `LANGUAGES`. Issues of the plan stay as the file has them.

    Returns:
        A page of HTML that works offline and on a phone.

    Raises:
        UsageError: there is no page in that language.
        MissingExtra: the extra `share` is not installed.
    """
    words = ExerciseWords(language)
    own = findings if language == LANGUAGES[0] else [*_findings(turns, decisions, words)]
    told = [
        row | {"verdict": _verdict(row, words)} for row in turns.sort("time").iter_rows(named=True)
    ]
    return fill(
        "exercise_debrief.html.j2",
        words=words,
        others=other_languages("debrief", language),
        width=WIDTH,
        left=LEFT,
        turns=told,
        decisions=decisions.to_dicts(),
        plan=plan.to_dicts(),
        findings=own,
        picture=_timeline(turns, decisions, words),
        marks=MARKS,
    )


def _findings(turns: pl.DataFrame, decisions: pl.DataFrame, words: ExerciseWords) -> Iterator[str]:
    """What an exercise showed, in sentences: the same figures as the report's English ones."""

    def count(rows: pl.DataFrame, column: str) -> str:
        return words.number(int(rows[column].fill_null(value=False).sum()))

    rises = turns.filter(pl.col("kind") == "rise")
    warned = rises.filter(pl.col("warned_days_before").is_not_null())
    false = turns.filter(~pl.col("happens"))
    if rises.is_empty():
        yield words.say("no_rises")
    else:
        counts = words.number(rises.height), words.number(warned.height)
        yield words.say("rises", rises=counts[0], warned=counts[1])
    lead = warned["warned_days_before"].median()
    if isinstance(lead, float):
        yield words.days("lead_median" if warned.height > 1 else "lead", lead)
    if "warned_by_mistake" in rises.columns and rises["warned_by_mistake"].any():
        yield words.say("mistaken", count=count(rises, "warned_by_mistake"))
    yield words.say(
        "false_reports", count=words.number(false.height), acted=count(false, "believed"),
        checked=count(false, "checked"),
    )  # fmt: skip
    for place in sorted(set(decisions["territory"]) - set(turns["territory"])):
        yield words.say("unnamed", place=place)


def _verdict(row: Facts, words: ExerciseWords) -> str:
    """What was made of a turn, in words."""
    if not row["happens"]:
        checked = words.say("checked" if row["checked"] else "unchecked")
        acted = "acted" if row.get("acted", True) else "passed"
        key = acted + ("_back" if row.get("stood_down") else "") if row["believed"] else "ignored"
        return words.say("verdict_false", checked=checked, acted=words.say(key))
    if row["kind"] != "rise":
        return words.say("true_acted" if row.get("acted") else "true_ignored")
    if row["warned_days_before"] is None:
        return words.say("true_mistaken" if row.get("warned_by_mistake") else "true_unwarned")
    return words.days("true_warned", row["warned_days_before"])


def _timeline(turns: pl.DataFrame, decisions: pl.DataFrame, words: ExerciseWords) -> Facts:
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
        "ticks": [{"x": across(one), "label": words.when(one)} for one in ticks],
        "turns": [
            {
                "x": across(row["time"]), "y": down(row["territory"]), "happens": row["happens"],
                "colour": ORANGE if row["happens"] else GREY,
                "told": words.say(
                    "told_turn", time=f"{row['time']:%Y-%m-%d}", place=row["territory"],
                    verdict=_verdict(row, words),
                ),
            }
            for row in turns.iter_rows(named=True)
        ],
        "decisions": [
            {
                "x": x, "y": down(row["territory"]) + 10,
                "sign": MARKS[row["kind"]][0], "colour": MARKS[row["kind"]][1],
                "told": words.say(
                    "told_decision", time=f"{row['time']:%Y-%m-%d}",
                    cell=words.script(row["cell"]),
                    kind=words.word("decision_kind", row["kind"]), place=row["territory"],
                ),
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
