"""Levers grow to their efforts with their delays; others' levers act as tocsin's own."""

from __future__ import annotations

import numpy as np
import pytest

from offers import offer
from tocsin.errors import UsageError
from tocsin.plan.portfolios import DELAY, SHIPPED, STATUS_QUO
from tocsin.plan.portfolios.declared import Rule
from tocsin.plan.portfolios.levers import Lever
from tocsin.plan.region.levels import held_levels, make_levels, ruled_levels
from tocsin.schema.vocabulary.lever import LEVERS


def test_a_lever_grows_from_what_is_in_force_with_its_delay() -> None:
    found, held = make_levels([{"dialogue": 0.8}, {}], {"dialogue": 0.2, "health": 0.5}, weeks=52)
    assert held[LEVERS.index("health")] == 0.5
    assert found.shape == (2, 13, 52)
    months = np.arange(1, 53) * 12 / 52
    expected = 0.2 + 0.6 * (1 - np.exp(-months / DELAY["dialogue"]))
    assert found[0, LEVERS.index("dialogue")] == pytest.approx(expected, abs=1e-6)
    # What a portfolio does not name is let go of.
    assert (np.diff(found[:, LEVERS.index("health")]) < 0).all()
    assert found[0, LEVERS.index("export-control")].tolist() == [0.0] * 52


def test_what_acts_as_another_lever_stays_between_none_and_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    talks = Lever("Talks", delay=1e-3, source="t", acts_as={"dialogue": 0.5, "health": -1.0})
    offer(monkeypatch, "tocsin.levers", talks=talks)
    base = {"dialogue": 0.3, "health": 0.2, "talks": 0.1}
    found, held = make_levels([base, base | {"talks": 1.0}], base, ("talks",), weeks=2)
    some, full = found[:, :, -1]
    dialogue, health = LEVERS.index("dialogue"), LEVERS.index("health")
    assert some[[dialogue, health, 13]].tolist() == pytest.approx([0.35, 0.1, 0.1])
    assert full[[dialogue, health, 13]].tolist() == pytest.approx([0.8, 0.0, 1.0])
    assert held == pytest.approx(some)


@pytest.mark.parametrize("wrong", [{"bombing": 1.0}, {"dialogue": 1.5}])
def test_what_is_no_portfolio(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        make_levels([wrong], {})


def test_a_rule_changes_levels_from_the_week_after_its_month() -> None:
    rule = Rule("deaths", True, 1.0, 1.0, (("dialogue", 1.0),), "", "")
    since = np.array([0, 3, 120])
    still = SHIPPED.portfolios[STATUS_QUO]
    found = ruled_levels(SHIPPED, still, (), [(rule, since)], 3)
    assert found.shape == (1, 13, 520, 3)
    dialogue = found[0, LEVERS.index("dialogue")]
    assert (dialogue[:, 2] == 0).all()
    assert dialogue[12, 1] == 0
    assert dialogue[14, 1] > 0
    assert dialogue[0, 0] > 0
    plain = ruled_levels(SHIPPED, still, (), [], 3)
    assert plain[0, :, 7, 1] == pytest.approx(held_levels())
