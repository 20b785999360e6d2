"""Colours that the colour-blind tell apart: the palette of Okabe and Ito (2008), with two greys.

Each is `#rrggbb`. Charts take them, and pathways whose actions have no colour of their own.
"""

from __future__ import annotations

BLUE, ORANGE, GREEN, PINK = "#0072b2", "#d55e00", "#009e73", "#cc79a7"
SKY, AMBER = "#56b4e9", "#e69f00"
GREY, LAND = "#9fb3c4", "#e8edf1"
"""A grey for marks that stand back, and one for land on which nothing is shown."""

PALETTE = (BLUE, ORANGE, GREEN, PINK, SKY, AMBER)
"""The colours of things that are told apart, in the order in which they are taken."""
