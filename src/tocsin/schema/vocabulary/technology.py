"""Technology classes: abstract capability classes, never how anything is made or used."""

from __future__ import annotations

from tocsin.base.nearest import advice
from tocsin.errors import UsageError

LABELS = {
    "uncrewed-aircraft": "Uncrewed aircraft",
    "improvised-explosives": "Improvised explosives",
    "guided-or-indirect-fire": "Guided or indirect fire",
    "cyber": "Cyber",
    "information-operations": "Information operations",
}
"""Class name to the label that people read."""

TECHNOLOGIES = tuple(LABELS)

DOMAINS = {
    "uncrewed-aircraft": "air",
    "improvised-explosives": "land",
    "guided-or-indirect-fire": "land",
    "cyber": "cyber",
    "information-operations": "information",
}
"""Class name to the domain in which it is used."""


def check_technology(name: str) -> None:
    """Refuse a name that is no class.

    Args:
        name: what somebody calls a class.

    Raises:
        UsageError: there is no such class; the nearest is told, and all of them.
    """
    if name not in TECHNOLOGIES:
        raise UsageError(
            f"There is no technology class '{name}'.", remedy=advice(name, TECHNOLOGIES)
        )
