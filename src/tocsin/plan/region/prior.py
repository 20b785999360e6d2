"""What is not known of the world: a parameter, its prior, and what the prior rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["calibrated", "literature", "judgement"]
"""What a prior rests on: data that ship with tocsin, published findings, or judgement alone."""


@dataclass(frozen=True)
class Parameter:
    """This is one parameter of the model, with its prior: it is uniform from `low` to `high`.

    `unit` is the unit of both bounds, and `source` the publication or the data that the range
    comes from. Without a `basis`, a source that begins with 'assumption' is judgement, and any
    other is literature.
    """

    name: str
    low: float
    high: float
    unit: str
    source: str
    given: Basis | None = None

    @property
    def basis(self) -> Basis:
        """What the prior rests on.

        >>> Parameter("decay", 0.0, 1.0, "a week", "assumption; form as in Bass (1969)").basis
        'judgement'
        """
        if self.given is not None:
            return self.given
        return "judgement" if self.source.startswith("assumption") else "literature"
