"""Names that people read."""

from __future__ import annotations

from tocsin.share.page.planning.facts import label_of


def test_an_outcome_without_a_label_is_said_in_its_own_words() -> None:
    assert label_of("deaths") == "Deaths"
    assert label_of("something_new") == "Something new"
