"""The whole attribution: nothing to do is nothing done; what is open is answered."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess.attribution import attribute
from tocsin.schema import TABLES, conform, empty

from .conftest import report, tables

Tables = dict[str, pl.DataFrame]


def test_nothing_to_attribute(no_tags: pl.DataFrame) -> None:
    assert attribute(tables([report(n, n) for n in range(10)]), no_tags).is_empty()


@pytest.mark.slow
def test_the_open_incident_is_answered(made_up: Tables, no_tags: pl.DataFrame) -> None:
    found = attribute(made_up, no_tags)
    assert found["incident_id"].n_unique() == 1
    assert found["actor"][0] == "Hill Group"
    assert found["probability"].sum() == pytest.approx(1, abs=1e-5)
    assert set(found["answer"]) == {"actor", "someone new", "unknown"}
    assert found.equals(attribute(made_up, no_tags))


@pytest.mark.slow
def test_a_claim_is_kept_beside_the_evidence(no_tags: pl.DataFrame) -> None:
    rows = [report(number, number * 2) for number in range(300)]
    between = report(300, 602, actor_a="Unidentified armed group", latitude=34.45)
    made_up = tables([*rows, between])
    row = {"report_id": "r-300", "actor": "River Group", "stance": "claimed", "source": "test"}
    model = TABLES["claims"]
    claims = conform(model, pl.DataFrame([row], schema=empty(model).schema))
    plain = attribute(made_up, no_tags)
    found = attribute(made_up | {"claims": claims}, no_tags)
    ours = found.filter(pl.col("actor") == "River Group").to_dicts()[0]
    assert ours["claims_factor"] > 1
    assert ours["probability"] > ours["evidence_only"]
    hill = pl.col("actor") == "Hill Group"
    assert found.filter(hill)["evidence_only"][0] == plain.filter(hill)["evidence_only"][0]


@pytest.mark.slow
def test_threads_of_the_numerics_change_no_bit(made_up: Tables, no_tags: pl.DataFrame) -> None:
    threads = pytest.importorskip("threadpoolctl").threadpool_limits
    found = []
    for limit in (1, 2, 4):
        with threads(limit, user_api="blas"):
            found.append(attribute(made_up, no_tags))
    assert found[0].equals(found[1])
    assert found[0].equals(found[2])


@pytest.mark.slow
def test_the_order_of_files_changes_nothing(no_tags: pl.DataFrame) -> None:
    rows = [report(number, number * 2) for number in range(60)]
    told = [
        report(60, 121, report_id=f"t-{n}", native_id="60", actor_a=actor, source=source)
        for n, (actor, source) in enumerate(
            [("Hill Group", "Made Up 3"), ("River Group", "Made Up 1"), ("Hill Group", "Made Up 2")]
        )
    ]
    found = attribute(tables([*rows, *told]), no_tags)
    assert found["why"].unique().to_list() == ["contested"]
    assert found.equals(attribute(tables([*told[::-1], *rows[::-1]]), no_tags))
