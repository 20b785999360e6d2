"""Known adopters: how far each comes in a ledger, and how far onsets are from the labels."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.assess.technology.adoption import ledger
from tocsin.assess.technology.mentions import statements
from tocsin.bench.adoption.known import STEPS, count_steps, follow, onsets, why_missed
from tocsin.schema import TABLES, empty

CLASS = "uncrewed-aircraft"
TEXTS = {
    "Sea Band": [],
    "Hill Group": ["Clashes in the hills"],
    "Lake Clan": ["Drone footage of the lake"],
    "River Clan": ["Drone strike on the river"],
    "Sand Front": ["Drone strike in the sand"] * 9
    + ["Turkish drones strike a Sand Front camp"] * 9,
    "Coast Front": ["Coast Front attacks the army with drones"] * 6,
}


def made() -> tuple[dict[str, pl.DataFrame], dict[str, pl.DataFrame]]:
    """Incidents of each group against a state, a month apart, and their ledger."""
    rows = [
        {
            "report_id": f"{group}-{i}", "headline": text, "event_type": "state-based",
            "gwno": 652, "territory": "Syria", "actor_a": "Government of Syria",
            "actor_b": group, "date_start": date(2020, 1 + i % 12, 1),
        }
        for group, texts in TEXTS.items() for i, text in enumerate(texts)
    ]  # fmt: skip
    reports = pl.DataFrame(rows, schema=empty(TABLES["reports"]).schema)
    links = reports.select("report_id", pl.col("report_id").alias("incident_id"))
    schema = empty(TABLES["incidents"]).schema
    events = reports.rename({"report_id": "incident_id"}).select(
        pl.col(name) if name in reports.columns or name == "incident_id" else
        pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items()
    )  # fmt: skip
    told = statements(reports, links)
    seen = {
        "incidents": events, "technology_statements": told, "actors": empty(TABLES["actors"]),
        "reports": reports, "incident_reports": links,
    }  # fmt: skip
    return seen, ledger(events, told, seen["actors"])


@pytest.mark.slow
def test_each_known_adopter_comes_as_far_as_its_texts_bring_it() -> None:
    seen, found = made()
    known = pl.DataFrame(
        {"organisation": list(TEXTS), "technology": [CLASS] * 6, "year": [2020] * 6}
    )
    told = follow(known, seen, found)
    assert told["by_year"].to_list() == [
        "no incident", "no mention", "words too weak", "nobody singled out", "nobody singled out",
        "found",
    ]  # fmt: skip
    assert told["by_end"].to_list() == told["by_year"].to_list()
    early = follow(known.with_columns(year=pl.lit(2019)), seen, found)
    assert set(early["by_year"]) == {"no incident"}
    assert early["by_end"].to_list() == told["by_end"].to_list()
    rows = {row["step"]: row["by_end"] for row in count_steps(told)}
    assert sum(rows[step] for step in STEPS) == 6
    assert rows["found of those that the data could show"] == 1 / 3
    why = {row["organisation"]: row for row in why_missed(told, seen, found).to_dicts()}
    assert set(why) == set(TEXTS) - {"Coast Front"}
    assert [why["Sea Band"][name] for name in ("incidents", "broad", "mentions")] == [0, 0, 0]
    assert [why["Hill Group"][name] for name in ("incidents", "broad", "mentions")] == [1, 0, 0]
    # Drone footage has a broad word, and is no mention of a use.
    assert [why["Lake Clan"][name] for name in ("broad", "mentions")] == [1, 0]
    sand = why["Sand Front"]
    assert sand["mentions"] == 18
    assert sand["names_another"] == 9
    assert sand["names_it"] == sand["strikes_it"] == 0
    assert sand["silent"] == 9
    assert sand["short"] == pytest.approx(0.5 - sand["confidence"])
    assert why["Sea Band"]["short"] is None


@pytest.mark.slow
def test_an_onset_is_compared_with_the_first_labelled_use() -> None:
    _, found = made()
    labels = pl.DataFrame(
        {
            "technology": [CLASS, CLASS, "guided-or-indirect-fire"], "region": ["SYR"] * 3,
            "has": [True] * 3, "user": ["b"] * 3, "by_name": [""] * 3, "certainty": ["3"] * 3,
            "side_a": ["Government of Syria"] * 3, "side_b": ["Coast Front"] * 3,
            "date_start": ["2020-03-01 00:00", "2020-02-01 00:00", "2019-01-01 00:00"],
        }
    )  # fmt: skip
    [row] = onsets(labels, found["adoption"]).to_dicts()
    assert (row["organisation"], row["labelled"]) == ("Coast Front", date(2020, 2, 1))
    assert row["days"] == (row["first_median"] - date(2020, 2, 1)).days
