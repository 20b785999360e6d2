"""Every parameter has a prior, a unit and a source."""

from __future__ import annotations

from tocsin.plan.parameters import PARAMETERS


def test_each_is_complete() -> None:
    assert len({item.name for item in PARAMETERS}) == len(PARAMETERS)
    for item in PARAMETERS:
        assert item.low < item.high
        assert item.unit
        assert item.source
