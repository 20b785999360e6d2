"""What this package is: its version, and the five rooms of its road."""

from __future__ import annotations

VERSION = "0.1.0"
"""The version that is written beside each result; `tocsin.__version__`."""
STAGES = ("observe", "assess", "anticipate", "plan", "share")
"""The rooms of the road, in the order in which data flow."""
