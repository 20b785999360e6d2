"""Two releases of one producer, made from real events: the second revises the first."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from tocsin.bench.linkage.rereport import Noise, Teller, number_reports, scale_noise

AGAIN_RELEASED = Noise(
    omit=0.03, move_date=0.05, days=1.2, blur_date=0.03, blur_days=3, jitter=0.25, km=8,
    coarsen=0.03, misspell=0.05, alias=0.02, no_actor=0, swap=0, miscount=0.15, factor=0.3,
    no_count=0, recode=0.01, split=0.08, merge=0.08, again=0,
)  # fmt: skip
"""What a producer's next release does to its events: some are dropped, re-dated, put elsewhere,
counted anew, split in two or merged."""


def rerelease(
    events: pl.DataFrame, *, seed: int, keep_ids: bool = True
) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    """Make two releases of one producer: its events as they are, and revised by `AGAIN_RELEASED`.

    The first lacks some events, too, which are only told later. Codes and names are the same.

    Args:
        events: as `rereport` takes them.
        seed: start of the random numbers.
        keep_ids: an event keeps its id, the larger of two that are merged as well; of two parts the
            second has a new one. Else all ids are given out anew.

    Returns:
        Two frames and the truth, as `rereport` gives them.
    """
    rows = events.sort("id").to_dicts()
    plain = replace(scale_noise(AGAIN_RELEASED, 0), omit=AGAIN_RELEASED.omit)
    releases = []
    for number, noise in enumerate((plain, AGAIN_RELEASED)):
        teller = Teller(noise, 0, np.random.default_rng([seed, number]))
        releases.append((teller.tell(rows), teller.rng))
    return number_reports(releases, keep_ids=keep_ids)
