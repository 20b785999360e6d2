"""The ledger carries doubt of tags, users and perpetrators, and counts no state and no civilian."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.assess.incidents import incidents
from tocsin.assess.technology.adoption import CEILING, NAMED_CASES, PRIOR_CASES, ledger, posterior
from tocsin.assess.technology.tags import by_incident, tag
from tocsin.assess.technology.users import named_users
from tocsin.schema import TABLES, empty

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def found(seen: Tables) -> Tables:
    events, links = incidents(seen["reports"])
    tags = tag(seen["reports"], links)
    named = named_users(seen["reports"], tags, events)
    return ledger(events, by_incident(tags), seen["actors"], named=named)


def test_the_ledger_of_the_example(found: Tables, seen: Tables) -> None:
    whole, quarters = found["adoption"], found["adoption_quarters"]
    states = set(seen["actors"].filter(pl.col("kind") == "state")["actor_id"])
    assert not states & set(whole["actor_id"])
    assert "Civilians" not in set(whole["actor"])
    assert whole["confidence"].max() <= CEILING
    assert (whole["expected"] <= whole["n_incidents"]).all()
    assert (whole["n_named"] <= whole["n_incidents"]).all()
    assert quarters["expected"].sum() == pytest.approx(whole["expected"].sum())
    for frame in (whole, quarters):
        assert (frame["low"] <= frame["high"]).all()
    inside = (whole["low"] <= whole["expected"] + 1) & (whole["expected"] <= whole["high"] + 1)
    assert inside.mean() == 1.0


def test_the_first_use_is_a_distribution(found: Tables) -> None:
    whole = found["adoption"]
    for early, late in (
        ("first_seen", "first_low"),
        ("first_low", "first_median"),
        ("first_median", "first_high"),
        ("first_high", "last_seen"),
    ):
        assert (whole[early] <= whole[late]).all()
    keys = ["actor_id", "technology", "gwno"]
    rising = found["adoption_onsets"].sort(*keys, "date").select(
        pl.col("probability").diff().over(keys).fill_null(0.0).min()
    )  # fmt: skip
    assert rising.item() >= 0
    assert found["adoption_onsets"].n_unique(keys) == whole.height


@given(st.floats(0.01, 0.99), st.integers(0, 5000), st.integers(0, 5000))
@settings(deadline=None)
def test_named_cases_move_the_weight_within_bounds(prior: float, ours: int, theirs: int) -> None:
    alpha, beta = posterior(prior, ours, theirs)
    assert alpha > 0
    assert beta > 0
    assert alpha + beta <= PRIOR_CASES + NAMED_CASES + 1e-6


def one(event_type: str, a: str, b: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    row = {
        "incident_id": "i-0", "date_start": date(2020, 1, 1), "date_end": date(2020, 1, 1),
        "territory": "Syria", "gwno": 652, "event_type": event_type, "actor_a": a, "actor_b": b,
    }  # fmt: skip
    tags = {"incident_id": ["i-0"], "technology": ["uncrewed-aircraft"], "probability": [0.9]}
    events = pl.DataFrame([row], schema=empty(TABLES["incidents"]).schema)
    return events, pl.DataFrame(tags)


def used(events: pl.DataFrame, tags: pl.DataFrame, **more: pl.DataFrame) -> dict[str, float]:
    whole = ledger(events, tags, empty(TABLES["actors"]), **more)["adoption"]
    return dict(whole.select("actor", "expected").iter_rows())


def test_words_that_name_the_user_count() -> None:
    given_one = one("non-state", "Hill Group", "River Group")
    named = pl.DataFrame(
        {"incident_id": ["i-0"], "technology": ["uncrewed-aircraft"], "named": ["a"]}
    )
    plain, told = used(*given_one), used(*given_one, named=named)
    assert plain["Hill Group"] == plain["River Group"]
    assert told["Hill Group"] > plain["Hill Group"] > told["River Group"]
    assert used(*one("one-sided", "Hill Group", "Civilians")) == {"Hill Group": pytest.approx(0.9)}


def test_an_open_perpetrator_is_spread_over_its_candidates() -> None:
    events, tags = one("one-sided", "Unidentified armed group", "Civilians")
    assert used(events, tags) == {}
    rows = [
        {
            "incident_id": "i-0", "side": "a", "why": "missing", "answer": "actor", "actor_id": who,
            "actor": who, "probability": p, "evidence_only": p, "claims_factor": 1.0,
            "reasons": "{}", "source": "test",
        }
        for who, p in (("Hill Group", 0.7), ("Government of Syria", 0.2))
    ]  # fmt: skip
    open_one = pl.DataFrame(rows, schema=empty(TABLES["attributions"]).schema)
    assert used(events, tags, attributions=open_one) == {"Hill Group": pytest.approx(0.63)}
