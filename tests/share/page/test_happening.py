"""What is happening, and which events of it a forecast does not know."""

from __future__ import annotations

from datetime import date

import pytest
from tests.share.page.test_lead import bare, facts

from tocsin.share.page.happening import happening
from tocsin.share.page.language import LANGUAGES, Words

PLACE = {"gwno": 652, "territory": "Syria"}


@pytest.mark.parametrize("recent", [None, {"incidents": 2, "deaths": 9, "places": []}])
@pytest.mark.parametrize("language", LANGUAGES)
def test_events_after_the_last_month_of_a_forecast_are_said(
    language: str, recent: dict[str, object] | None
) -> None:
    words = Words(language)
    place = {"gwno": 652, "territory": "Syria", "deaths": 31}
    later = {"incidents": 17, "deaths": 34, "last": date(2024, 10, 25), "places": [place]}
    for last_3 in (10, 0):
        told = facts([0.9, 0.1], recent=recent, later=later)
        for row in told["risk"]:
            row["last_3"] = last_3
        said = bare(happening(told, words)["sentences"][-1])
        assert bare(words.day(date(2024, 10, 25))) in said
        assert bare(words.territory(place)) + " (31)" in said
        assert "17" in said
        assert "34" in said
        told["later"] = later | {"deaths": 0, "places": []}
        assert "17" in happening(told, words)["sentences"][-1]
        assert "()" not in happening(told, words)["sentences"][-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_events_of_quiet_months_are_said_where_no_death_of_the_series_was(language: str) -> None:
    told = facts([0.1], recent={"incidents": 3, "deaths": 21, "places": [PLACE]})
    told["risk"][0]["last_3"] = 0
    assert "21" in " ".join(happening(told, Words(language))["sentences"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("last_3", [0, 10])
def test_territories_of_which_nothing_was_read_are_named_at_the_head(
    language: str, last_3: int
) -> None:
    words, told = Words(language), facts([0.9], unseen=["Thailand", "Bangladesh"])
    told["risk"][0]["last_3"] = last_3
    first = happening(told, words)["sentences"][0]
    for gwno, name in ((800, "Thailand"), (771, "Bangladesh")):
        assert words.territory({"gwno": gwno, "territory": name}) in first
    assert happening(facts([0.9]), words)["sentences"][0] != first
