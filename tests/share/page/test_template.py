"""What users wrote is no markup, and nothing is left blank in silence."""

from __future__ import annotations

import jinja2
import pytest

from tocsin.share.page.exercise import ExerciseWords
from tocsin.share.page.template import environment, fill


def test_text_is_escaped_and_a_missing_value_is_an_error() -> None:
    values = {"turns": [], "decisions": [], "plan": [], "findings": ["<i>so</i>"], "marks": {}}
    size = {"width": 1, "left": 1, "words": ExerciseWords("en"), "others": []}
    page = fill("exercise_debrief.html.j2", **values, **size, picture={"rows": []})
    assert "&lt;i&gt;so" in page
    with pytest.raises(jinja2.UndefinedError):
        fill("exercise_debrief.html.j2", **values, **size)


def test_one_of_a_thing_has_its_own_word() -> None:
    told = environment("page/templates", extra="share").from_string(
        "{{ n|counted('miss', 'misses') }}"
    )
    assert [told.render(n=n) for n in (0, 1, 2, 1200)] == [
        "0 misses", "1 miss", "2 misses", "1,200 misses",
    ]  # fmt: skip
