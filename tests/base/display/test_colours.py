"""The palette is said once."""

from __future__ import annotations

from pathlib import Path

import tocsin
from tocsin.base.display.colours import PALETTE


def test_no_other_file_says_a_colour_of_the_palette() -> None:
    digits = [colour.removeprefix("#") for colour in PALETTE]
    for path in Path(tocsin.__file__).parent.rglob("*.py"):
        text = path.read_text("utf-8").lower()
        if path.name != "colours.py":
            assert not [colour for colour in digits if colour in text], path
