"""Cases: weak words are left out, partners and other classes inform, a prior is no belief."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology import cases
from tocsin.assess.technology.cases import MOST, NOBODY, akin, find_convincing
from tocsin.assess.technology.mentions import statements
from tocsin.assess.technology.possession import Mentions, fit
from tocsin.assess.technology.prior import Prior
from tocsin.assess.technology.tags import BELIEVED
from tocsin.schema import TABLES, empty

from .test_adoption import told

CHANCE = st.floats(0.01, 0.99)


@given(CHANCE, st.lists(st.tuples(CHANCE, CHANCE), max_size=4))
def test_what_others_have_moves_by_a_factor_at_most(
    have: float, others: list[tuple[float, float]]
) -> None:
    moved = akin(have, others)
    odds = moved / (1 - moved) / (have / (1 - have))
    assert 1 / 3 - 1e-6 <= odds <= 3 + 1e-6
    same = akin(have, [(before, before) for before, _ in others])
    assert abs(same - have) < 1e-9


def test_weak_words_are_left_out_as_from_tags(seen: dict[str, pl.DataFrame]) -> None:
    reports = seen["reports"].filter(pl.col("headline").str.contains("(?i)bombing")).head(60)
    links = reports.select("report_id", pl.col("report_id").alias("incident_id"))
    events = reports.rename({"report_id": "incident_id"})
    said = statements(reports, links)
    kept = find_convincing(events, said)
    weak = said.filter(pl.col("is_class") < BELIEVED)
    assert weak.height > 0
    strong = said.filter(pl.col("is_class") >= BELIEVED)
    pairs = ["incident_id", "technology"]
    assert kept.join(strong, on=pairs, how="anti").is_empty()


def test_a_prior_alone_is_no_belief() -> None:
    assert MOST < 0.5
    found = told(*["Shells fall on the town"] * 10)
    assert (found["adoption"]["confidence"] < 0.5).all()
    assert not found["adoption_draws"]["singled"].any()


def test_a_class_that_nobody_is_singled_out_for_has_no_adopters() -> None:
    """A state that cuts the internet spreads nothing among the groups that it fights."""
    found = told(*["Internet shutdown in the hills"] * 4, deaths=(0, 0))
    assert set(found["adoption"]["technology"]) == {"cyber"}
    assert (found["adoption"]["confidence"] <= NOBODY + 1e-9).all()
    assert found["adoption_draws"]["onset"].is_not_null().mean() < 0.3


def test_no_prior_is_learned_from_a_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clan of which somebody laid bombs says nothing of how many organisations have them."""
    learned: list[int] = []

    def counted(mentions: list[Mentions], *more: Any) -> Prior:
        learned.append(len(mentions))
        return fit(mentions, *more)

    monkeypatch.setattr(cases, "fit", counted)
    found = told(*["Roadside bomb kills two"] * 3, a="River clan")["adoption"]
    kinds = dict(found.select("actor", "kind").iter_rows())
    assert kinds == {"River clan": "community", "Hill Group": "organisation"}
    assert learned == [1]
    told(*["Roadside bomb kills two"] * 3, a="River Group")
    assert learned == [1, 2]


def test_nothing_told_gives_no_case() -> None:
    none = find_convincing(empty(TABLES["incidents"]), empty(TABLES["technology_statements"]))
    assert none.is_empty()
