"""Table-top exercises from a simulated future: script, files, and what was learned."""

from tocsin.plan.exercise.files import (
    read_events,
    read_truth,
    timetable,
    truth,
    write_exercise,
)
from tocsin.plan.exercise.future import Future, draw_future
from tocsin.plan.exercise.review import Review, keep_filled, read_decisions, report, review
from tocsin.plan.exercise.script import COLUMNS, Script, Turn, write_script
from tocsin.plan.exercise.situation import read_situation, situation_words

__all__ = [
    "COLUMNS",
    "Future",
    "Review",
    "Script",
    "Turn",
    "draw_future",
    "keep_filled",
    "read_decisions",
    "read_events",
    "read_situation",
    "read_truth",
    "report",
    "review",
    "situation_words",
    "timetable",
    "truth",
    "write_exercise",
    "write_script",
]
