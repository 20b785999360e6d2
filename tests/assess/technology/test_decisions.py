"""Decisions are dated statements that move the ledger, and can be taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from tocsin.assess.technology.decisions import decision, standing_assertions, withdrawal
from tocsin.errors import UsageError

from .test_adoption import confidence, told

HOW: dict[str, Any] = {
    "source": "the desk", "reason": "invented", "at": datetime(2026, 1, 2, 3, 4, 5),
}  # fmt: skip
GROUP = ("Hill Group", "Hill Group")
DRONES = "uncrewed-aircraft"
WORDS = ["A drone strike in the hills"] * 4


def with_decisions(*rows: pl.DataFrame, words: list[str] | None = None) -> dict[str, pl.DataFrame]:
    return told(*(WORDS if words is None else words), decisions=pl.concat(rows))


@pytest.mark.slow
def test_a_decision_moves_the_posterior_both_ways() -> None:
    plain = confidence(told(*WORDS))
    has = decision(GROUP, "has", DRONES, on=date(2020, 3, 1), weight=0.9, **HOW)
    lacks = decision(GROUP, "has not", DRONES, on=date(2020, 12, 1), weight=0.9, **HOW)
    assert confidence(with_decisions(lacks)) < plain < confidence(with_decisions(has))
    surer = decision(GROUP, "has", DRONES, on=date(2020, 3, 1), weight=0.98, **HOW)
    assert confidence(with_decisions(surer)) > confidence(with_decisions(has))


@pytest.mark.slow
def test_a_withdrawal_restores_what_was_held() -> None:
    has = decision(GROUP, "has", DRONES, on=date(2020, 3, 1), **HOW)
    back = withdrawal(
        has, has["statement_id"][0], source="desk", reason="a mistake", at=datetime(2026, 2, 1)
    )
    assert standing_assertions(pl.concat([has, back])).is_empty()
    assert confidence(with_decisions(has, back)) == confidence(told(*WORDS))
    with pytest.raises(UsageError):
        withdrawal(pl.concat([has, back]), has["statement_id"][0], **HOW)


@pytest.mark.slow
def test_it_was_the_states() -> None:
    words = ["Hill Group attacks the army with drones"]
    named = told(*words)
    rows = [
        decision(GROUP, "did not use", DRONES, incident_id="r-0", weight=0.95, **HOW),
        decision(
            ("Government of Syria",) * 2, "used", DRONES, incident_id="r-0", weight=0.95, **HOW
        ),
    ]
    moved = with_decisions(*rows, words=words)
    assert confidence(moved) < confidence(named)
    used = [frame["state_uses"].filter(actor="Government of Syria") for frame in (named, moved)]
    assert used[1]["expected"].sum() > used[0]["expected"].sum()


def test_a_decision_on_what_nothing_mentions_makes_an_entry() -> None:
    has = decision(GROUP, "has", "cyber", on=date(2020, 3, 1), weight=0.95, **HOW)
    found = with_decisions(has)
    row = found["adoption"].filter(technology="cyber").to_dicts()[0]
    assert row["n_incidents"] == 0
    assert row["first_incident"] is None
    assert row["confidence"] > 0.5
    why = found["adoption_reasons"].filter(technology="cyber").to_dicts()[0]
    assert (why["told_by"], why["by"], why["direction"]) == ("here", "the desk", "for")
    # Who learns from the ledger's draws learns of it too: diffusion does not call it a next user.
    draws = found["adoption_draws"].filter(technology="cyber")
    assert draws["draw"].to_list() == list(range(draws.height))
    assert draws["singled"].all()
    assert draws["onset"].is_not_null().mean() == pytest.approx(row["confidence"], abs=0.1)
    assert draws["onset"].drop_nulls().max() <= date(2020, 3, 1)
    assert found["adoption_onsets"].filter(technology="cyber")["date"].is_sorted()


def test_a_denial_of_what_nothing_mentions_singles_nobody_out() -> None:
    lacks = decision(GROUP, "has not", "cyber", on=date(2020, 3, 1), weight=0.95, **HOW)
    draws = with_decisions(lacks)["adoption_draws"].filter(technology="cyber")
    assert not draws["singled"].any()
    assert draws["onset"].is_null().mean() > 0.9


@pytest.mark.parametrize(
    ("says", "technology", "more"),
    [
        ("owns", DRONES, {"on": date(2020, 1, 1)}),
        ("has", "sorcery", {"on": date(2020, 1, 1)}),
        ("has", DRONES, {}),
        ("used", DRONES, {}),
        ("has", DRONES, {"on": date(2020, 1, 1), "weight": 0.4}),
        ("has", DRONES, {"on": date(2020, 1, 1), "reason": " "}),
    ],
)
def test_a_decision_needs_its_parts(says: str, technology: str, more: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        decision(GROUP, says, technology, **(HOW | more))


def test_a_class_or_a_word_that_is_nearly_one_is_told() -> None:
    for says, technology, meant in (
        ("has", "indirect-fire", "guided-or-indirect-fire"),
        ("hasnt", DRONES, "has not"),
    ):
        with pytest.raises(UsageError) as refused:
            decision(GROUP, says, technology, on=date(2020, 3, 1), **HOW)
        assert f"Did you mean '{meant}'?" in refused.value.remedy
