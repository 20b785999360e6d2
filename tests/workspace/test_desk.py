"""A decision on an organisation is kept under its own name, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from tocsin import Workspace
from tocsin.errors import UsageError
from tocsin.workspace import desk

HOW = {"source": "the desk", "reason": "invented", "at": datetime(2026, 2, 3, 4, 5, 6)}
MORE = {"weight": 0.7, "dates": (None, None), "gwno": None}


@pytest.mark.slow
def test_a_decision_is_kept_and_taken_back(made_by_0_1: Callable[[], Path]) -> None:
    with Workspace.open(made_by_0_1()) as opened:
        read = opened.last_run("observe")
        said = desk.assert_relation(
            opened, "Invented Front", "alliance", "Invented Alliance", HOW | MORE
        )
        again = desk.assert_relation(
            opened, "Invented Front", "alliance", "Invented Alliance", HOW | MORE
        )
        assert said == again
        assert opened.count("actor_decisions") == 2
        assert opened.last_run("observe") == read
        last = opened.last_run("decide")
        assert last is not None
        assert last["rows"] == {"actor_decisions": 1}
        assert last["parameters"]["statement_id"] == said["statement_id"]
        links = desk.statements(opened)[1]
        assert said["statement_id"] in links["statement_id"].to_list()
        back = desk.withdraw_statement(opened, said["statement_id"], HOW)
        assert back["decision"] == "withdraw"
        assert opened.count("actor_decisions") == 3


@pytest.mark.slow
def test_a_decision_on_nobody_is_refused_and_nothing_is_kept(
    made_by_0_1: Callable[[], Path],
) -> None:
    with Workspace.open(made_by_0_1()) as opened:
        before = len(opened.runs())
        with pytest.raises(UsageError, match="Nobody In Particular"):
            desk.assert_relation(
                opened, "Nobody In Particular", "alias", "Invented Front", HOW | MORE
            )
        assert len(opened.runs()) == before
