"""Every report is in exactly one incident, whatever the order."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess.incidents import SOURCE, group_reports, incidents


@pytest.mark.slow
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


@pytest.mark.slow
def test_another_producers_reports_are_weighed(seen: dict[str, pl.DataFrame]) -> None:
    ours = seen["reports"].filter(pl.col("source") == "UCDP GED 23.1", pl.col("place_prec") <= 2)
    theirs = ours.with_columns(
        pl.lit("ACLED 2023").alias("source"),
        ("ACLED 2023:x" + pl.col("native_id")).alias("report_id"),
        ("x" + pl.col("native_id")).alias("native_id"),
        pl.col("actor_a").str.to_uppercase(),
        pl.lit(None, pl.String).alias("dyad_id"),
        (pl.col("latitude") + 0.01).alias("latitude"),
    )
    reports = pl.concat([ours, theirs])
    events, links, why, *_ = group_reports(reports)
    assert links["report_id"].n_unique() == reports.height
    pairs = links.group_by("incident_id").agg(pl.col("report_id").sort())
    right = {tuple(sorted((a, f"ACLED 2023:x{a.split(':')[1]}"))) for a in ours["report_id"]}
    found = {tuple(ids) for ids in pairs["report_id"].to_list() if len(ids) == 2}
    assert len(found & right) > 0.93 * len(right)
    # The steps of each pair add up to its probability.
    last = why.sort("step").group_by("report_a", "report_b").last()
    odds = 2 ** last["total"]
    assert ((odds / (1 + odds) - last["probability"]).abs() < 1e-6).all()
    assert set(why["step"]) == set(range(int(why["step"].max()) + 1))
    # An incident says by which rule its reports were joined.
    assert set(events.filter(pl.col("n_reports") > 1)["source"]) == {"linkage of reports (Splink)"}
    assert set(links["source"]) == {"linkage of reports (Splink)"}
    assert set(incidents(ours)[0]["source"]) == {SOURCE}


@pytest.mark.slow
def test_one_producer_is_not_weighed(seen: dict[str, pl.DataFrame]) -> None:
    _, links, why, noted, _ = group_reports(seen["reports"])
    assert why.is_empty()
    assert noted.is_empty()
    assert set(links["probability"]) == {1.0}


def test_releases_in_any_order_and_what_a_later_one_withdrew(seen: dict[str, pl.DataFrame]) -> None:
    one = seen["reports"].filter(pl.col("source") == "UCDP GED 23.1").head(3)
    day = pl.lit("2024-03-05").str.to_date()
    month = one.with_columns(date_start=day, date_end=day)

    def release(name: str, deaths: int) -> pl.DataFrame:
        return month.with_columns(
            pl.lit(name).alias("source"),
            (name + ":" + pl.col("native_id")).alias("report_id"),
            *[pl.lit(deaths).alias(f"deaths_{n}") for n in ("low", "best", "high")],
        )

    parts = [
        release("UCDP GED Candidate 24.0.3", 10),
        release("UCDP GED 25.1", 17).head(2),
        release("UCDP GED Candidate 24.01.24.06", 14),
    ]
    for order in (parts, parts[::-1]):
        events, links = incidents(pl.concat(order))
        assert events["deaths_best"].to_list() == [17, 17]
        assert links.height == 6


def test_where_no_two_producers_reports_are_near_all_stay_incidents(
    seen: dict[str, pl.DataFrame],
) -> None:
    mine = seen["reports"].head(3)
    far = mine.with_columns(
        pl.col("date_start").dt.offset_by("200d"),
        pl.col("date_end").dt.offset_by("200d"),
        pl.lit("Other 1").alias("source"),
        ("o" + pl.col("report_id")).alias("report_id"),
        ("o" + pl.col("native_id")).alias("native_id"),
    )
    events, links, why, *_ = group_reports(pl.concat([mine, far]), seen["actors"])
    assert events.height == 6
    assert links["report_id"].n_unique() == 6
    assert why.is_empty()


def test_what_is_found_of_a_producer_as_a_whole_is_noted(seen: dict[str, pl.DataFrame]) -> None:
    one = seen["reports"].head(1)
    alike = pl.concat(
        one.with_columns(
            pl.lit("Other 1").alias("source"),
            pl.lit(f"o{n}").alias("report_id"),
            pl.lit(f"o{n}").alias("native_id"),
        )
        for n in range(9)
    )
    events, _, _, noted, _ = group_reports(pl.concat([seen["reports"].slice(1, 2), alike]))
    assert events.height == 11
    assert noted["note"].to_list() == [
        "9 rows of Other stay unlinked, since more than 8 of them read alike each time, and "
        "nothing tells them apart."
    ]
    assert noted["source"].item().startswith("linkage")
