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
