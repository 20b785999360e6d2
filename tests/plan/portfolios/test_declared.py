"""What is declared stands as it was given."""

from __future__ import annotations

from tocsin.plan.portfolios.declared import Limits, Measure, Portfolio


def test_efforts_are_those_before_any_rule() -> None:
    assert Portfolio("x", {"health": Measure(0.4, start=6)}).efforts == {"health": 0.4}


def test_without_limits_there_is_none() -> None:
    none = Limits()
    assert (none.budget, none.keep, none.needs, dict(none.most)) == (None, (), (), {})
