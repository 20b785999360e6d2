"""Every report is in exactly one incident, whatever the order."""

from __future__ import annotations

import polars as pl

from tocsin.assess.incidents import incidents


def test_reports_and_deaths_are_kept(seen: dict[str, pl.DataFrame]) -> None:
    events, links = incidents(seen["reports"])
    assert links.height == seen["reports"].height
    assert links["report_id"].n_unique() == links.height
    assert events["deaths_best"].sum() == seen["reports"]["deaths_best"].sum()


def test_order_does_not_matter(seen: dict[str, pl.DataFrame]) -> None:
    reports = seen["reports"].head(500)
    straight, shuffled = (
        incidents(reports),
        incidents(reports.sample(fraction=1, shuffle=True, seed=1)),
    )
    assert straight[0].equals(shuffled[0])
    assert straight[1].equals(shuffled[1])


def test_two_releases_of_one_event_are_one_incident(seen: dict[str, pl.DataFrame]) -> None:
    older = seen["reports"].filter(pl.col("source") == "UCDP GED 23.1").head(50)
    newer = older.with_columns(
        pl.lit("UCDP GED 25.1").alias("source"),
        ("UCDP GED 25.1:" + pl.col("native_id")).alias("report_id"),
        (pl.col("deaths_high") + 1).alias("deaths_high"),
    )
    events, links = incidents(pl.concat([older, newer]))
    assert events.height == 50
    assert set(events["n_reports"]) == {2}
    # The later release speaks for the incident.
    assert events["deaths_high"].sum() == newer["deaths_high"].sum()
    assert links.height == 100


def test_nothing_gives_nothing(seen: dict[str, pl.DataFrame]) -> None:
    assert incidents(seen["reports"].clear())[0].is_empty()
