"""What the stage refuses before it simulates, and what it says of numbers that are none."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from offers import offer
from tocsin.errors import PluginFailed, UsageError
from tocsin.plan import _added_levers, _check_finite
from tocsin.plan.portfolios import declare_efforts
from tocsin.plan.portfolios.levers import Lever


def test_added_levers_are_told_once_in_the_order_of_their_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lever = Lever("A lever", delay=9.0, source="test")
    offer(monkeypatch, "tocsin.levers", talks=lever, aid=lever)
    efforts = {"talks": 1, "health": 0.0, "aid": 1.0}
    both = declare_efforts({"a": {"talks": 0.5}, "b": efforts})
    assert _added_levers(both) == ("aid", "talks")
    assert _added_levers(declare_efforts({"a": {"health": 1}})) == ()
    with pytest.raises(UsageError, match="magic"):
        declare_efforts({"a": {"magic": 0.5}})


@pytest.mark.parametrize(
    ("mechanisms", "ending"),
    [(["hole"], "no number"), (["hole", "b", "c"], "no number (or one of b, c)")],
)
def test_numbers_that_are_none_are_the_mechanisms(
    monkeypatch: pytest.MonkeyPatch, mechanisms: list[str], ending: str
) -> None:
    offer(monkeypatch, "tocsin.mechanisms", hole=SimpleNamespace(PARAMETERS=(), step=dict))
    seen = {"deaths": np.ones(3), "grievance": np.array([1.0, np.nan]), "rung": np.array([np.inf])}
    with pytest.raises(PluginFailed) as caught:
        _check_finite(seen, mechanisms)
    assert f"made 'grievance' {ending}" in caught.value.what
    assert ("or one of" in str(caught.value)) is (len(mechanisms) > 1)
    # Without another package's mechanism nobody is to blame, and finite numbers are no fault.
    _check_finite(seen, [])
    _check_finite({"deaths": np.ones(3)}, mechanisms)
