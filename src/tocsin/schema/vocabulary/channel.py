"""Supply channels: the ways by which a capability reaches a non-state group."""

from __future__ import annotations

LABELS = {
    "market": "Commercial market",
    "online": "Online shops and guidance",
    "training": "Training networks",
    "sponsor": "State or diaspora sponsors",
    "ties": "Splinter and alliance ties",
}
"""Channel name to the label that people read."""

CHANNELS = tuple(LABELS)

TIE_LABELS = {
    "ties": "Splinter and alliance ties",
    "sponsor": "Common sponsor",
    "training": "Weapons or training from a group",
    "territory": "Shared territory",
    "adversary": "Common adversary",
}
"""Channel of ties between two organisations to the label that people read."""

TIES = tuple(TIE_LABELS)
