"""Of which mentions a reader can tell the user: shares by region, drawn towards all."""

from __future__ import annotations

import pytest

from tocsin.assess.technology.mentions.parties import Party, Setting
from tocsin.assess.technology.mentions.users import KINDS, Facts, tellable
from tocsin.bench.adoption.tellable import Mention, fit_tellable, kind_of_mention

EXPLOSIVES = "improvised-explosives"
SYRIA = Facts(Setting(652, "Government of Syria", "Hill Front"))


def mentions(
    region: str, kind: str, told: int, of: int, technology: str = EXPLOSIVES
) -> list[Mention]:
    return [Mention(region, technology, kind, at < told) for at in range(of)]


def test_regions_count_alike_however_many_rows_they_have() -> None:
    found = fit_tellable([*mentions("SYR", "against", 0, 900), *mentions("MMR", "against", 90, 90)])
    assert 0.45 < found["tellable against"] < 0.55


def test_few_rows_of_a_class_stay_near_those_of_all() -> None:
    many = mentions("SYR", "role", 20, 100)
    few = mentions("SYR", "role", 1, 1, "cyber")
    found = fit_tellable([*many, *few])
    assert found[f"tellable role {EXPLOSIVES}"] == pytest.approx(0.2, abs=0.03)
    assert 0.2 < found["tellable role cyber"] < 0.6
    assert set(found) >= {f"tellable {kind}" for kind in KINDS[:-1]}


@pytest.mark.parametrize(
    ("by", "against", "facts", "kind"),
    [
        (Party("described", None, None, 0, 1), None, SYRIA, "named"),
        (None, Party("this-state", None, None, 0, 1), SYRIA, "against"),
        (None, Party("civilians", None, None, 0, 1), SYRIA, "role"),
        (None, None, Facts(SYRIA.setting, deaths_a=3, deaths_b=0), "facts"),
        (None, None, Facts(SYRIA.setting, one_sided=True), "facts"),
        (None, None, SYRIA, "role"),
    ],
)
def test_on_what_the_user_rests(
    by: Party | None, against: Party | None, facts: Facts, kind: str
) -> None:
    assert kind_of_mention(EXPLOSIVES, by, against, facts) == kind


def test_what_ships_says_least_of_mentions_with_a_role_only() -> None:
    of = tellable(EXPLOSIVES)
    assert min(of, key=of.__getitem__) == "role"
    assert max(of, key=of.__getitem__) == "named"
    assert tellable(EXPLOSIVES, {"tellable named": 0.5})["named"] == 0.5
