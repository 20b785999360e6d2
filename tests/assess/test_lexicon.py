"""Words that name a technology, in four languages and in any dress."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.lexicon import entries, matches
from tocsin.schema.technology import TECHNOLOGIES


@pytest.mark.parametrize(
    ("text", "technology"),
    [
        ("A drone over the town", "uncrewed-aircraft"),
        ("DRONES seen", "uncrewed-aircraft"),
        ("hallazgo de coche-bomba", "improvised-explosives"),
        ("Explosion d’un engin explosif improvisé", "improvised-explosives"),
        ("انفجار سيارة مفخخة", "improvised-explosives"),
        ("tirs d'obus sur la ville", "guided-or-indirect-fire"),
        ("Ransomware hits a hospital", "cyber"),
        ("campagne de désinformation", "information-operations"),
    ],
)
def test_named(text: str, technology: str) -> None:
    assert [match.technology for match in matches(text)] == [technology]


@pytest.mark.parametrize(
    "text",
    [
        "clashes in the countryside",
        "shell company fined",
        "rocketed prices",
        "villagers hacked to death with machetes",
        "warplanes shell the hills",
    ],
)
def test_not_named(text: str) -> None:
    assert matches(text) == []


def test_every_entry_is_reviewed_in_form() -> None:
    assert {entry.technology for entry in entries()} == set(TECHNOLOGIES)
    assert {entry.language for entry in entries()} == {"en", "fr", "ar", "es"}
    assert len({entry.rule for entry in entries()}) == len(entries())
    assert all(0 < entry.probability < 1 for entry in entries())


WORDS = ["drone", "Car Bomb", "obús", "سيارة مفخخة", "IED"]


@given(st.text(max_size=60), st.sampled_from(WORDS), st.text(max_size=60))
def test_evidence_is_where_it_says(before: str, word: str, after: str) -> None:
    text = before + word + after
    for match in matches(text):
        assert text[match.start : match.end] == match.evidence
        assert match.start < match.end
