"""What a cut buys: a halved channel, and ties that thin with their sponsors."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.next_users import cut_of_channels, cuts_of, table_of_next
from tocsin.anticipate.diffusion.answer.shares import Imputation
from tocsin.anticipate.diffusion.hazard.design import draw_onsets, link_cases, make_design
from tocsin.anticipate.diffusion.hazard.gibbs import sample_gibbs
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties


def test_without_sponsors_there_is_no_alternative() -> None:
    assert [thins for _, thins, _ in cuts_of(["ties", "territory"])] == [False, False]


@pytest.mark.slow
def test_cutting_both_saves_more_than_cutting_one_and_less_than_all() -> None:
    names = [f"n{i:02d}" for i in range(20)]
    used = [float(2 * i + 1) if i < 12 else None for i in range(20)]
    cases = read_cases(pl.DataFrame({"actor": names, "technology": "one", "time": used}), end=24.0)
    ties = pl.DataFrame(
        {
            "source": [*names[:-1], *names[:-2]],
            "target": [*names[1:], *names[2:]],
            "channel": ["ties"] * 19 + ["sponsor"] * 18,
        }
    )
    read = read_ties(ties, cases)
    links = link_cases(cases, read)
    onset = draw_onsets(cases, np.random.default_rng(0))
    design = make_design(cases, links, onset, channels=2)
    one = Imputation(onset, design, sample_gibbs([design], seed=1)[0])
    rows = cut_of_channels(cases, links, [one], read.channels)
    fewer = {(row["channel"], row["thins_ties"]): row["fewer"] for row in rows}
    assert len(rows) == 3
    assert fewer["sponsor", True] > max(fewer["sponsor", False], fewer["ties", False]) > 0
    expected = table_of_next(cases, links, [one]).filter(months=24)["probability"].sum()
    assert rows[0]["expected"] == pytest.approx(expected)
    assert fewer["sponsor", True] < expected
