"""The script of an exercise: the same future gives the same one, and both kinds of report."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.plan.exercise import COLUMNS, Future, messages, write_script
from tocsin.plan.exercise.messages import ASKED, HINTS, OFFICES, OUTAGES, POSTS, ROADS, Teller
from tocsin.plan.exercise.script import Turn
from tocsin.schema.days.periods import month_after

SIGNS = (*HINTS, *ASKED)


def made(seed: int, *, months: int = 9, places: int = 4) -> Future:
    """A future by chance, with rises, outages and people on the move."""
    rng = np.random.default_rng(seed)
    shape = (months, places)
    return Future(
        seed,
        tuple(f"Land {number}" for number in range(places)),
        tuple(month_after(date(2027, 1, 1), later) for later in range(months)),
        rng.gamma(0.7, 60, shape).astype(np.float32),
        rng.gamma(0.5, 4000, shape).astype(np.float32),
        rng.gamma(1, 6, shape).astype(np.float32),
    )


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.integers(4, 40))
def test_a_script_is_in_order_and_made_again_the_same(seed: int, injects: int) -> None:
    script = write_script(made(seed), injects=injects)
    again = write_script(made(seed), injects=injects)
    assert script.events.equals(again.events)
    assert tuple(script.events.columns) == COLUMNS
    times = [datetime.fromisoformat(one) for one in script.events["Designated Scenario Time"]]
    assert times == sorted(times)
    assert script.events["Event Number"].is_unique().all()
    assert all(one.strip() for name in COLUMNS for one in script.events[name])


@settings(max_examples=25)
@given(st.integers(0, 10**6))
def test_no_two_messages_of_an_event_come_at_one_hour(seed: int) -> None:
    """But the two contingencies, of which one is handed out; and all come by day."""
    events = write_script(made(seed), injects=30).events
    events = events.filter(pl.col("Event Type") != "Contingency")
    at = pl.col("Designated Scenario Time").str.slice(11)
    place = pl.col("Message").str.extract(r"(Land \d)").alias("place")
    of = events.select(place, "Notes", at.alias("hour")).drop_nulls()
    # Of one place several false reports have the same note.
    of = of.filter(~pl.col("Notes").str.contains("false report"))
    several = (
        of.group_by("place", "Notes")
        .agg(pl.len(), pl.col("hour").n_unique().alias("hours"))
        .filter(pl.col("len") > 2)
    )
    assert (several["len"] == several["hours"]).all()
    assert events.select(at.str.slice(0, 2).cast(int).is_between(6, 20).all()).item()


def test_some_reports_are_true_and_some_are_false() -> None:
    turns = write_script(made(3)).turns
    assert {turn.happens for turn in turns} == {True, False}


def test_a_quiet_future_still_has_rumours_to_check() -> None:
    future = made(0)
    still = Future(0, future.territories, future.months, *(np.zeros((9, 4), np.float32),) * 3)
    script = write_script(still)
    assert script.turns
    assert not any(turn.happens for turn in script.turns)


def test_what_is_called_false_is_false() -> None:
    """No false report is of a place and month in which its kind truly happens, told or not."""
    for seed in range(40):
        future = made(seed)
        for turn in write_script(future, injects=6).turns:
            if turn.happens:
                continue
            month = next(n for n, one in enumerate(future.months) if one.month == turn.at.month)
            place = future.territories.index(turn.territory)
            deaths = future.deaths[:, place]
            rises = deaths[month] >= max(25, 1.5 * deaths[max(0, month - 3) : month].mean())
            # In the first month nothing comes true, so that nothing false is said of it.
            assert month > 0
            assert not rises
            if turn.told != "outage":
                truly = deaths if turn.told == "rise" else future.displaced[:, place]
                assert turn.size >= 2 * truly[month]


def test_a_rise_has_two_contingencies() -> None:
    events = write_script(made(3)).events
    rises = events.filter(
        pl.col("Message").str.starts_with("Hospitals in"), pl.col("Event Type") == "Inject"
    )
    assert not rises.is_empty()
    script = write_script(made(3))
    told = [turn for turn in script.turns if turn.looks == "rise"]
    contingencies = events.filter(pl.col("Event Type") == "Contingency")
    # A warning of what did not happen has consequences, too.
    assert contingencies.height == 2 * len(told) > 2 * rises.height
    assert set(contingencies["From"]) == {"Journalist", "Neighbouring authorities"}
    for note, when in contingencies.select("Notes", "Designated Scenario Time").iter_rows():
        at = datetime.fromisoformat(note.split("before ")[1][:16])
        assert datetime.fromisoformat(when) > at


@pytest.mark.slow
def test_nothing_about_an_early_report_tells_whether_it_is_true() -> None:
    seen: dict[bool, set[tuple[str, ...]]] = {True: set(), False: set()}
    hours: dict[bool, set[int]] = {True: set(), False: set()}
    for seed in range(60):
        script = write_script(made(seed))
        hints = script.events.filter(pl.col("Event Type") == "Contextual")
        for row in hints.iter_rows(named=True):
            true = "false report" not in row["Notes"]
            said = row["Message"]
            for place in script.future.territories:
                said = said.replace(place, "…")
            # Numbers and days are drawn; which wording it is tells nothing.
            said = min(SIGNS, key=lambda one: -len(one.split()) * _fits(one, said))
            seen[true].add((row["Inject Mode"], row["From"], row["To"], said))
            hours[true].add(int(row["Designated Scenario Time"][11:13]))
    assert seen[True] == seen[False]
    assert len(hours[True] & hours[False]) >= 6


def _fits(wording: str, said: str) -> bool:
    """Was this said by this wording?"""
    parts = [re.escape(one) for one in re.split(r"\{\w+\}", wording)]
    return re.fullmatch(".+".join(parts), said) is not None


def test_no_wording_comes_twice_while_another_of_its_kind_is_left() -> None:
    for seed in range(6):
        script = write_script(made(seed, months=12, places=5))
        for kind in (HINTS, ASKED, POSTS, OFFICES, OUTAGES, ROADS):
            told = [
                next((one for one in kind if _fits(one, said)), "")
                for said in script.events["Message"]
            ]
            times = [told.count(one) for one in kind]
            assert max(times) - min(times) <= 1, (seed, times)
        plain = script.events.filter(pl.col("Event Type") != "Contingency")["Message"]
        assert plain.is_unique().all(), seed


def test_all_wordings_can_be_said_and_none_says_whether_it_is_true() -> None:
    turn = Turn(datetime(2027, 5, 5, 9), "rise", "Niger", 450.0)
    teller = Teller(np.random.default_rng(2))
    every = [
        sentences
        for name, sentences in vars(messages).items()
        if name.isupper() and isinstance(sentences, tuple) and "{place}" in sentences[0]
    ]
    assert len(every) == 13
    for sentences in every:
        for said in {teller.say(sentences, turn) for _ in sentences}:
            assert "Niger" in said
            assert "{" not in said
            assert said[0].isupper()
            assert not re.search(r"[.!?] [a-z]", said), said
            assert not re.search(r"\b(truth|rumour|false)\b", said.lower()), said


def test_neither_size_nor_kind_tells_whether_a_report_is_true() -> None:
    sizes: dict[bool, list[float]] = {True: [], False: []}
    kinds: dict[bool, set[str]] = {True: set(), False: set()}
    for seed in range(30):
        for turn in write_script(made(seed)).turns:
            kinds[turn.happens].add(turn.looks)
            if turn.looks == "rise":
                sizes[turn.happens].append(turn.size)
    assert kinds[True] == kinds[False] == {"rise", "outage", "displacement"}
    # Whoever takes the larger half for true is right no more often than by chance, or hardly.
    middle = np.median(sizes[True] + sizes[False])
    right = np.mean([size > middle for size in sizes[True]])
    assert 0.35 < right < 0.65


def test_the_way_in_which_a_report_comes_does_not_tell_whether_it_is_true() -> None:
    modes: dict[bool, list[str]] = {True: [], False: []}
    for seed in range(30):
        events = write_script(made(seed)).events
        first = events.filter(
            pl.col("Event Type") == "Inject",
            pl.col("Expected Participant Response").str.starts_with("Check"),
        )
        for mode, note in first.select("Inject Mode", "Notes").iter_rows():
            modes["false report" not in note].append(mode)
    shares = {true: some.count("Social media") / len(some) for true, some in modes.items()}
    assert 0.3 < shares[True] < 0.7
    assert 0.3 < shares[False] < 0.7


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_from_an_island_nobody_comes_by_road(seed: int) -> None:
    future = made(seed)
    ashore = write_script(future, injects=40).events
    apart = write_script(replace(future, islands=frozenset(future.territories)), injects=40).events
    seen = pl.col("To") == "Border and customs cell"
    for events, sender in ((ashore, "Border posts"), (apart, "Harbour offices")):
        assert set(events.filter(seen)["From"]) <= {sender}
    told = " ".join(apart.filter(seen)["Message"])
    assert not re.search(r"lorr|road|herder|bus\b|crossing|border", told, re.IGNORECASE)
    # Where a territory lies moves nothing else.
    assert ashore.filter(~seen).equals(apart.filter(~seen))
