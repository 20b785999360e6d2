"""The verdict: five controls that the network has to beat, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.controls import LEVEL, SAID, Controls, join_words
from tocsin.schema.tables.anticipated.diffusion import CONTROLS

YEAR = 12
"""Months within which the record decides."""


def unbeaten(controls: Sequence[Controls], record: pl.DataFrame) -> list[str]:
    """List the controls that the network does not beat; it has to beat all five of them.

    The log-likelihood that it adds has to exceed that of 95 % of worlds without it, of networks
    rewired at random, and of first uses permuted within territory, class and half of the window;
    its share has to exceed that of reversed time; and chances told again from the past have to be
    better with it than the best of the simpler ones, within 12 months.

    Args:
        controls: those of some imputations.
        record: the table `diffusion_record`; may be empty.

    Returns:
        Those of `CONTROLS` that are not beaten; empty where the network is shown.
    """
    tests = {
        "worlds": join_p([one.p_null for one in controls]) <= LEVEL,
        "rewired": join_p([one.rewired[1] for one in controls]) <= LEVEL,
        "permuted": join_p([one.permuted[1] for one in controls]) <= LEVEL,
        "reversed": (
            np.mean([one.share for one in controls])
            > np.mean([one.reversed or 0.0 for one in controls])
        ),
        "past": _foresees(record),
    }
    return [name for name in CONTROLS if not tests[name]]


def _foresees(record: pl.DataFrame) -> bool:
    if record.is_empty():
        return False
    skill = record.filter((pl.col("window") == "all") & (pl.col("months") == YEAR))["skill"]
    return bool(len(skill) and skill[0] is not None and skill[0] > 0)


def join_p(values: Sequence[float]) -> float:
    """Join p-values of imputations: twice their mean, which holds however they hang together.

    Args:
        values: p-values, at least one.

    Returns:
        A p-value, at most 1; of one value the value itself.

    Source: Vovk and Wang (2020), Combining p-values via averaging, Biometrika 107.

    >>> join_p([0.01, 0.03]), join_p([0.04])
    (0.04, 0.04)
    """
    return min(1.0, float(np.mean(values)) * (2.0 if len(values) > 1 else 1.0))


def verdict_of(missed: Sequence[str]) -> str:
    """Write the verdict as a sentence.

    Args:
        missed: the controls that are not beaten, from `unbeaten`.

    >>> verdict_of(["past"])
    'The data do not show it: the network does not beat past chances without it.'
    """
    if not missed:
        return (
            "The data show it: along ties, technology spreads more than alike neighbours explain."
        )
    names = join_words([SAID[one] for one in missed])
    return f"The data do not show it: the network does not beat {names}."
