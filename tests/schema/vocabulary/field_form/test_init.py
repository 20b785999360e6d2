"""The form's own tables fit each other."""

from __future__ import annotations

from tocsin.schema.vocabulary.field_form import choices, questions, survey


def test_each_question_of_a_choice_has_its_choices() -> None:
    for row in survey():
        kind, _, name = row["type"].partition(" ")
        if kind.startswith("select"):
            assert choices(name), row["name"]
    assert {"event_date", "event_kind", "country", "organisation"} <= set(questions())
    assert choices("event_kind")["one_sided"] == "one-sided"
