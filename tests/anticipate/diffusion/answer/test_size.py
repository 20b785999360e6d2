"""Large tables are drawn from less often, and it is said how long they may take."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from tocsin.anticipate.diffusion.answer.size import A_MINUTE, ROOM, draws_within, words_of_sampling


def test_small_tables_have_all_draws_and_large_ones_the_fewest() -> None:
    assert draws_within(1000, 50, least=50) == 1000
    assert draws_within(1000, ROOM // 1000, least=50) == 1000
    assert draws_within(1000, ROOM // 100, least=50) == 100
    assert draws_within(1000, ROOM, least=50) == 50
    assert draws_within(20, ROOM, least=50) == 20
    assert draws_within(20, 0, least=5) == 20


def test_long_work_is_said_beforehand() -> None:
    def words(cases: int, ties: int) -> str:
        counts: Any = (
            SimpleNamespace(actor=np.zeros(cases)),
            SimpleNamespace(channel=np.zeros(ties)),
        )
        return words_of_sampling(*counts)

    assert words(500, 1000) == "Sampling"
    assert "2,500 cases and" in words(2500, 3 * A_MINUTE)
    assert words(A_MINUTE, 2 * A_MINUTE).endswith("some 3 minutes")
