"""Levers: what a region can do. A portfolio sets each lever's effort between 0 and 1."""

from __future__ import annotations

LABELS = {
    "export-control": "Export control",
    "counter-finance": "Counter-finance",
    "targeted-enforcement": "Targeted enforcement",
    "capacity-building": "Capacity building",
    "infrastructure-redundancy": "Infrastructure redundancy",
    "incident-response": "Incident response",
    "shared-early-warning": "Shared early warning",
    "joint-exercises": "Joint exercises",
    "attribution-standards": "Attribution standards",
    "dialogue": "Dialogue",
    "inclusion-and-services": "Inclusion and services",
    "education-and-media-literacy": "Education and media literacy",
    "health": "Health",
}
"""Lever name to the label that people read."""

LEVERS = tuple(LABELS)
