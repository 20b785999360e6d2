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


def test_the_open_incident_is_answered(made_up: Tables, no_tags: pl.DataFrame) -> None:
    found = attribute(made_up, no_tags)
    assert found["incident_id"].n_unique() == 1
    assert found["actor"][0] == "Hill Group"
    assert found["probability"].sum() == pytest.approx(1, abs=1e-5)
    assert set(found["answer"]) == {"actor", "someone new", "unknown"}
    assert found.equals(attribute(made_up, no_tags))


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
