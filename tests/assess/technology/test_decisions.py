"""Decisions are dated statements that move the ledger, and can be taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.assess.technology.decisions import (
    apply_decisions,
    decision,
    of_possession,
    standing_assertions,
    withdrawal,
)
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


SIDES = pl.DataFrame(
    {"incident_id": ["i-1", "i-1", "i-1", "i-2"], "side": ["a", "b", "third", "b"],
     "actor_id": ["9", "1", "2", "1"]}
)  # fmt: skip
MENTIONS = pl.DataFrame(
    {"incident_id": ["i-1", "i-2"], "technology": [DRONES] * 2, "user_a": [0.2, 0.2],
     "user_b": [0.5, 0.5], "user_third": [0.3, 0.3], "is_named": [False, False]}
)  # fmt: skip


def used(actor: str, says: str, weight: float, incident: str = "i-1", **more: Any) -> pl.DataFrame:
    how = {**HOW, "incident_id": incident, "weight": weight, **more}
    return decision((actor, actor), says, DRONES, **how)


def users_after(*rows: pl.DataFrame) -> list[tuple[float, ...]]:
    moved = apply_decisions(MENTIONS, pl.concat(rows), SIDES)
    return moved.select("user_a", "user_b", "user_third").rows()


def test_an_assertion_multiplies_the_odds_of_its_side() -> None:
    """By its own odds: 0.8 are four to one; what denies divides by them."""
    for row, weights in (
        (used("1", "used", 0.8), (0.2, 2.0, 0.3)),
        (used("1", "did not use", 0.8), (0.2, 0.125, 0.3)),
        (used("9", "used", 0.75), (0.6, 0.5, 0.3)),
        (used("2", "used", 0.75), (0.2, 0.5, 0.9)),
        (used("2", "used", 1.0), (0.2, 0.5, 0.3 * 99)),
        (used("2", "did not use", 1.0), (0.2, 0.5, 0.3 / 99)),
    ):
        first, second = users_after(row)
        assert first == pytest.approx([one / sum(weights) for one in weights])
        assert second == pytest.approx((0.2, 0.5, 0.3))
    both = users_after(used("1", "used", 0.8), used("9", "did not use", 0.8))[0]
    assert both == pytest.approx(np.array([0.05, 2.0, 0.3]) / 2.35)


def test_what_is_asserted_is_named_and_where_nothing_fits_all_stays() -> None:
    moved = apply_decisions(MENTIONS, used("1", "did not use", 0.8), SIDES)
    assert moved["is_named"].to_list() == [True, False]
    assert moved["here_b"].to_list() == [pytest.approx(-np.log(4)), 0.0]
    assert moved["here_a"].to_list() == moved["here_third"].to_list() == [0.0, 0.0]
    stranger = used("7", "used", 0.9)
    elsewhere = used("1", "used", 0.9, "i-9")
    other = decision(("1", "1"), "used", "cyber", incident_id="i-1", **HOW)
    has = decision(("1", "1"), "has", DRONES, on=date(2020, 1, 1), **HOW)
    for row in (stranger, elsewhere, other, has):
        kept = apply_decisions(MENTIONS, row, SIDES)
        assert kept.select(MENTIONS.columns).rows() == [
            pytest.approx(one) for one in MENTIONS.rows()
        ]
    named = apply_decisions(MENTIONS.with_columns(is_named=pl.lit(True)), stranger, SIDES)
    assert named["is_named"].all()


def test_what_is_held_of_possession_has_its_log_odds() -> None:
    rows = [
        decision(GROUP, says, DRONES, on=date(2020, 1, day), **(HOW | {"weight": weight}))
        for says, day, weight in (("has", 1, 0.9), ("has not", 2, 0.8), ("has", 3, 1.0))
    ]
    found = of_possession(pl.concat([*rows, used("1", "used", 0.9)])).sort("on_date")
    assert found["log"].to_list() == pytest.approx([np.log(9), -np.log(4), np.log(99)])


def test_the_latest_word_on_an_assertion_stands_and_of_one_moment_the_withdrawal() -> None:
    has = decision(GROUP, "has", DRONES, on=date(2020, 3, 1), **HOW)
    key = has["statement_id"][0]
    same = withdrawal(has, key, **HOW)
    later = decision(
        GROUP, "has", DRONES, on=date(2020, 3, 1), **(HOW | {"at": datetime(2027, 1, 1)})
    )
    assert later["statement_id"].to_list() == [key]
    for rows, stands in (([has], 1), ([same, has], 0), ([later, same, has], 1), ([has, later], 1)):
        assert standing_assertions(pl.concat(rows)).height == stands
    with pytest.raises(UsageError, match="No assertion 'x' stands"):
        withdrawal(has, "x", **HOW)
    for lacking in ({"source": " "}, {"reason": ""}):
        with pytest.raises(UsageError, match="needs a source and a reason"):
            withdrawal(has, key, **(HOW | lacking))


@pytest.mark.parametrize(
    ("weight", "taken"), [(0.5, False), (0.51, True), (1.0, True), (1.01, False)]
)
def test_a_weight_is_above_a_half_and_at_most_one(weight: float, taken: bool) -> None:
    if taken:
        assert used("1", "used", weight)["weight"].to_list() == [weight]
    else:
        with pytest.raises(UsageError, match=r"not above 0\.5 and at most 1"):
            used("1", "used", weight)


def test_what_is_said_of_an_incident_has_no_day_and_of_a_day_no_incident() -> None:
    row = used("1", "used", 0.8, on=date(2020, 1, 1))
    assert row.select("incident_id", "on_date").row(0) == ("i-1", None)
    both = {**HOW, "incident_id": "i-1", "on": date(2020, 1, 1)}
    row = decision(GROUP, "has not", DRONES, **both)
    assert row.select("incident_id", "on_date").row(0) == (None, date(2020, 1, 1))
    assert row["weight"].to_list() == [0.8]


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


@pytest.mark.slow
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
