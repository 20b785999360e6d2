"""What the brief says of diffusion: the verdict, who may be next, and no more than there is."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.share.facts.diffusion import diffusion


@pytest.fixture(scope="module")
def told(diffusion_tables: dict[str, pl.DataFrame]) -> dict[str, object]:
    return diffusion(diffusion_tables, Settings())


def test_the_likeliest_comes_first_with_all_its_chances(told: dict[str, list]) -> None:  # type: ignore[type-arg]
    assert [row["actor"] for row in told["next"]] == ["B", "A"]
    assert [one["months"] for one in told["next"][0]["months"]] == [3, 12, 24]


def test_first_uses_are_counted_by_class_within_a_year(told: dict[str, list]) -> None:  # type: ignore[type-arg]
    assert [(row["technology"], row["months"]) for row in told["expected"]] == [
        ("cyber", 12), ("all", 12),
    ]  # fmt: skip


def test_nobody_is_named_for_a_class_that_nobody_used(
    diffusion_tables: dict[str, pl.DataFrame],
) -> None:
    rare = pl.when(pl.col("actor") == "A").then(0.2).otherwise("first_uses")
    rows = diffusion_tables["next_adopters"].with_columns(first_uses=rare)
    found = diffusion(diffusion_tables | {"next_adopters": rows}, Settings())
    assert [row["actor"] for row in found["next"]] == ["B"]
    assert found["unlearnt"] == ["cyber"]


def test_lines_join_centres_of_territories_and_count_each_tie_once(
    told: dict[str, list],  # type: ignore[type-arg]
) -> None:
    within = {row["territory"]: row["within"] for row in told["places"]}
    assert within["Syria"] == [
        {"channel": "sponsor", "ties": 1}, {"channel": "ties", "ties": 1},
    ]  # fmt: skip
    assert [(row["from"], row["to"], row["ties"]) for row in told["joined"]] == [
        ("Iraq", "Syria", 1)
    ]
    assert told["supporters"] == ["A – support: common sponsor: X, 2010, 2012 to 2013"]


def test_a_supporter_of_one_organisation_is_named_too(
    diffusion_tables: dict[str, pl.DataFrame],
) -> None:
    row = {
        "actor_id": "A", "actor": "A", "opponent_id": "g", "opponent": "G", "by_state": True,
        "supporter_id": "x", "supporter": "Government of X", "source": "Support 18.1",
    }  # fmt: skip
    given = ((2011, "weapons"), (2010, "training weapons"), (2014, "funding"))
    rows = [row | {"year": year, "kinds": kinds} for year, kinds in given]
    rows.append(row | {"actor_id": "G", "actor": "G", "year": 2011, "kinds": "weapons"})
    supports = pl.DataFrame(rows)
    found = diffusion(diffusion_tables | {"supports": supports}, Settings())["supporters"]
    assert found == [
        "A – Government of X, 2010 to 2011, 2014 (funding, training, weapons); Support 18.1",
        "A – support: common sponsor: X, 2010, 2012 to 2013",
    ]
    # What a data set tells of is not told once more by the ties that are made of it.
    same = supports.with_columns(source=pl.lit(diffusion_tables["ties"]["source"][0]))
    assert len(diffusion(diffusion_tables | {"supports": same}, Settings())["supporters"]) == 1


def test_supporters_have_no_empty_kinds_and_are_counted(
    diffusion_tables: dict[str, pl.DataFrame],
) -> None:
    """'Hezbollah – ARS/UIC, 2006 ()' stood there, and the list ended at the sixtieth unsaid."""
    row = {
        "actor_id": "A", "actor": "A", "opponent_id": "g", "opponent": "G", "by_state": False,
        "supporter_id": "x", "supporter": "X", "source": "Support 18.1",
    }  # fmt: skip
    rows = [row | {"year": 2011, "kinds": ""}, row | {"year": 2012, "kinds": "training"}]
    rows += [row | {"supporter": f"Z {i:02d}", "year": 2011, "kinds": ""} for i in range(70)]
    found = diffusion(diffusion_tables | {"supports": pl.DataFrame(rows)}, Settings())
    assert found["supporters"][:2] == [
        "A – X, 2011 to 2012 (training); Support 18.1", "A – Z 00, 2011; Support 18.1",
    ]  # fmt: skip
    assert (len(found["supporters"]), found["supporters_known"]) == (60, 72)


def test_cases_of_the_record_are_those_of_one_draw_as_its_events_are(
    diffusion_tables: dict[str, pl.DataFrame],
) -> None:
    """42,554 cases stood beside 4.6 first uses, of ten draws and of their mean."""
    draws = diffusion_tables["diffusion_verdict"]["imputations"][0]
    record = diffusion_tables["diffusion_record"].filter(window="all")
    found = diffusion(diffusion_tables, Settings())["foreseen"]
    assert record.height
    assert [row["cases"] for row in found] == [round(n / draws) for n in record["n"]]


def test_a_portfolio_is_that_of_the_last_year(told: dict[str, list]) -> None:  # type: ignore[type-arg]
    [row] = told["portfolios"]
    assert (row["actor"], row["year"]) == ("A", 2020)
    assert row["has"] == {"uncrewed-aircraft": {"probability": 0.7, "disused": 0.4}}


def test_a_portfolio_is_followed_year_by_year(
    diffusion_tables: dict[str, pl.DataFrame],
) -> None:
    rare = diffusion_tables["technology_portfolios"].with_columns(
        technology=pl.lit("cyber"), probability=0.04
    )
    rows = pl.concat([diffusion_tables["technology_portfolios"], rare])
    [row] = diffusion(diffusion_tables | {"technology_portfolios": rows}, Settings())["portfolios"]
    assert row["course"] == [
        {"technology": "uncrewed-aircraft", "year": year, "probability": 0.7, "disused": disused}
        for year, disused in ((2019, 0.1), (2020, 0.4))
    ]


def test_a_hazard_a_month_is_told_as_a_chance_a_year(told: dict[str, list]) -> None:  # type: ignore[type-arg]
    nobody, row = told["curves"]
    assert nobody["year_hazard"] is None
    chances = [row[f"year_{name}"] for name in ("low", "hazard", "high")]
    assert chances == pytest.approx([0.0582, 0.1131, 0.2134], abs=1e-4)
    assert (row["from"], row["to"]) == (date(2019, 1, 1), date(2020, 1, 1))


def test_a_clan_is_no_organisation(told: dict[str, list]) -> None:  # type: ignore[type-arg]
    assert [row["named"] for row in told["timeline"]] == ["possibly A (0.70)"]


def test_without_the_step_there_is_nothing() -> None:
    tables = {name: empty(TABLES[name]) for name in ("adoption", "actors")}
    found = diffusion(tables, Settings())
    assert found["verdict"] is None
    assert not any(found[name] for name in found if name != "verdict")
