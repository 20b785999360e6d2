"""Rules about technology by the hazard: territories as they stand, a record of all classes."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.alerts import _by_hazard, _told_by_hazard
from tocsin.anticipate.alerts.hazard import (
    ANY_FIRST,
    FIRST_THERE,
    hazard_evidence,
    hazard_standing,
)
from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.schema import TABLES, empty
from tocsin.schema.tables.anticipated.alert import UNPROVEN

SYRIA, IRAQ = 652, 645
FIRST = Rule(name="f", kind="first-use", technology="cyber", within=12, probability=0.2)
NEXT = Rule(name="n", kind="neighbour", technology="cyber", within=12, probability=0.2)


def hindcasts(cases: int = 40) -> pl.DataFrame:
    """So many territories, Syria the first, each with two organisations."""
    random = np.random.default_rng(1)
    rows = [
        {
            "origin": date(year, month, 1), "months": 12, "actor_id": f"{n} {who}",
            "technology": "cyber", "territory": "Syria" if not n else str(n),
            "gwno": SYRIA if not n else 1000 + n, "probability": 0.1,
            "reference": 0.05, "came": bool(random.random() < 0.1), "source": "s",
        }
        for year in (2018, 2019) for month in (1, 7) for n in range(cases) for who in "ab"
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=empty(TABLES["diffusion_hindcasts"]).schema)


def next_adopters() -> pl.DataFrame:
    rows = [
        {
            "actor_id": actor, "actor": actor, "technology": "cyber", "territory": place,
            "gwno": gwno, "origin": date(2019, 11, 30), "months": 12, "rank": 1,
            "probability": p, "low": 0.0, "high": 1.0, "model": "without ties",
            "without_network": p, "without_ended": p, "ties_model_probability": p / 2,
            "first_uses": 2.0, "ties_model_strongest": "", "source": "s",
        }
        for actor, place, gwno, p in (
            ("A", "Syria", SYRIA, 0.2), ("B", "Syria", SYRIA, 0.5), ("C", "Iraq", IRAQ, 0.1),
        )
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=empty(TABLES["next_adopters"]).schema)


def quarters(*gwnos: int) -> pl.DataFrame:
    rows = [
        {"gwno": gwno, "quarter": date(2015, 1, 1), "expected": 3.0, "technology": "cyber"}
        for gwno in gwnos
    ]
    schema = {"gwno": pl.Int64, "quarter": pl.Date, "expected": pl.Float64,
              "technology": pl.String}  # fmt: skip
    return pl.DataFrame(rows, schema=schema)


def test_a_territorys_chance_is_that_any_organisation_is_the_first() -> None:
    found = {
        one.gwno: one.probability for one in hazard_standing(FIRST, next_adopters(), quarters())
    }
    assert found == {SYRIA: pytest.approx(1 - 0.8 * 0.5), IRAQ: pytest.approx(0.1)}


def test_where_it_was_seen_it_is_no_first_use_and_next_door_it_counts() -> None:
    first = hazard_standing(FIRST, next_adopters(), quarters(SYRIA))
    assert [one.gwno for one in first] == [IRAQ]
    assert hazard_standing(NEXT, next_adopters(), quarters()) == []
    beside = hazard_standing(NEXT, next_adopters(), quarters(SYRIA))
    assert [one.gwno for one in beside] == [IRAQ]


def test_the_record_is_of_territories_and_classes_as_the_alert_is() -> None:
    case = hazard_evidence(FIRST, hindcasts(), quarters())
    assert case is not None
    assert case.probability.shape == (4, 40)
    # Either of two organisations.
    assert np.nanmean(case.probability) == pytest.approx(1 - 0.9**2)
    assert np.nanmean(case.reference) == pytest.approx(1 - 0.95**2)
    came = hindcasts().group_by("origin", "gwno").agg(pl.col("came").any())["came"].sum()
    assert case.event.sum() == came
    two = pl.concat([hindcasts(), hindcasts().with_columns(technology=pl.lit("uncrewed-aircraft"))])
    both = hazard_evidence(FIRST, two, quarters())
    assert both is not None
    assert both.probability.shape == (4, 80)
    other = Rule(name="x", kind="first-use", technology="cyber", within=5, probability=0.2)
    assert hazard_evidence(other, hindcasts(), quarters()) is None


def test_a_rule_of_use_next_door_is_scored_only_where_there_was_some() -> None:
    """Nobody beside Syria had the class in the first case, Iraq since mid-2018 in the second."""
    assert hazard_evidence(NEXT, hindcasts(1), quarters(SYRIA)) is None
    since = quarters(IRAQ).with_columns(quarter=pl.lit(date(2018, 4, 1)))
    case = hazard_evidence(NEXT, hindcasts(1), since)
    assert case is not None
    assert case.origins == (date(2018, 7, 1), date(2019, 1, 1), date(2019, 7, 1))
    other = since.with_columns(technology=pl.lit("uncrewed-aircraft"))
    assert hazard_evidence(NEXT, hindcasts(1), other) is None


def test_where_the_class_was_seen_it_is_no_first_use_of_the_record_either() -> None:
    since = quarters(SYRIA).with_columns(quarter=pl.lit(date(2018, 4, 1)))
    case = hazard_evidence(FIRST, hindcasts(), since, unseen=True)
    assert case is not None
    seen = case.probability[:, case.gwnos.index(SYRIA)]
    # Known to have it in June 2018, at the end of the quarter.
    assert np.isnan(seen).tolist() == [False, True, True, True]
    assert np.isnan(case.probability).sum() == 3


def test_the_record_is_of_the_very_event_where_there_is_enough_of_it() -> None:
    def told(seen: int) -> str:
        """Of 40 territories so many had the class by 2015."""
        there = quarters(*(1000 + n for n in range(1, seen + 1)))
        tables = {
            "diffusion_hindcasts": hindcasts(), "next_adopters": next_adopters(),
            "adoption_quarters": there,
        }  # fmt: skip
        walked, _, of = _by_hazard([FIRST], tables)["f"]
        assert (~np.isnan(walked.evidence.probability)).sum() == (
            4 * (40 - seen) if of == FIRST_THERE else 160
        )
        return of

    assert told(10) == FIRST_THERE
    assert told(38) == ANY_FIRST


@pytest.mark.parametrize(("cases", "level"), [(40, "warning"), (3, UNPROVEN)])
def test_a_level_is_shown_only_beside_a_record(cases: int, level: str) -> None:
    tables = {
        "diffusion_hindcasts": hindcasts(cases), "next_adopters": next_adopters(),
        "adoption_quarters": quarters(),
    }  # fmt: skip
    walked, now, _ = _by_hazard([FIRST], tables)["f"]
    found = _told_by_hazard(walked, now, 1)
    levels = {row["gwno"]: row["level"] for row in found["alerts"]}
    assert levels[SYRIA] == level
    [whole] = [row for row in found["alert_record"] if row["window"] == "all"]
    assert whole["n"] == 4 * cases


def test_without_the_step_the_frequency_so_far_is_told() -> None:
    assert _by_hazard([FIRST], {"adoption_quarters": quarters()}) == {}
