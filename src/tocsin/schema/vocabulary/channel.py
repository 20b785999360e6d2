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
