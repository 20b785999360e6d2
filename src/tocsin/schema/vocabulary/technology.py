"""Technology classes: abstract capability classes, never how anything is made or used."""

from __future__ import annotations

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
