"""What years of war and of quiet were followed by, as the record of 191 countries has it.

The file `learnt.json` is written by scripts/build_persistence.py from the example's series.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
LEARNT_FILE = Path(__file__).with_name("learnt.json")
WAR = float(np.log1p(25.0))
"""Log(1 + deaths a year) from which a year is one of war (UCDP)."""
SHORT, LONG = 3, 20
"""Years that the two memories reach back: lately, and as long as a record is told of."""


class Learnt(NamedTuple):
    """This is what was learnt. Deaths are log(1 + deaths a year) throughout.

    The three log odds have four coefficients: a constant, and what one more adds in the deaths of
    the year, in their mean over the last three years before it, and over the last twenty.
    """

    ends: Floats
    """Log odds that a year of war is followed by one of quiet, (4,)."""
    begins: Floats
    """Log odds that a year of quiet is followed by one of war, (4,)."""
    empty: Floats
    """Log odds that the second of two years of quiet has no deaths, (4,)."""
    deaths: Floats
    """Deaths of each year of war that another followed, rising, (M,)."""
    moves: Floats
    """By how much the deaths of the year that followed were more, in the same order, (M,)."""
    first: Floats
    """Deaths of the first years of wars, rising, (B,)."""
    after: Floats
    """Deaths of the years of quiet after a war, rising, (E,)."""
    quiet: Floats
    """Deaths of years of quiet after one of quiet, where anybody died, rising, (Q,)."""
    greatest: Floats
    """Deaths of the greatest year of a war, (1,)."""

    def text(self) -> str:
        """Write it as JSON, as `read_learnt` reads it."""
        held = {
            name: [float(f"{one:.5g}") for one in part] for name, part in self._asdict().items()
        }
        lines = (f" {json.dumps(name)}: {json.dumps(part)}" for name, part in held.items())
        return "{\n" + ",\n".join(lines) + "\n}\n"


def read_learnt(path: Path = LEARNT_FILE) -> Learnt:
    """Read what `Learnt.text` wrote."""
    held = json.loads(path.read_text(encoding="utf-8"))
    return Learnt(*(np.array(held[name]) for name in Learnt._fields))


LEARNT = read_learnt()
"""What ships with tocsin: the years up to 2017."""
