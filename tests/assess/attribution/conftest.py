"""A made-up region of two groups and a state, small enough to count by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from tocsin.schema import TABLES, conform, empty

Tables = dict[str, pl.DataFrame]
START = date(2020, 1, 1)


def report(number: int, day: int, **more: Any) -> dict[str, Any]:
    """One report; the hill group fights in the north, the river group in the south."""
    north = number % 2 == 0
    return {
        "report_id": f"r-{number}",
        "native_id": str(number),
        "source_file": "made-up.csv",
        "source_row": number + 1,
        "date_start": START + timedelta(days=day),
        "date_end": START + timedelta(days=day),
        "date_prec": 1,
        "latitude": (36.0 if north else 33.0) + (number % 7) / 100,
        "longitude": 37.0 + (number % 5) / 100,
        "place_prec": 1,
        "territory": "Syria",
        "gwno": 652,
        "event_type": "one-sided",
        "actor_a": "Hill Group" if north else "River Group",
        "actor_b": "Civilians",
        "deaths_low": 1,
        "deaths_best": 1,
        "deaths_high": 1,
        "source": "Made Up 1",
    } | more


def tables(rows: list[dict[str, Any]]) -> Tables:
    """The tables that `attribute` reads, for some reports."""
    from tocsin.assess.actors import statements
    from tocsin.assess.incidents import incidents

    model = TABLES["reports"]
    reports = conform(model, pl.DataFrame(rows, schema=empty(model).schema))
    nothing = {
        name: empty(TABLES[name])
        for name in ("actors", "actor_relations", "actor_decisions", "claims")
    }
    events, links = incidents(reports)
    names, related = statements(
        nothing["actors"], nothing["actor_relations"], reports, nothing["actor_decisions"]
    )
    return {
        "reports": reports,
        "claims": nothing["claims"],
        "actors": nothing["actors"],
        "incidents": events,
        "incident_reports": links,
        "actor_names": names,
        "actor_links": related,
    }


@pytest.fixture
def no_tags() -> pl.DataFrame:
    columns = {"incident_id": pl.String, "technology": pl.String, "probability": pl.Float64}
    return pl.DataFrame(schema=columns)


@pytest.fixture
def made_up() -> Tables:
    """300 known incidents, and one in the north of which nobody is named."""
    rows = [report(number, number * 2) for number in range(300)]
    return tables([*rows, report(300, 602, actor_a="Unidentified armed group")])
