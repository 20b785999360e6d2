"""Models of cells keep the protocol, and know their neighbours."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.data.panel import Panel, add_months
from tocsin.anticipate.grid.models import BENCHMARKS, REGISTRY, find_model
from tocsin.errors import UsageError
from tocsin.schema.geography.prio_grid import COLUMNS

START = 190 * COLUMNS + 400
GIDS = tuple(START + row * COLUMNS + column for row in range(5) for column in range(5))
MONTHS = tuple(add_months(date(2015, 1, 1), step) for step in range(40))


def history(seed: int = 1) -> Panel:
    """A corner at war, the opposite at peace."""
    level = np.outer([8, 2, 0.1, 0, 0], [1, 0.5, 0.1, 0, 0]).ravel()
    deaths = np.random.default_rng(seed).poisson(level[:, None], (25, 40)).astype(float)
    return Panel(GIDS, ("Chad",) * 25, MONTHS, "ged_sb", deaths)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*BENCHMARKS, *REGISTRY])
def test_draws_are_whole_sorted_and_repeatable(name: str) -> None:
    model = BENCHMARKS.get(name) or find_model(name)
    found = model(history(), 4, 60)
    assert found.shape[:2] == (25, 4)
    assert (found >= 0).all()
    assert (found == np.round(found)).all()
    assert (np.diff(found, axis=-1) >= 0).all()
    assert (found == model(history(), 4, 60)).all()
    if name != "exactly zero":
        assert found[0].mean() > 3
    assert found[-1].mean() < 0.3


@pytest.mark.slow
def test_a_quiet_cell_beside_a_war_is_less_sure_of_peace() -> None:
    past = history()
    deaths = past.deaths.copy()
    deaths[6] = 0  # beside the war
    deaths[24] = 0  # far from it
    found = find_model("smoothed")(Panel(GIDS, past.territories, MONTHS, "n", deaths), 3, 1000)
    assert (found[6] > 0).mean() > 2 * (found[24] > 0).mean()


def test_unknown_months_and_a_short_past_are_no_trouble() -> None:
    deaths = history().deaths[:, :5].copy()
    deaths[3] = np.nan
    short = Panel(GIDS, ("Chad",) * 25, MONTHS[:5], "n", deaths)
    for name in REGISTRY:
        assert np.isfinite(find_model(name)(short, 3, 40)).all()


def test_an_unknown_name_lists_the_known() -> None:
    with pytest.raises(UsageError, match="smoothed"):
        find_model("crystal ball")
