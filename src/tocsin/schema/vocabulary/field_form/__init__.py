"""The form for reports from the field: an XLSForm in three tables, which lie beside this file.

KoboToolbox and ODK show it, the exchange server has a page of it, and `observe` reads what comes
of all three.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

KEPT = ("text", "date", "integer", "geopoint", "select_one", "select_multiple")
"""XLSForm's types of questions that have an answer."""


@cache
def survey() -> tuple[dict[str, str], ...]:
    """Return the rows of the form's table of questions, in order."""
    return tuple(_table("survey"))


@cache
def questions() -> dict[str, str]:
    """Return the questions of the form that are read, each with its XLSForm type."""
    return {
        row["name"]: row["type"].split()[0] for row in survey() if row["type"].split()[0] in KEPT
    }


@cache
def choices(name: str) -> dict[str, str]:
    """Return what each choice of a list of the form means to tocsin.

    Args:
        name: the list's name in the form.

    Returns:
        The choice's name to its meaning.
    """
    return {row["name"]: row["means"] for row in _table("choices") if row["list_name"] == name}


def _table(name: str) -> list[dict[str, str]]:
    content = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(content.splitlines()))
