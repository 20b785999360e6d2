"""The file of rules: every value is known, every class has words."""

from __future__ import annotations

from tocsin.assess.technology.mentions.rules import parties, refusals, sayings, words
from tocsin.schema.geography.territory import by_gwno
from tocsin.schema.tables.assessed.incident import PARTIES, SAID
from tocsin.schema.vocabulary.technology import TECHNOLOGIES


def test_the_file_says_nothing_unknown() -> None:
    assert {one.technology for one in words()} == set(TECHNOLOGIES)
    for rule in (*refusals(), *sayings()):
        assert rule.value in SAID
        assert rule.technologies <= set(TECHNOLOGIES)
        assert 0 <= rule.use <= 1
    assert {one.kind for one in parties()} <= set(PARTIES)
    assert all(by_gwno(one.gwno) for one in parties() if one.gwno)
