"""Who attacked civilians is asked of the armed side, whatever a log calls the kind of event."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess.attribution.sides import armed_sides, questioned_sides
from tocsin.schema import TABLES, empty


@pytest.mark.parametrize("kind", ["state-based", "other", "non-state", "one-sided"])
@pytest.mark.parametrize("group", ["Hill Group", "Police nationale"])
def test_a_group_that_met_civilians_is_no_open_question(kind: str, group: str) -> None:
    events = pl.DataFrame(
        {
            "incident_id": ["1", "2"], "event_type": [kind] * 2,
            "actor_a_id": [None, None], "actor_b_id": [None, None],
            "actor_a": [group, "Civis" if kind != "one-sided" else group],
            "actor_b": ["População civil", group],
        },
        schema_overrides={"actor_a_id": pl.String, "actor_b_id": pl.String},
    )  # fmt: skip
    sides = armed_sides(events, empty(TABLES["actors"]))
    asked = questioned_sides(events, sides).sort("incident_id")
    assert asked["actor"].to_list() == [group, group]
