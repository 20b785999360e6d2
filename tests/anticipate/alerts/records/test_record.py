"""The record, on cases worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tocsin.anticipate.alerts.records import record
from tocsin.anticipate.alerts.records.evidence import Evidence
from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.data.panel import add_months

RULE = Rule(name="x", kind="deaths", within=3, deaths=1, probability=0.5, dwell=1)


def case(probability: list[float], event: list[float], rule: Rule = RULE) -> Evidence:
    when = tuple(add_months(date(2010, 12, 1), i) for i in range(len(event)))
    column = np.array(event, float)[:, None]
    return Evidence(
        rule, when, (1,), ("a",), np.array(probability)[:, None], column, np.full_like(column, 0.5)
    )


def whole(evidence: Evidence) -> dict[str, object]:
    return record.record_rows(record.walk_ladder(evidence))[0]


def test_each_case_is_counted_once() -> None:
    found = whole(case([0.9, 0.1, 0.9, 0.1, np.nan], [1, 1, 0, 0, 1]))
    counts = [found[n] for n in ("hits", "misses", "false_alarms", "correct_silences")]
    assert counts == [1, 1, 1, 1]
    assert found["n"] == 4
    assert found["brier"] == pytest.approx((0.01 + 0.81 + 0.81 + 0.01) / 4)
    assert found["brier_reference"] == 0.25


@pytest.mark.parametrize(
    ("probability", "lead"),
    [
        ([0.9, 0.9, 0.9, 0.9, 0.9], 3),
        ([0, 0, 0.9, 0.9, 0.9], 3),
        ([0, 0, 0, 0.9, 0.9], 2),
        ([0, 0, 0, 0, 0.9], 1),
        ([0, 0, 0, 0, 0], None),
        ([0.9, 0, 0, 0, 0], None),
    ],
)
def test_lead_time_counts_from_the_first_alert_that_could_help(
    probability: list[float], lead: int | None
) -> None:
    # The event comes into sight at the third origin: in its third month ahead.
    found = whole(case(probability, [0, 0, 1, 1, 1]))
    assert found["episodes"] == 1
    assert found["lead_median"] == lead
    assert found["warned"] == (lead is not None)


def test_own_territories_have_a_record_of_their_own() -> None:
    one = case([0.9, 0.1], [1, 1])
    both = Evidence(
        RULE, one.origins, (1, 2), ("a", "b"), np.array([[0.9, 0.1], [0.1, 0.9]]),
        np.array([[1.0, 0.0], [1.0, 0.0]]), np.full((2, 2), 0.5),
    )  # fmt: skip
    walked = record.walk_ladder(both)
    found = {row["window"]: row for row in record.record_rows(walked, own=(1,))}
    assert [found["own"][n] for n in ("n", "events", "hits", "misses")] == [2, 2, 1, 1]
    assert found["all"]["n"] == 4
    # Where all are its own, there is nothing to tell beside.
    assert "own" not in {row["window"] for row in record.record_rows(walked, own=(1, 2))}
    assert "own" not in {row["window"] for row in record.record_rows(walked)}


def test_years_add_up_to_all() -> None:
    random = np.random.default_rng(1)
    p = random.random(60)
    found = record.record_rows(
        record.walk_ladder(case(p.tolist(), (random.random(60) < p).astype(float).tolist()))
    )
    for name in ("n", "events", "hits", "misses", "false_alarms", "episodes", "warned"):
        assert found[0][name] == sum(row[name] for row in found[1:])
    assert [row["window"] for row in found[1:]] == ["2011", "2012", "2013", "2014", "2015"]


def test_few_cases_are_no_record() -> None:
    assert not record.has_record(record.walk_ladder(case([0.1] * 60, [0.0] * 60)))
    assert not record.has_record(record.walk_ladder(case([0.1] * 10, [1.0] * 10)))
    assert record.has_record(record.walk_ladder(case([0.1] * 60, [1.0] * 60)))


def test_a_rule_with_a_price_is_run_at_cost_over_loss_until_it_has_learnt() -> None:
    paid = Rule(name="x", kind="deaths", within=3, deaths=1, cost=1, loss=5)
    done = record.walk_ladder(case([0.3] * 24, [1.0, 0.0] * 12, paid))
    assert set(done.thresholds.tolist()) == {0.2}
    assert done.alarm.all()
