"""Rows of a log by different publishers: joined where chance seldom does it, else told of."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retold import made_log, pairs
from tocsin.assess.incidents import RETOLD, SOURCE, group_reports
from tocsin.assess.retold import SURE, find_retold
from tocsin.assess.retold.decided import SCHEMA, SHIPPED, read_decided
from tocsin.assess.retold.listing import list_pairs
from tocsin.errors import UsageError


def linked(log: pl.DataFrame) -> set[tuple[str, str]]:
    return pairs(dict(group_reports(log)[1].select("report_id", "incident_id").iter_rows()))


@pytest.mark.slow
def test_what_is_joined_is_right() -> None:
    """All pairs of sixty logs together, none of which was looked at for the rule (decision 189)."""
    right = found = 0
    for crowd in (0.0, 0.02, 0.05):
        for seed in range(200, 220):
            log, truth = made_log(seed, crowd=crowd)
            joined = linked(log)
            right, found = right + len(joined & pairs(truth)), found + len(joined)
    assert right >= SURE * found
    assert found > 400


@pytest.mark.slow
@pytest.mark.parametrize("crowd", [0.0, 0.3])
def test_where_nothing_is_told_again_nothing_is_joined(crowd: float) -> None:
    assert sum(len(linked(made_log(seed, share=0.0, crowd=crowd)[0])) for seed in range(6)) == 0


def test_every_row_is_in_one_incident_and_in_any_order() -> None:
    log, _ = made_log(3, crowd=0.0)
    events, links, _, notes, _ = group_reports(log)
    assert sorted(links["report_id"]) == sorted(log["report_id"])
    assert events["n_reports"].sum() == log.height
    twice = events.filter(pl.col("n_reports") == 2).height
    assert twice > 10
    assert set(events.filter(pl.col("n_reports") == 2)["source"]) == {RETOLD}
    assert set(events.filter(pl.col("n_reports") == 1)["source"]) == {SOURCE}
    assert f"{twice} pairs of rows by different publishers tell of one place" in notes["note"][0]
    assert "may tell of one event twice, and stay apart" in notes["note"][1]
    sure = links.filter(pl.col("probability") < 1)
    assert sure.height == 2 * twice
    assert (sure["probability"] >= SURE).all()
    again = group_reports(log.sample(fraction=1, shuffle=True, seed=2))
    assert again[0].equals(events)
    assert again[3].equals(notes)


@pytest.mark.slow
def test_many_rows_of_one_place_are_no_square_of_pairs() -> None:
    """All pairs of twelve thousand rows of one town are 144 million, and were in memory once."""
    log, _ = made_log(3, crowd=0.0)
    days = pl.Series([date(1990, 1, 1) + timedelta(days=i) for i in range(12_000)])
    town = log.sample(12_000, with_replacement=True, seed=1).with_columns(
        pl.lit("Kadir").alias("place"),
        days.alias("date_start"),
        days.alias("date_end"),
        pl.Series("report_id", [f"r{i}" for i in range(12_000)]),
        pl.Series("group", [f"r{i}" for i in range(12_000)]),
    )
    found = find_retold(town)
    assert found.groups.is_empty()
    assert "may tell of one event twice, and stay apart" in found.notes[0]
    first = pl.lit(days[0])
    one_day = town.with_columns(first.alias("date_start"), first.alias("date_end"))
    assert find_retold(one_day).groups.is_empty()


@pytest.mark.parametrize("source", ["ACLED 2024", "UCDP GED 25.1", "GDELT 2.0"])
def test_whoever_codes_events_decides_which_rows_are_one(source: str) -> None:
    log, _ = made_log(3, crowd=0.0)
    assert linked(log.with_columns(pl.lit(source).alias("source"))) == set()


def test_a_log_without_publishers_is_left_as_it_is() -> None:
    log, _ = made_log(3, crowd=0.0)
    for publisher in (None, "Le Courrier"):
        assert linked(log.with_columns(pl.lit(publisher, pl.String).alias("publisher"))) == set()


@pytest.mark.slow
@given(st.integers(0, 10_000), st.sampled_from(["place", "actor_a", "publisher", "deaths_best"]))
def test_of_any_log_no_row_is_lost(seed: int, empty: str) -> None:
    log, _ = made_log(seed, events=12)
    some: Any = pl.when(pl.int_range(pl.len()) % 3 == 0).then(None).otherwise(pl.col(empty))
    log = log.with_columns(some.alias(empty), pl.col("report_id").alias("group"))
    found = find_retold(log).groups
    assert found["report_id"].n_unique() == found.height
    by = dict(found.select("report_id", "joined").iter_rows())
    one = log.filter(pl.col("report_id").is_in(list(by))).select("report_id", "publisher").rows()
    told = [(by[name], publisher) for name, publisher in one]
    assert len(set(told)) == len(told)


def decide(*pairs: tuple[str, str, str]) -> pl.DataFrame:
    rows = [(min(a, b), max(a, b), same == "yes") for a, b, same in pairs]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def incident_of(log: pl.DataFrame, decided: pl.DataFrame) -> dict[str, str]:
    return dict(group_reports(log, None, decided)[1].select("report_id", "incident_id").iter_rows())


@pytest.mark.slow
def test_what_people_decided_comes_first() -> None:
    log, _ = made_log(3, crowd=0.0)
    weighed = group_reports(log)[4]
    assert weighed.filter(verdict="joined").height > 10
    assert (weighed.filter(verdict="joined")["probability"] >= SURE).all()
    yes = weighed.filter(verdict="open").row(0)[:2]
    no = weighed.filter(verdict="joined").row(0)[:2]
    # Nothing but their word is known of two rows that nothing joins.
    far = "Log:0", next(one for one in log["report_id"] if one not in {*yes, *no, "Log:0"})
    decided = decide((*yes, "yes"), (*no, "no"), (*far, "yes"), ("Log:0", "Gone:1", "yes"))
    found = incident_of(log, decided)
    assert found[yes[0]] == found[yes[1]]
    assert found[no[0]] != found[no[1]]
    assert found[far[0]] == found[far[1]]
    _, links, _, notes, pairs_ = group_reports(log, None, decided)
    said = " ".join(notes["note"])
    assert "2 pairs of rows are taken for one event, and 1 pair for two, as same_events.csv" in said
    assert "1 pair of same_events.csv decided nothing" in said
    verdicts = {(a, b): (p, v) for a, b, _, _, p, v, _ in pairs_.iter_rows()}
    assert verdicts[yes] == (1.0, "said to be one")
    assert verdicts[no] == (0.0, "said to be two")
    assert links.filter(pl.col("report_id").is_in(yes))["probability"].to_list() == [1.0, 1.0]


def test_a_pair_that_is_joined_through_a_third_row_is_told() -> None:
    log, _ = made_log(3, share=0.0, crowd=0.0)
    a, b, c = log["report_id"].head(3)
    notes = group_reports(log, None, decide((a, b, "yes"), (b, c, "yes"), (a, c, "no")))[3]
    assert "joined all the same, through a third row" in " ".join(notes["note"])


@pytest.mark.slow
@given(st.lists(st.tuples(st.integers(0, 39), st.integers(0, 39), st.booleans()), max_size=12))
def test_no_decision_loses_a_row(chosen: list[tuple[int, int, bool]]) -> None:
    log, _ = made_log(5, events=30, crowd=0.2)
    ids = log["report_id"].to_list()
    told = {tuple(sorted((ids[a % len(ids)], ids[b % len(ids)]))): same for a, b, same in chosen}
    rows = [(*pair, same) for pair, same in told.items() if pair[0] != pair[1]]
    decided = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    found = incident_of(log, decided)
    assert sorted(found) == sorted(ids)
    assert all(found[a] == found[b] for a, b, same in rows if same)


def test_the_list_is_read_as_it_was_filled_in(tmp_path: Path) -> None:
    log, _ = made_log(3, crowd=0.0)
    pairs_ = group_reports(log)[4]
    listed = list_pairs({"retold_pairs": pairs_, "reports": log})
    assert listed["verdict"][0] == "open"
    assert listed["publisher_a"].null_count() == 0
    assert set(listed["same"]) == {""}
    path = tmp_path / "same_events.csv"
    filled = listed.with_columns(
        pl.when(pl.int_range(pl.len()) == 0).then(pl.lit("Oui")).otherwise("same").alias("same")
    )
    filled.write_csv(path)
    decided = read_decided(path)
    assert decided.row(0) == (listed["report_a"][0], listed["report_b"][0], True)
    again = list_pairs({"retold_pairs": group_reports(log, None, decided)[4], "reports": log})
    assert again.filter(same="yes").height == 1
    assert read_decided(SHIPPED).is_empty()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("report_a,report_b\nx,y\n", "lack the column 'same'"),
        ("report_a,report_b,same\nx,y,maybe\n", "Line 2 decides nothing"),
        ("report_a,report_b,same\nx,x,yes\n", "Line 2 decides nothing"),
        ("report_a,report_b,same\nx,,yes\n", "Line 2 decides nothing"),
        ("report_a,report_b,same\nx,y,yes\ny,x,no\n", "Line 3 says the contrary"),
        ("", "no CSV"),
    ],
)
def test_a_list_that_means_nothing_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "same_events.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=said):
        read_decided(path)


@pytest.mark.slow
def test_a_description_is_the_same_side_told_less_surely() -> None:
    """Three tenths of the names are descriptions; before they hid half of what is told twice."""
    doubles = right = sure = held = 0
    for seed in (320, 321, 322):
        rows, truth = made_log(seed, crowd=0.0)
        draw = random.Random(seed)
        said = [
            draw.choice(("hommes armés", "bandits")) if draw.random() < 0.3 else name
            for name in rows["actor_a"]
        ]
        rows = rows.with_columns(pl.Series("actor_a", said), group=pl.col("report_id"))
        pairs = find_retold(rows).pairs
        events = list(truth.values())
        doubles += len(events) - len(set(events))
        one = [truth[a] == truth[b] for a, b in pairs.select("report_a", "report_b").iter_rows()]
        right += sum(one)
        likely = pairs["probability"] >= 0.8
        sure += likely.sum()
        held += sum(same for same, told in zip(one, likely, strict=True) if told)
    assert right >= 0.8 * doubles
    assert held >= 0.9 * sure
