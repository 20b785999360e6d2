"""What warning saves, beside what it saves today: worked out by hand, on plain arrays."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from tocsin.plan.region import state as states
from tocsin.plan.region.mechanisms.society import warning
from tocsin.plan.region.state import State

HELD = {"shared-early-warning": 0.5, "joint-exercises": 0.25, "health": 0.1}
P = {"warning": 0.25, "drowned": 0.5}
TODAY = 0.25 * (0.5 * (0.6 + 0.4 * 0.25) + 0.2 * 0.1)


@pytest.mark.parametrize(
    ("lever", "changed", "now"),
    [
        (HELD, {}, TODAY),
        # All is done: no more than all who can be warned.
        (dict.fromkeys(HELD, 1.0), {}, 0.25),
        ({**HELD, "joint-exercises": 1.0}, {}, 0.25 * (0.5 + 0.02)),
        # Trust at half of today's halves it; strain drowns half of its own part.
        (HELD, {"trust": 0.25, "strain": 0.4}, TODAY * 0.5 * (1 - 0.5 * 0.4)),
        # Cohesion counts for what is shared with partners, up to a quarter more.
        (HELD, {"cohesion": 0.9}, 0.25 * (0.35 * 1.25 + 0.02)),
        (HELD, {"trust": 0.0, "cohesion": 0.0}, 0.25 * 0.5 * (0.35 * 0.5 + 0.02)),
    ],
)
def test_what_is_saved_is_that_of_now_less_that_of_the_start(
    lever: dict[str, float],
    changed: dict[str, float],
    now: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(states, "jnp", np)
    monkeypatch.setattr(warning, "jnp", np)
    monkeypatch.setattr(warning, "log", np.log)
    given = dict.fromkeys(State._fields, 0.0) | {"trust": 0.5, "cohesion": 0.5, "saved": 0.3}
    world = SimpleNamespace(held=HELD)
    found = warning.step(P, lever, world, State(**given | changed), None)  # type: ignore[arg-type]
    assert found.saved == pytest.approx(0.3 + np.log(1 - TODAY) - np.log(1 - now))
