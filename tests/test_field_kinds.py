"""Made files of kinds that nobody had tried, each with its right answer, written before reading.

The files are made in `fieldkinds`, by kind: days, counts, points, boxes, forms, sheets, producers,
maps, offices, exports, tools, strangers, visitors, guests.
"""

from __future__ import annotations

from importlib import import_module

import pytest

from fieldkinds.judge import judge
from fieldkinds.truth import CASES

for _kind in (
    "days",
    "counts",
    "points",
    "boxes",
    "forms",
    "sheets",
    "producers",
    "maps",
    "offices",
    "exports",
    "tools",
    "strangers",
    "visitors",
    "guests",
):
    import_module(f"fieldkinds.{_kind}")

FEW = (
    "months_russian", "months_creole", "calendar_bikram_numbers", "half_turned_by_excel",
    "deaths_ranges", "point_mgrs", "one_point_swapped", "text_blank_ends", "form_google_arabic",
    "sheet_across", "acled_cast_countries", "gdelt_mentions",
)  # fmt: skip
"""One of each kind that was lost or silently wrong."""
GOOD = {"right", "marked", "refused"}


def verdict(name: str) -> None:
    found = judge(CASES[name])
    assert set(found.verdicts) <= GOOD, (found.verdicts, found.draft, found.notes)


@pytest.mark.parametrize("name", FEW)
def test_what_was_lost_or_silently_wrong(name: str) -> None:
    verdict(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(CASES) - set(FEW)))
def test_nothing_good_is_lost_and_nothing_is_silently_wrong(name: str) -> None:
    """A file is read as it was, or kept and marked, or refused with a sentence that helps."""
    verdict(name)
