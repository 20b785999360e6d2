"""Only what was read is cited."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import polars as pl

from tocsin.share.facts.sources import RULES, citations, corrections, months_old, quarantine


def cited(
    kinds: list[str], targets: list[str], indicators: list[str], of: str = "used"
) -> list[str]:
    tables = {
        "files": pl.DataFrame(
            {"kind": kinds, "file": [f"{one}.csv" for one in kinds], "source": kinds},
            schema={"kind": pl.String, "file": pl.String, "source": pl.String},
        ),
        "series": pl.DataFrame(
            {"target": targets, "source": ["country-month"] * len(targets)},
            schema={"target": pl.String, "source": pl.String},
        ),
        "covariates": pl.DataFrame({"indicator": indicators}, schema={"indicator": pl.String}),
    }
    return [row["name"] for row in citations(tables) if row[of] or of == "used"]


def test_numbers_of_deaths_come_from_no_list_of_actors_or_ties() -> None:
    kinds = ["ucdp-ged", "ucdp-actors", "ties", "adoptions"]
    names = cited(kinds, ["ged_sb"], ["v2x_corr"], "deaths")
    assert [name.split(",")[0] for name in names] == [
        "UCDP Georeferenced Event Dataset", "UCDP deaths by country and month",
    ]  # fmt: skip


def test_a_source_that_was_not_read_is_not_cited() -> None:
    names = " ".join(cited(["acled", "mapping"], ["own_count"], []))
    assert "ACLED" in names
    assert "UCDP" not in names
    assert "V-Dem" not in names


def test_series_and_indicators_are_cited_by_their_names() -> None:
    names = cited(["country-month"], ["ged_sb"], ["v2x_corr", "NY.GDP.PCAP.CD"])
    assert [name.split()[0] for name in names] == ["UCDP", "V-Dem", "World"]


def test_data_of_one_s_own_are_called_by_their_names() -> None:
    tables = {
        "files": pl.DataFrame({
            "kind": ["mapping", "mapping", "country-month"], "file": ["a.csv", "b.csv", "own.csv"],
            "source": ["Our log", "Another", "Country-month series (own.csv)"],
        }),
        "series": pl.DataFrame({
            "target": ["Morts", "ged_sb"], "source": ["Country-month series (own.csv)"] * 2,
        }),
        "covariates": pl.DataFrame(schema={"indicator": pl.String}),
        "forecasts": pl.DataFrame({"target": ["deaths_all"]}),
    }  # fmt: skip
    own, ucdp, series = citations(tables)
    assert own["own"] == ["Another", "Our log"]
    assert own["name"] == "Tables of this workspace’s own (Another, Our log)"
    assert ucdp["own"] == []
    assert series["name"] == "A series of this workspace’s own (own.csv)"
    assert (series["own"], series["used"]) == (["own.csv"], False)
    told = {**tables, "forecasts": pl.DataFrame({"target": ["Morts"]})}
    assert citations(told)[2]["deaths"]


def test_age_is_counted_from_the_end_of_the_last_month() -> None:
    assert months_old(date(2026, 10, 1), date(2026, 11, 25)) == 0
    assert months_old(date(2026, 9, 1), date(2026, 11, 1)) == 1


def test_a_report_counts_once_by_a_rule_however_many_of_its_values_were_doubtful() -> None:
    rows = [("f.csv", "outside", "a"), ("f.csv", "outside", "a"), ("f.csv", "estimates", "a")]
    frame = pl.DataFrame(rows, schema=["source_file", "rule", "report_id"], orient="row")
    assert [(row["rule"], row["reports"]) for row in corrections({"corrections": frame})] == [
        ("estimates", 1), ("outside", 1),
    ]  # fmt: skip


def test_a_rule_is_told_in_words_and_never_by_its_key_alone() -> None:
    docs = (Path(__file__).parents[3] / "docs/sources/README.md").read_text("utf-8")
    named = {
        rule
        for line in re.findall(r"^\| (`[a-z]+`(?:, `[a-z]+`)*) \|", docs, re.MULTILINE)
        for rule in re.findall(r"`([a-z]+)`", line)
    }
    kinds = {"acled", "gtd", "eurepoc", "stix", "mapping", "ties", "adoptions"}
    assert named - kinds <= set(RULES)
    rows = pl.DataFrame({"source_file": ["a.csv", "a.csv"], "rule": ["number", "theirs"]})
    assert [row["said"] for row in quarantine({"quarantine": rows})] == [
        "a count that is no whole number", "rule theirs",
    ]  # fmt: skip
