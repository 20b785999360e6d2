"""An answer sums to one, keeps evidence beside claims, and says what cannot be told."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess.attribution.answer import Question, answer
from tocsin.assess.attribution.choices import choice_set
from tocsin.assess.attribution.claims import Weighed
from tocsin.assess.attribution.model import fit

from .test_choices import ground

Tables = dict[str, pl.DataFrame]


@pytest.mark.slow
def test_claims_stand_beside_evidence(made_up: Tables, no_tags: pl.DataFrame) -> None:
    whole = ground(made_up, no_tags)
    model, one = fit([choice_set(whole, at) for at in range(100, 300)]), choice_set(whole, 300)
    asked = Question(whole.ids[300], "a", "missing")
    claimed = asked.with_claim("River Group", Weighed(5.0, ("claimed",)))
    before = {found.actor or found.answer: found for found in answer(one, model, asked)}
    after = {found.actor or found.answer: found for found in answer(one, model, claimed)}
    assert before["Hill Group"].probability > 0.8
    assert after["Hill Group"].evidence_only == pytest.approx(before["Hill Group"].evidence_only)
    assert after["Hill Group"].probability < before["Hill Group"].probability
    for found in (before, after):
        assert sum(one.probability for one in found.values()) == pytest.approx(1)
        assert sum(one.evidence_only for one in found.values()) == pytest.approx(1)


def test_a_claimant_never_seen_takes_from_someone_new(
    made_up: Tables, no_tags: pl.DataFrame
) -> None:
    whole = ground(made_up, no_tags)
    one = choice_set(whole, 1)
    asked = Question(whole.ids[1], "a", "missing").with_claim("Valley Group", Weighed(5.0, ("c",)))
    found = {(f.answer, f.actor): f for f in answer(one, fit([]), asked)}
    assert found["actor", "Valley Group"].probability > found["actor", "Valley Group"].evidence_only
    assert sum(f.probability for f in found.values()) == pytest.approx(1)


def test_without_any_history_it_is_unknown(made_up: Tables, no_tags: pl.DataFrame) -> None:
    whole = ground(made_up, no_tags)
    found = answer(choice_set(whole, 0), fit([]), Question(whole.ids[0], "a", "missing"))
    assert {one.answer: one.probability for one in found} == {"someone new": 0.0, "unknown": 1.0}


def test_sources_that_contradict_each_other_are_heard(
    made_up: Tables, no_tags: pl.DataFrame
) -> None:
    whole = ground(made_up, no_tags)
    asked = Question(whole.ids[300], "a", "contested")
    both = asked.with_voice("River Group", "River Group", "A", 0.7).with_voice(
        "River Group", "River Group", "B", 0.7
    )
    plain = {f.actor: f.evidence_only for f in answer(choice_set(whole, 300), fit([]), asked)}
    heard = {f.actor: f.evidence_only for f in answer(choice_set(whole, 300), fit([]), both)}
    assert heard["River Group"] > plain.get("River Group", 0.0)
