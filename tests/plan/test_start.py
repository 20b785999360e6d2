"""Where the simulation starts."""

from __future__ import annotations

import pytest

from tocsin.errors import StageNotReady
from tocsin.plan.start import start
from tocsin.schema import TABLES, empty


def test_a_region_without_forecasts_is_refused() -> None:
    tables = {name: empty(TABLES[name]) for name in ("forecasts", "adoption")}
    with pytest.raises(StageNotReady, match="forecast"):
        start(tables, [652])
