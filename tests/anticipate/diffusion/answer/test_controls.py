"""Controls: a first use that goes from tie to tie beats them, one that goes anywhere does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.controls import (
    Given,
    _reversed_share,
    _rewired,
    compare_controls,
    leave_future_out,
)
from tocsin.anticipate.diffusion.hazard.design import link_cases
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties


def _chain() -> Given:
    """Thirty organisations in a chain, each after the one before; thirty pairs never take it up."""
    random = np.random.default_rng(1)
    users = [f"u{i}" for i in range(30)]
    others = [f"o{i}" for i in range(60)]
    start = random.uniform(0, 10, 6).repeat(5)
    time = start + np.tile(np.arange(5), 6) * random.uniform(0.3, 0.5, 30)
    table = pl.DataFrame(
        {
            "actor": users + others,
            "technology": "x",
            "time": [*time.tolist(), *[None] * 60],
            "territory": "t",
        }
    )
    follows = [(users[i], users[i + 1]) for i in range(29) if i % 5 != 4]
    pairs = follows + [(others[i], others[i + 1]) for i in range(0, 60, 2)]
    ties = pl.DataFrame(
        {"source": [a for a, _ in pairs], "target": [b for _, b in pairs], "channel": "tie"}
    )
    cases = read_cases(table, end=15.0)
    read = read_ties(ties, cases)
    onset = np.where(cases.adopts, cases.high, np.inf)
    return Given(cases, read, link_cases(cases, read), onset)


@pytest.mark.slow
def test_contagion_is_shown_and_chance_is_not() -> None:
    given = _chain()
    found = compare_controls(given, seed=1)
    assert found.shown
    assert found.share > 0.5
    assert found.rewired[0] < found.share / 2
    assert found.permuted[0] < found.share / 2
    random = np.random.default_rng(2)
    chance = compare_controls(replace(given, onset=random.permutation(given.onset)), seed=1)
    assert not chance.shown


@pytest.mark.slow
def test_few_worlds_are_counted_with_the_data_and_repeat() -> None:
    one, two = (compare_controls(_chain(), seed=1, worlds=4) for _ in range(2))
    assert (one.share, one.p_null, one.rewired) == (two.share, two.p_null, two.rewired)
    assert one.p_null in [k / 5 for k in range(1, 6)]
    # With four worlds no p-value is below a fifth, so nothing counts as shown.
    assert not one.shown
    assert one.share > 0.5


def test_time_is_reversed_only_where_somebody_never_took_it_up() -> None:
    """Backwards, an epidemic that reached everybody is one, too."""
    given = _chain()
    assert _reversed_share(given) is not None
    everybody = np.where(np.isfinite(given.onset), given.onset, 14.0 + np.arange(90) / 100)
    assert _reversed_share(replace(given, onset=everybody)) is None


def test_rewired_ties_keep_what_each_channel_joins() -> None:
    """Targets move, and only within their channel; nobody is tied to itself."""
    whole = _chain().ties
    ties = replace(whole, channel=np.arange(len(whole.source)) % 2, channels=("one", "two"))
    found = _rewired(ties, np.random.default_rng(3))
    assert (found.source == ties.source).all()
    assert (found.target != found.source).all()
    for k in (0, 1):
        mine = ties.channel == k
        assert sorted(found.target[mine]) == sorted(ties.target[mine])
        assert (found.target[mine] != ties.target[mine]).mean() > 0.5


def test_first_uses_are_scored_in_the_tenth_after_each_origin() -> None:
    given = _chain()
    width = given.cases.end - given.cases.start
    origins = given.cases.start + width * np.linspace(0.5, 0.9, 5)
    came = sum(int(((given.onset > o) & (given.onset <= o + width / 10)).sum()) for o in origins)
    found = leave_future_out(given)
    assert found["events"] == came > 0
    assert found["cases"] == sum(int((given.onset > o).sum()) for o in origins)


def test_single_channels_that_are_not_asked_after_are_not_shown() -> None:
    given = _chain()
    ties = replace(given.ties, channel=np.arange(len(given.ties.source)) % 2, channels=("a", "b"))
    both = replace(given, ties=ties, links=link_cases(given.cases, ties))
    found = compare_controls(both, seed=1, worlds=1, each_channel=False)
    assert found.p_channel == (1.0, 1.0)
    assert len(found.null_share) == 2
    assert found.p_null in (0.5, 1.0)
