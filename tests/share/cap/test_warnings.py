"""Alerts become messages that follow each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from tocsin.errors import UsageError
from tocsin.share.cap import Sender, check, warnings

SENT = datetime(2023, 1, 2, 8, tzinfo=UTC)


def tables(level: str = "warning", probability: float = 0.62) -> dict[str, pl.DataFrame]:
    """One rule that stands in Mali, and one that is quiet in Chad."""
    origin = date(2022, 12, 1)
    row = {"rule": "serious", "origin": origin, "since": date(2022, 11, 1)}
    alerts = [
        row | {"territory": "Mali", "gwno": 432, "level": level, "probability": probability},
        row | {"territory": "Chad", "gwno": 483, "level": "quiet", "probability": 0.01},
    ]
    rule = {"rule": "serious", "within": 3,
            "sentence": "at least 25 deaths within 3 months, probability above 0.5"}  # fmt: skip
    record = {"rule": "serious", "window": "all", "hits": 20, "misses": 3, "false_alarms": 5}
    return {
        "alerts": pl.DataFrame(alerts),
        "alert_rules": pl.DataFrame([rule]),
        "alert_record": pl.DataFrame([record]),
    }


def sender(day: int = 0, status: str = "Exercise") -> Sender:
    return Sender("a@example.org", status, SENT + timedelta(days=day), "Office")


def kinds(messages: dict[str, bytes]) -> list[str]:
    return [c.decode().split("<msgType>")[1].split("<")[0] for c in messages.values()]


def test_a_raised_alert_becomes_a_valid_message_with_its_record() -> None:
    made = warnings(tables(), sender()).messages
    assert len(made) == 1
    found = check(made, now=SENT)[0]
    assert found.findings == ()
    text = next(iter(made.values())).decode()
    assert "62%" in text
    assert "raised 25 times: 20 times it came" in text
    assert "EXERCISE" in text
    assert "<certainty>Likely<" in text
    assert "<value>ML<" in text


def test_a_message_says_which_deaths_it_is_of() -> None:
    told = tables()
    told["alert_rules"] = told["alert_rules"].with_columns(kind=pl.lit("deaths"))
    said = "Deaths are those in state-based conflict."
    for kind, target, found in (("deaths", "ged_sb", 1), ("deaths", "", 0), ("cyber", "ged_sb", 0)):
        told["alert_rules"] = told["alert_rules"].with_columns(kind=pl.lit(kind))
        [message] = warnings(told, sender(), target=target).messages.values()
        assert message.decode().count(said) == found


def test_messages_follow_each_other_and_nothing_new_is_silence() -> None:
    first = dict(warnings(tables(), sender()).messages)
    assert warnings(tables(), sender(1), before=first).messages == {}
    second = dict(warnings(tables(probability=0.8), sender(1), before=first).messages)
    assert kinds(second) == ["Update"]
    third = dict(warnings(tables("quiet", 0.1), sender(2), before=first | second).messages)
    assert kinds(third) == ["Cancel"]
    again = dict(warnings(tables(), sender(3), before=first | second | third).messages)
    assert kinds(again) == ["Alert"]
    found = check(first | second | third | again, now=SENT + timedelta(days=3))
    assert all(one.valid for one in found)
    assert not {one.rule for each in found for one in each.findings} - {"area-words"}


def test_an_exercise_is_no_warning_that_a_real_one_follows() -> None:
    exercise = dict(warnings(tables(), sender()).messages)
    real = dict(warnings(tables(), sender(1, "Actual"), before=exercise).messages)
    assert kinds(real) == ["Alert"]


def test_months_that_are_over_are_not_warned_of() -> None:
    made = warnings(tables(), sender(400))
    assert made.messages == {}
    assert "ended on 2023-04-01" in made.left_out[0]


@pytest.mark.parametrize("address", ["office", "a b@example.org", "a,b", ""])
def test_a_sender_is_unique_in_the_world(address: str) -> None:
    with pytest.raises(UsageError, match="sender"):
        Sender(address, "Test", SENT)


def test_a_second_has_one_message_of_a_warning() -> None:
    first = dict(warnings(tables(), sender()).messages)
    second = dict(warnings(tables(probability=0.8), sender(1), before=first).messages)
    with pytest.raises(UsageError, match="second"):
        warnings(tables(probability=0.9), sender(1), before=first | second)
