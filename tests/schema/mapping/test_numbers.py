"""Numbers of states: three lists number them, and a number may mean another state in each."""

from __future__ import annotations

import pytest

from tocsin.schema.geography.territory import by_gwno
from tocsin.schema.mapping.numbers import number_in, states_of, system_of, views_numbers


@pytest.mark.parametrize(
    ("heading", "system"),
    [
        ("GWNO", "gleditsch-ward"), ("views_country_id", "views"), ("ISO numeric", "iso"),
        ("iso3166", "iso"), ("M49", "iso"), ("country_id", None), ("code pays", None),
    ],
)  # fmt: skip
def test_a_heading_tells_the_list_or_does_not(heading: str, system: str | None) -> None:
    assert system_of(heading) == system


def test_a_number_may_mean_several_states_and_every_one_is_listed() -> None:
    assert {one: unit.name for one, unit in states_of(516).items()} == {
        "iso": "Namibia",
        "gleditsch-ward": "Burundi",
    }
    assert states_of(50)["views"].gwno == by_gwno(432).gwno
    assert not states_of(999)


def test_only_bare_numbers_of_three_digits_are_numbers_of_states() -> None:
    assert [number_in(one) for one in ("50", " 050 ", "50.0", "MLI", "1234", "", "-5", "5x")] == [
        50, 50, 50, None, None, None, None, None,
    ]  # fmt: skip


def test_each_number_of_views_is_of_one_state() -> None:
    assert len(set(views_numbers().values())) == len(views_numbers()) == 191
