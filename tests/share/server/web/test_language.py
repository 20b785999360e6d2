"""Times, months and names are in the reader's language, and nothing is written as certain."""

from __future__ import annotations

import pytest

from tocsin.share.server.web.language import Words


@pytest.mark.parametrize(
    ("language", "direction", "month", "name"),
    [("en", "ltr", "November 2026", "Mali"), ("fr", "ltr", "novembre 2026", "Syrie"),
     ("ar", "rtl", "نوفمبر 2026", "تشاد")],
)  # fmt: skip
def test_months_territories_and_times_are_in_the_language(
    language: str, direction: str, month: str, name: str
) -> None:
    words = Words(language)
    code = {"Mali": "MLI", "Syrie": "SYR", "تشاد": "TCD"}[name]
    assert (words.direction, words.month("2026-11"), words.territory(code)) == (
        direction, month, name,
    )  # fmt: skip
    assert words.territory("XXX") == "XXX"
    assert "1970-01-01 00:00 UTC" in words.time(0)


def test_nothing_is_written_as_certain() -> None:
    words = Words("en")
    shown = [words.percent(share) for share in (0.0, 0.004, 0.5, 0.994, 1.0)]
    assert shown == ["under 1 %", "under 1 %", "50 %", "over 99 %", "over 99 %"]


def test_a_name_in_the_other_script_changes_no_order_around_it() -> None:
    arabic, french = Words("ar"), Words("fr")
    assert arabic("from", owner="Health") == "من \u2068Health\u2069"
    assert arabic("from", owner="الصحة") == "من الصحة"
    name = "الصحة"
    assert french("from", owner=name) == f"de \u2068{name}\u2069"
    assert french("from", owner="Santé (nord)") == "de Santé (nord)"
    # A minus stays before its number, and a time is isolated once.
    assert "\u2068-0.09\u2069" in arabic("skill_long", skill="-0.09", low="+0.1", high="0")
    assert arabic("changed", time=arabic.time(0)).count("\u2066") == 1
    assert french("changed", time=french.time(0)) == "modifiée le 1970-01-01 00:00 UTC"
    # Nobody turns around a line by their name.
    for name in ("\u202eHealth", "\u2066x\u2069\u202ey\u2069", "\u2069\u202e"):
        for words in (arabic, french):
            assert not {"\u202e", "\u2067"} & set(words("from", owner=name))
    assert french("from", owner="") == "de "
