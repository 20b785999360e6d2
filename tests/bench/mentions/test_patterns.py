"""Broad patterns find more than a lexicon would, and not inside other words."""

from __future__ import annotations

import pytest

from tocsin.bench.mentions.patterns import PATTERNS


@pytest.mark.parametrize(
    ("technology", "text"),
    [
        ("uncrewed-aircraft", "reconnaissance planes over the town"),
        ("cyber", "internet shutdown"),
        ("information-operations", "leaflets dropped"),
        ("improvised-explosives", "a blast in the market"),
        ("improvised-explosives", "انفجار في السوق"),
        ("guided-or-indirect-fire", "army pounds a village"),
    ],
)
def test_what_a_reader_should_see_is_found(technology: str, text: str) -> None:
    assert PATTERNS[technology].search(text)


@pytest.mark.parametrize(
    ("technology", "text"),
    [
        ("information-operations", "patrolled and controlled"),
        ("improvised-explosives", "allied, carried, died, occupied"),
        ("uncrewed-aircraft", "helicopters"),
        ("cyber", "observers"),
        ("improvised-explosives", "bombardment"),
    ],
)
def test_words_inside_others_are_not(technology: str, text: str) -> None:
    assert not PATTERNS[technology].search(text)
