"""Doubt: what was doubtful in a report that is kept, and the rules by which it is doubted.

A row is refused only where nothing in it can be used (no day, no place, no identity). Where a
part of it is doubtful the row is kept, and what was doubtful is written down beside it in the
table `corrections`. A producer's best estimate is never changed. The checks of single values
leave their doubts in the row; `grading` applies the rules that look at a whole report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

RULES = {
    "estimates": "low, best and high are out of order, or a bound cannot be read",
    "counts": "a count that is not exact, or tells no number",
    "parts": "the deaths of the parties add up to more than the best estimate",
    "date": "an end before its start, or a part of a date that is not known",
    "year": "a year that is not that of the date",
    "point": "a point that cannot be read",
    "outside": "a point outside its country",
    "party": "a party that is only suspected, or one of several",
    "letters": "a name whose letters a program mangled",
}
"""Every rule by which a value is doubted, with its meaning, for those who count them."""
NOTES = ("date_doubts", "year_doubts", "point_doubts", "accuracy_doubts", "death_doubts",
         "party_doubts")  # fmt: skip
"""Where the checks of single values leave their doubts in a row, until it is `graded`."""


@dataclass(frozen=True)
class Doubt:
    """One doubtful value of a report, with what stood there, what is kept, and why."""

    column: str
    original: str
    value: str | None
    rule: str
    reason: str
    heading: str | None = None
    """The field that is doubted, where it is not the one of the column."""


def correction_rows(
    doubts: Iterable[Doubt], row: Mapping[str, Any], line: int | None, heading: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    """Make the rows of the table `corrections` that tell of a report.

    Args:
        doubts: what `grading.grade` found.
        row: the report.
        line: the record's row as a spreadsheet counts; None where it has none.
        heading: gives the file's own name of a column of `reports`.

    Returns:
        One row for each doubt, by column, in the order of the doubts.
    """
    for doubt in doubts:
        field = doubt.heading or doubt.column
        yield {
            **{name: row[name] for name in ("report_id", "source_file", "source_row", "source")},
            "line": line,
            "column": doubt.column,
            "heading": heading(field),
            "original": doubt.original,
            "value": doubt.value,
            "rule": doubt.rule,
            "reason": doubt.reason.replace(f"'{field}'", f"'{heading(field)}'"),
        }
