"""Effects of covariates as a table, and ties that follow a covariate."""

from __future__ import annotations

import warnings

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.effects import note_of_alike_ties, table_of_effects
from tocsin.anticipate.diffusion.hazard.design import link_cases
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases
from tocsin.anticipate.diffusion.tables.ties import read_ties

SIZES = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]


def _cases() -> Cases:
    time = [2001.0, 2002.0, 2003.0, 2004.0, None, None]
    return read_cases(
        pl.DataFrame({"actor": list("abcdef"), "technology": "x", "time": time, "size": SIZES}),
        covariates=["size"],
    )


def test_effects_have_their_unit_and_interval() -> None:
    table = table_of_effects(_cases(), np.linspace(0.0, 1.0, 101)[:, None])
    assert table.columns == ["technology", "covariate", "scale", "mean", "low", "high"]
    assert table.row(0)[:2] == ("all", "size")
    assert table.row(0)[2:] == pytest.approx((np.std(SIZES), 0.5, 0.05, 0.95))


def test_without_covariates_the_table_is_empty_and_has_its_columns() -> None:
    time = [2001.0, 2002.0]
    cases = read_cases(pl.DataFrame({"actor": ["a", "b"], "technology": "x", "time": time}))
    assert table_of_effects(cases, np.zeros((4, 0))).shape == (0, 6)


@pytest.mark.parametrize(("targets", "said"), [("bcdef", True), ("fafaf", False), ("bbbbb", False)])
def test_ties_that_follow_a_covariate_are_told(targets: str, said: bool) -> None:
    cases = _cases()
    table = pl.DataFrame({"source": list("abcde"), "target": list(targets), "channel": "alliance"})
    ties = read_ties(table, cases)
    notes = note_of_alike_ties(cases, link_cases(cases, ties), ties.channels)
    assert [("alliance" in one and "size" in one) for one in notes] == [True] * said


def test_ends_that_do_not_differ_have_no_correlation_to_be_told_or_warned_of() -> None:
    cases = _cases()
    for sources, targets in (("bcdef", "aaaaa"), ("aaaaa", "bcdef")):
        table = pl.DataFrame({"source": [*sources], "target": [*targets], "channel": "kin"})
        ties = read_ties(table, cases)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            assert note_of_alike_ties(cases, link_cases(cases, ties), ties.channels) == []


def test_a_channel_without_ties_between_cases_follows_nothing() -> None:
    cases = _cases()
    table = pl.DataFrame({"source": [*"abcde"], "target": [*"bcdef"], "channel": "alliance"})
    links = link_cases(cases, read_ties(table, cases))
    notes = note_of_alike_ties(cases, links, ("alliance", "nobody"))
    assert len(notes) == 1
    assert "(correlation 1.00)" in notes[0]


def test_ties_follow_a_covariate_from_a_correlation_of_a_half_on() -> None:
    """Three ties, of which the ends are 1, 2, 3 and 1, 3, 2: their correlation is a half."""
    cases = _cases()
    for targets, said in (("dfe", True), ("efd", False)):
        table = pl.DataFrame({"source": [*"abc"], "target": [*targets], "channel": "kin"})
        ties = read_ties(table, cases)
        assert bool(note_of_alike_ties(cases, link_cases(cases, ties), ties.channels)) is said
