"""Whether a part speaks of the event that its text stands with."""

from __future__ import annotations

from tocsin.assess.technology.mentions.judgement import ELSEWHERE, HERE, of_this_event
from tocsin.assess.technology.mentions.reading import read


def test_places_of_the_other_parts_count() -> None:
    text = "Shelling of Rastan city; car bomb in Daraa"
    fire, bomb = read(text)
    places = ("Homs province", "Rastan town")
    assert of_this_event(text, fire, places) == HERE
    assert of_this_event(text, bomb, places) == ELSEWHERE


def test_titles_and_digests_are_doubted() -> None:
    for text in ("IED Events Dataset", "40 people killed yesterday in shelling"):
        (one,) = read(text)
        assert of_this_event(text, one, (None, None)) < HERE
