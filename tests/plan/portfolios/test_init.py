"""Efforts alone make portfolios; those of other packages' levers too."""

from __future__ import annotations

import pytest

from offers import offer
from tocsin.errors import UsageError
from tocsin.plan.portfolios import DEFAULT, SHIPPED, declare_efforts, read_portfolios
from tocsin.plan.portfolios.levers import Lever


@pytest.mark.parametrize("level", [1.01, -0.01, True, "much", None])
def test_an_effort_that_is_none_is_refused(level: object) -> None:
    with pytest.raises(UsageError, match="not from 0 to 1") as caught:
        declare_efforts({"mine": {"health": 0.5, "dialogue": level}})  # type: ignore[dict-item]
    assert caught.value.where == "portfolio 'mine', lever 'dialogue'"


def test_the_status_quo_is_always_among_them() -> None:
    found = declare_efforts({"mine": {"health": 1}})
    assert list(found.portfolios) == ["status quo", "mine"]
    assert found.limits.budget is None


def test_a_lever_of_another_package_has_its_own_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, "tocsin.levers", talks=Lever("Talks", delay=3.0, source="test"))
    assert declare_efforts({"mine": {"talks": 0.5}}).levers["talks"].delay == 3.0
    assert read_portfolios(DEFAULT).levers["talks"].label == "Talks"


def test_the_shipped_file_reads_as_it_ships() -> None:
    found = read_portfolios(DEFAULT)
    assert found.portfolios == SHIPPED.portfolios
    assert found.limits == SHIPPED.limits
