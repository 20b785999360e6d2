"""Lists of other harm than violence: disasters of nature, displacement, documents.

Each has a day, a country and often deaths and a point, so that a draft of a mapping would read
floods as attacks.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.observe.boxes import Words

LISTS = (
    ({"disno.", "disaster group"}, "a list of disasters by EM-DAT"),
    ({"disno", "disaster type"}, "a list of disasters by EM-DAT"),
    ({"eventtype", "alertlevel", "eventid"}, "a list of alerts on disasters by GDACS"),
    ({"disaster_type", "glide_number"}, "a list of disasters"),
    ({"displacement_type", "figure"}, "a list of displacements by IDMC"),
    ({"format.name", "primary_country.name"}, "a list of ReliefWeb's documents"),
)
"""Columns of such lists, in small letters, and what the lists are."""


def other_harm(names: Sequence[str]) -> Words | None:
    """Say that a table lists other things than violence.

    Args:
        names: the names of its columns.

    Returns:
        What it is and what to do; None where it is none of `LISTS`.

    >>> other_harm(["DisNo.", "Disaster Group", "Country"])[0]
    'This is a list of disasters by EM-DAT: it tells of no violence, and is not read as if it did.'
    """
    small = {name.strip().casefold() for name in names}
    what = next((what for columns, what in LISTS if columns <= small), None)
    if what is None:
        return None
    return (
        f"This is {what}: it tells of no violence, and is not read as if it did.",
        "Observe a list of violent events, or counts of deaths by violence.",
    )
