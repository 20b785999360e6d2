"""A side that is named with a doubt is a name with a probability."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from tests.assess.attribution.conftest import report, tables

from tocsin.assess.actors.suspects import RIGHT, WORTH, find_suspects
from tocsin.assess.attribution import attribute
from tocsin.assess.attribution.words import explain
from tocsin.schema import TABLES, conform, empty

Tables = dict[str, pl.DataFrame]
NO_TAGS = pl.DataFrame(
    schema={"incident_id": pl.String, "technology": pl.String, "probability": pl.Float64}
)
NAMES = ("Hill Group", "River Group", "Shore Group", "Wood Group")


def doubt(row: dict[str, Any], column: str = "actor_a", **more: Any) -> dict[str, Any]:
    """The row of `corrections` of a report's side that is only suspected."""
    return {
        "report_id": row["report_id"], "source_file": "made-up.csv", "source_row": 1,
        "column": column, "heading": column, "original": f"{row[column]}?", "value": row[column],
        "rule": "party", "reason": "It is only suspected.", "source": "Made Up 1",
    } | more  # fmt: skip


def rows_of(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return conform(TABLES[table], pl.DataFrame(rows, schema=empty(TABLES[table]).schema))


def world(
    rows: list[dict[str, Any]],
    doubts: list[dict[str, Any]],
    seconds: list[dict[str, Any]] | None = None,
) -> Tables:
    """The tables; `seconds` are linked with the report of the same record, whomever they name."""
    made = tables(rows)
    more = seconds or []
    to = dict(made["incident_reports"].select("report_id", "incident_id").iter_rows())
    links = [
        {"incident_id": to[f"r-{one['native_id']}"], "report_id": one["report_id"],
         "probability": 1.0, "source": "made"}
        for one in more
    ]  # fmt: skip
    return made | {
        "corrections": rows_of("corrections", doubts),
        "reports": pl.concat([made["reports"], rows_of("reports", more)]),
        "incident_reports": pl.concat(
            [made["incident_reports"], rows_of("incident_reports", links)]
        ),
    }


def suspects(of: Tables) -> Any:
    return find_suspects(of)


def second(row: dict[str, Any], actor: str) -> dict[str, Any]:
    """What another source says of the same event."""
    more = {"report_id": f"s-{row['native_id']}", "source": "Another 1", "actor_a": actor}
    return row | more


@pytest.mark.slow
def test_a_doubted_side_is_a_suspect_until_a_report_names_it_plainly() -> None:
    one = report(0, 0)
    assert suspects(world([one], [])).sides.is_empty()
    assert suspects(world([one], [doubt(one, rule="date")])).sides.is_empty()
    assert suspects(world([one], [doubt(one, value=None)])).sides.is_empty()
    alone = suspects(world([one], [doubt(one)]))
    assert alone.sides.select("side", "actor").rows() == [("a", "Hill Group")]
    assert (alone.seen, alone.share) == (0, RIGHT)
    borne = suspects(world([one], [doubt(one)], [second(one, "Hill Group")]))
    assert borne.sides.is_empty()
    assert (borne.right, borne.seen) == (1, 1)
    other = suspects(world([one], [doubt(one)], [second(one, "River Group")]))
    assert (other.right, other.seen) == (0, 1)
    assert other.share == RIGHT * WORTH / (WORTH + 1)


@pytest.mark.slow
def test_a_state_that_both_name_bears_nothing_out() -> None:
    state = {"event_type": "state-based", "actor_b": "Government of Syria"}
    one = report(0, 0, **state)
    told = suspects(world([one], [doubt(one)], [second(one, "Unknown")]))
    assert (told.sides.height, told.seen) == (1, 0)
    # A state that is suspected in a fight is not asked for.
    assert suspects(world([one], [doubt(one, "actor_b")])).sides.is_empty()


def test_a_suspect_is_as_probable_as_suspicions_are_right_where_nothing_else_is_known() -> None:
    one = report(0, 0)
    made = world([one], [doubt(one)])
    found = attribute(made, NO_TAGS)
    row = found.filter(pl.col("answer") == "actor").to_dicts()[0]
    assert (row["actor"], row["why"]) == ("Hill Group", "suspected")
    assert row["probability"] == pytest.approx(RIGHT)
    assert row["evidence_only"] == 0
    assert found["probability"].sum() == pytest.approx(1)
    said = "\n".join(explain(found, row["incident_id"]))
    assert "possibly Hill Group (0.70; by evidence alone 0.00)" in said
    assert "such a name is right with 0.70 (a judgement" in said


def test_suspicions_do_not_bear_each_other_out() -> None:
    rows = [report(2 * n, n) for n in range(8)]
    found = attribute(world(rows, [doubt(one) for one in rows]), NO_TAGS)
    named = found.filter(pl.col("answer") == "actor")
    assert named["probability"].to_list() == pytest.approx([RIGHT] * 8)


@pytest.mark.slow
def test_the_accusation_of_a_suspicion_is_not_weighed_beside_it() -> None:
    one = report(0, 0)
    made = world([one], [doubt(one)])
    for stance, moved in (("accused", False), ("claimed", True)):
        row = {"report_id": "r-0", "actor": "Hill Group", "stance": stance, "source": "Made Up 1"}
        told = attribute(made | {"claims": rows_of("claims", [row])}, NO_TAGS)
        assert (told["claims_factor"].max() > 1) == moved  # type: ignore[operator]


def test_each_suspected_side_has_its_own_probability() -> None:
    """Two suspects on both sides: attribution asks for one, and the other is doubted as well."""
    one = report(0, 0, event_type="non-state", actor_b="Shore Group")
    made = world([one], [doubt(one), doubt(one, "actor_b")])
    told = suspects(made)
    assert told.named["side"].to_list() == ["a", "b"]
    asked = attribute(made, NO_TAGS)
    assert asked["side"].n_unique() == 1
    sure = told.weigh(asked)
    assert sure["sure"].to_list() == pytest.approx([RIGHT, RIGHT])
    low = asked.with_columns(
        probability=pl.when(pl.col("answer") == "actor").then(0.2).otherwise(0.8)
    )
    moved = dict(told.weigh(low).select("side", "sure").iter_rows())
    of = asked["side"][0]
    assert moved == pytest.approx({of: 0.2, "ab".replace(of, ""): RIGHT})
    # Whom attribution does not name at all was hardly the side.
    nobody = low.filter(pl.col("answer") != "actor")
    assert dict(told.weigh(nobody).select("side", "sure").iter_rows())[of] == 0


def test_a_state_that_is_suspected_in_a_fight_is_doubted_and_not_asked_for() -> None:
    state = {"event_type": "state-based", "actor_b": "Government of Syria"}
    one = report(0, 0, **state)
    told = suspects(world([one], [doubt(one, "actor_b")]))
    assert told.sides.is_empty()
    sure = told.weigh(empty(TABLES["attributions"]))
    assert sure.select("side", "sure").rows() == [("b", RIGHT)]


@pytest.mark.slow
def test_the_suspected_of_two_groups_is_asked_for() -> None:
    for number in range(4):
        for column, side in (("actor_a", "a"), ("actor_b", "b")):
            one = report(number, number, event_type="non-state", actor_b="Shore Group")
            found = attribute(world([one], [doubt(one, column)]), NO_TAGS)
            assert found["side"].unique().to_list() == [side]


def planted(seed: int, right: float) -> tuple[Tables, dict[str, str]]:
    """Four groups in four overlapping places; the last 300 of 500 incidents name suspects, right
    so often and else another by what was there before; of each third another source tells."""
    rng = np.random.default_rng(seed)
    rows, seconds, doubts, truth = [], [], [], {}
    for number in range(500):
        shares = np.full(4, 0.1)
        shares[number % 4] = 0.7
        true = int(rng.choice(4, p=shares))
        said = true
        if number >= 200:
            rest = np.where(np.arange(4) == true, 0, shares)
            said = true if rng.random() < right else int(rng.choice(4, p=rest / rest.sum()))
        where = {"latitude": 33.0 + number % 4, "longitude": 37.0 + rng.random() / 10}
        rows.append(report(number, number, actor_a=NAMES[said], **where))
        if number >= 200:
            doubts.append(doubt(rows[-1]))
            truth[rows[-1]["report_id"]] = NAMES[true]
            if number % 3 == 0:
                seconds.append(second(rows[-1], NAMES[true]))
    return world(rows, doubts, seconds), truth


@pytest.mark.slow
@pytest.mark.parametrize("right", [0.6, 0.9])
def test_how_often_suspicions_are_right_is_learned_and_probabilities_hold(right: float) -> None:
    """With suspicions taken for certain, and with 0.7 for all, this fails."""
    made, truth = planted(5, right)
    told = suspects(made)
    assert told.share == pytest.approx(right, abs=0.1)
    found = attribute(made, NO_TAGS).filter(
        (pl.col("why") == "suspected") & (pl.col("answer") == "actor")
    )
    links = made["incident_reports"].filter(pl.col("report_id").str.starts_with("r-"))
    of = dict(links.select("incident_id", "report_id").iter_rows())
    named = dict(told.sides.select("incident_id", "actor").iter_rows())
    every = found.with_columns(
        true=pl.col("incident_id").replace_strict(of).replace_strict(truth),
        suspect=pl.col("incident_id").replace_strict(named),
    ).with_columns(held=pl.col("actor") == pl.col("true"))
    its = every.filter(pl.col("actor") == pl.col("suspect"))
    assert its.height == 200
    assert its["probability"].mean() == pytest.approx(its["held"].mean(), abs=0.06)
    # Evidence moves the names: those above 0.8 are right more often than the others.
    sure = its.filter(pl.col("probability") >= 0.8)
    assert sure["held"].mean() > its["held"].mean()  # type: ignore[operator]
    log = -(every.filter("held")["probability"].log()).sum() / its.height
    plain = -np.log(right) * right - np.log((1 - right) / 3) * (1 - right)
    assert log < plain
