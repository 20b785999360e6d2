"""The model learns what there is to learn, falls back on the plain rule, and repeats itself."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.assess.attribution.choices import ChoiceSet, choice_set
from tocsin.assess.attribution.model import fit, plain_rule

from .test_choices import ground

Tables = dict[str, pl.DataFrame]


def cases(given: Tables, no_tags: pl.DataFrame) -> list[ChoiceSet]:
    whole = ground(given, no_tags)
    return [choice_set(whole, at) for at in range(20, 300)]


@pytest.mark.slow
def test_north_and_south_are_told_apart(made_up: Tables, no_tags: pl.DataFrame) -> None:
    known = cases(made_up, no_tags)
    model = fit(known[:240])
    for one in known[240:]:
        p = model.probabilities(one)
        assert p.argmax() == one.truth
        assert abs(p.sum() - 1) < 1e-12
    assert model.cases == 240


@pytest.mark.slow
def test_again_is_the_same(made_up: Tables, no_tags: pl.DataFrame) -> None:
    known = cases(made_up, no_tags)
    one, two = fit(known), fit(known[::-1])
    np.testing.assert_array_equal(one.weights, two.weights)
    assert one.temperature == two.temperature


@pytest.mark.slow
def test_without_cases_the_plain_rule(made_up: Tables, no_tags: pl.DataFrame) -> None:
    known = cases(made_up, no_tags)
    model = fit([])
    np.testing.assert_array_equal(model.weights, plain_rule())
    assert model.probabilities(known[200]).argmax() == known[200].truth
    few = fit(known[:5])
    assert np.abs(few.weights - plain_rule()).max() < 1.5
