"""An incident is explained section by section; an unknown id says what to do."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.assess import assess, explain
from tocsin.errors import UsageError
from tocsin.schema import TABLES, empty


@pytest.mark.slow
def test_an_incident_in_words(seen: dict[str, pl.DataFrame]) -> None:
    found = assess(seen["reports"].head(50), seen["actors"])
    incident = found["incidents"]["incident_id"][0]
    assert explain(found, incident)[0].startswith(incident)
    with pytest.raises(UsageError):
        explain(found, "i-none")


@pytest.mark.slow
def test_an_organisation_in_words(seen: dict[str, pl.DataFrame]) -> None:
    reports = seen["reports"].filter(pl.col("headline").str.contains("(?i)drone"))
    found = assess(reports, seen["actors"])
    lines = explain(found, "is")
    assert lines[0].startswith("IS, ")
    assert any(" bits  20" in line for line in lines)
    assert "Technology" in explain(found, found["incidents"]["incident_id"][0])


def test_what_was_doubtful_in_its_reports_is_told(seen: dict[str, pl.DataFrame]) -> None:
    found = assess(seen["reports"].head(50), seen["actors"])
    incident, report = found["incident_reports"].select("incident_id", "report_id").row(0)
    row = {
        "report_id": report, "source_file": "f.csv", "source_row": 7, "line": 8,
        "column": "deaths_low", "heading": "low", "original": "9", "value": "3",
        "rule": "estimates", "reason": "The low estimate is above the best.", "source": "s",
    }  # fmt: skip
    told = "\n".join(explain({**found, "corrections": pl.DataFrame([row])}, incident))
    assert "(f.csv, line 8): The low estimate is above the best." in told
    assert "low: 9, read as 3" in told


@pytest.mark.parametrize(("named", "said"), [(1, "rests on one report"), (0, "does not name it")])
def test_what_rests_on_one_report_says_so(named: int, said: str) -> None:
    day = date(2016, 1, 1)
    row = {
        "actor_id": "5", "actor": "Hill Group", "technology": "cyber", "territory": "Syria",
        "gwno": 652, "first_seen": day, "last_seen": day, "n_incidents": 3, "n_named": named,
        "n_own": 1, "expected": 1.0, "low": 0.0, "high": 1.0, "confidence": 0.6, "source": "test",
    }  # fmt: skip
    names = ("incidents", "adoption_reasons", "actor_matches")
    tables = {name: empty(TABLES[name]) for name in names}
    tables["adoption"] = pl.DataFrame([row], schema=empty(TABLES["adoption"]).schema)
    assert explain(tables, "5")[0].endswith(said)
    several = tables | {"adoption": tables["adoption"].with_columns(n_own=pl.lit(16))}
    assert explain(several, "5")[0].endswith("; in all territories, 16 can be read as its own use")
    untold = tables | {"adoption": tables["adoption"].with_columns(n_own=None)}
    assert explain(untold, "5")[0].endswith("3 incidents mention the class")
    match = pl.DataFrame({"actor": ["Hill Group"], "related": ["HG"], "verdict": ["same"]})
    tables["actor_matches"] = pl.concat([tables["actor_matches"], match], how="diagonal_relaxed")
    assert explain(tables, "hg") == explain(tables, "5")
