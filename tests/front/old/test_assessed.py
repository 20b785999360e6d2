"""What assessed in 0.1 is called as it was; each of these tests passes with the code of 0.1."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

Old = Callable[[str, str], Any]


def test_days_of_a_month_and_of_a_year(old: Old) -> None:
    month_span = old("assess.linkage.dates", "month_span")
    assert month_span(2016, 2) == (16832, 16860)
    assert month_span(1970, 12) == (334, 364)
    assert month_span(2016, 13) is None
    year_span = old("assess.linkage.dates", "year_span")
    assert year_span(1970) == (0, 364)
    assert year_span(1700) is None


def test_counts_as_shares(old: Old) -> None:
    found = old("assess.linkage.model", "shares")(np.array([3.0, 0.0]))
    assert found == (0.875, 0.125)


def test_how_sources_call_a_state(old: Old) -> None:
    found = old("assess.actors.names", "state_forms")(490)
    assert {"Government of Congo-Kinshasa", "Police Forces of Congo-Kinshasa"} <= set(found)
    assert len(found) % 4 == 0


def test_the_beta_of_a_weight(old: Old) -> None:
    posterior = old("assess.adoption", "posterior")
    assert posterior(0.5, 0, 0) == (4.0, 4.0)
    assert posterior(0.5, 12, 0) == (16.0, 4.0)
    assert posterior(0.95, 36, 12) == pytest.approx((25.6, 6.4))


def test_texts_that_may_name_a_class(old: Old) -> None:
    found = old("assess.technology", "promising")(pl.Series(["A DRONE", "rain", "car bomb"]))
    assert found["text"].to_list() == ["A DRONE", "car bomb"]
    assert {"uav-en", "uav-fr"} <= set(found["rules"][0])
    matches = old("assess.lexicon", "matches")
    assert [one.technology for one in matches("A DRONE")] == ["uncrewed-aircraft"]


def test_the_side_that_words_name(old: Old) -> None:
    texts = {
        "1": "Drone attack by IS in Raqqa",
        "2": "Clash in Raqqa; drone seen",
        "3": "IS drone attack",
    }
    reports = pl.DataFrame(
        {"report_id": list(texts), "headline": list(texts.values())}
    ).with_columns(notes=pl.lit(None, pl.String))
    tags = pl.DataFrame(
        {
            "report_id": list(texts),
            "incident_id": ["x", "y", "x"],
            "technology": "uncrewed-aircraft",
            "field": "headline",
            "start": [text.lower().index("drone") for text in texts.values()],
            "end": [text.lower().index("drone") + 5 for text in texts.values()],
        }
    )
    sides = {"actor_a": "Government of Syria", "actor_b": "IS"}
    incidents = pl.DataFrame([{"incident_id": one, **sides} for one in "xy"])
    found = old("assess.users", "named_users")(reports, tags, incidents)
    assert found.rows() == [("x", "uncrewed-aircraft", "b")]


def test_a_mapping_that_was_made_in_python(old: Old) -> None:
    roles = {"mine": {"id": "no", "lat": "north"}}
    taxonomy = {"type": {("mine", "3"): "battle", ("yours", "b"): "battle"}}
    made = old("assess.linkage.columns", "FileMapping")(roles, {"mine": ("code",)}, taxonomy)
    assert made.extra == {"mine": ("code",)}
    rows = pl.DataFrame(
        {
            "no": ["1"], "north": ["33.5"], "lon": ["36.3"], "date": ["2020-01-02"], "code": ["x"]
        }
    )  # fmt: skip
    found = old("assess.linkage.records", "sheet")("mine", rows, made)
    assert found.roles["id"] == "no"
    assert {"north", "lon"} <= set(found.roles.values())
    assert tuple(found.extra) == ("code",)


def test_a_mapping_keeps_what_it_was_given(old: Old) -> None:
    made = old("assess.linkage.columns", "FileMapping")
    taxonomy = {"actor_a": {("mine", "3"): "rebels", ("yours", "b"): "rebels"}}
    assert made(taxonomy=taxonomy).taxonomy == taxonomy
    everywhere = made({"all": {"id": "no"}}, {"all": ("code",)})
    assert everywhere.roles == {"all": {"id": "no"}}
    assert everywhere.extra == {"all": ("code",)}
    assert made().roles == made().extra == made().taxonomy == {}


def test_forms_of_days_and_numbers(old: Old) -> None:
    assert old("observe.mapping", "Forms")(date="%d.%m.%Y", decimal=",").decimal == ","
