"""Cases: weak words are left out, partners and other classes inform, a prior is no belief."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.assess.technology import cases
from tocsin.assess.technology.cases import (
    AKIN,
    MOST,
    NOBODY,
    Case,
    akin,
    find_convincing,
)
from tocsin.assess.technology.mentions import statements
from tocsin.assess.technology.possession import Mentions, fit
from tocsin.assess.technology.prior import Prior
from tocsin.assess.technology.tags import BELIEVED
from tocsin.schema import TABLES, empty

from .test_adoption import told

CHANCE = st.floats(0.01, 0.99)


@given(CHANCE, st.lists(st.tuples(CHANCE, CHANCE), max_size=4))
def test_what_others_have_moves_by_a_factor_at_most(
    have: float, others: list[tuple[float, float]]
) -> None:
    moved = akin(have, others)
    odds = moved / (1 - moved) / (have / (1 - have))
    assert 1 / 3 - 1e-6 <= odds <= 3 + 1e-6
    same = akin(have, [(before, before) for before, _ in others])
    assert abs(same - have) < 1e-9


def test_weak_words_are_left_out_as_from_tags(seen: dict[str, pl.DataFrame]) -> None:
    reports = seen["reports"].filter(pl.col("headline").str.contains("(?i)bombing")).head(60)
    links = reports.select("report_id", pl.col("report_id").alias("incident_id"))
    events = reports.rename({"report_id": "incident_id"})
    said = statements(reports, links)
    kept = find_convincing(events, said)
    weak = said.filter(pl.col("is_class") < BELIEVED)
    assert weak.height > 0
    strong = said.filter(pl.col("is_class") >= BELIEVED)
    pairs = ["incident_id", "technology"]
    assert kept.join(strong, on=pairs, how="anti").is_empty()


def test_a_prior_alone_is_no_belief() -> None:
    assert MOST < 0.5
    found = told(*["Shells fall on the town"] * 10)
    assert (found["adoption"]["confidence"] < 0.5).all()
    assert not found["adoption_draws"]["singled"].any()


@pytest.mark.slow
def test_a_class_that_nobody_is_singled_out_for_has_no_adopters() -> None:
    """A state that cuts the internet spreads nothing among the groups that it fights."""
    found = told(*["Internet shutdown in the hills"] * 4, deaths=(0, 0))
    assert set(found["adoption"]["technology"]) == {"cyber"}
    assert (found["adoption"]["confidence"] <= NOBODY + 1e-9).all()
    assert found["adoption_draws"]["onset"].is_not_null().mean() < 0.3


@pytest.mark.slow
def test_no_prior_is_learned_from_a_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clan of which somebody laid bombs says nothing of how many organisations have them."""
    learned: list[int] = []

    def counted(mentions: list[Mentions], *more: Any) -> Prior:
        learned.append(len(mentions))
        return fit(mentions, *more)

    monkeypatch.setattr(cases, "fit", counted)
    found = told(*["Roadside bomb kills two"] * 3, a="River clan")["adoption"]
    kinds = dict(found.select("actor", "kind").iter_rows())
    assert kinds == {"River clan": "community", "Hill Group": "organisation"}
    assert learned == [1]
    told(*["Roadside bomb kills two"] * 3, a="River Group")
    assert learned == [1, 2]


def test_nothing_told_gives_no_case() -> None:
    none = find_convincing(empty(TABLES["incidents"]), empty(TABLES["technology_statements"]))
    assert none.is_empty()


def test_what_others_have_moves_by_their_means() -> None:
    assert akin(0.2, []) == 0.2
    odds = 0.25 * (1 + 2 * 0.7) / (1 + 2 * 0.2)
    assert akin(0.2, [(0.3, 0.9), (0.1, 0.5)]) == pytest.approx(odds / (1 + odds), abs=1e-12)
    assert AKIN == 3


STATEMENT: dict[str, Any] = {
    "incident_id": "i", "report_id": "r", "field": "headline", "part": 0, "said": "attack",
    "technology": "uncrewed-aircraft", "is_class": 0.9, "use": 0.8, "this_event": 0.5,
    "by": "nobody", "against": "nobody", "user_a": 0.5, "user_b": 0.4, "user_third": 0.1,
    "evidence": "drone",
}  # fmt: skip


def convincing(*rows: dict[str, Any]) -> pl.DataFrame:
    said = pl.DataFrame(
        [STATEMENT | row for row in rows], schema=empty(TABLES["technology_statements"]).schema
    )
    event = {
        "gwno": 652, "territory": "Syria", "event_type": "state-based",
        "date_start": date(2020, 1, 1), "actor_a": "Government of Syria", "actor_b": "IS",
    }  # fmt: skip
    events = pl.DataFrame(
        [event | {"incident_id": name} for name in ("i", "j")],
        schema=empty(TABLES["incidents"]).schema,
    )
    return find_convincing(events, said)


def test_a_class_is_there_as_surely_as_words_and_event_are() -> None:
    (row,) = convincing({}).to_dicts()
    assert (row["use"], row["there"]) == (pytest.approx(0.4), pytest.approx(0.4))
    (row,) = convincing({"said": "seized"}).to_dicts()
    assert (row["use"], row["there"]) == (pytest.approx(0.4), pytest.approx(0.45))
    assert (row["is_named"], row["is_against"]) == (False, False)
    assert row["role_a"] > 0
    assert row["date_start"] == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ({"is_class": 0.5}, True), ({"is_class": 0.49}, False), ({"use": 0.1}, True),
        ({"use": 0.099}, False), ({"use": 0.01, "said": "lost"}, True),
    ],
)  # fmt: skip
def test_words_of_a_half_that_are_a_twentieth_there_are_kept(
    told: dict[str, Any], kept: bool
) -> None:
    assert convincing(told).height == kept


@pytest.mark.parametrize(
    ("party", "named", "armed"),
    [("nobody", False, False), ("civilians", True, False), ("organisation", True, True)],
)
def test_who_is_named_and_against_whom(party: str, named: bool, armed: bool) -> None:
    (row,) = convincing({"by": party, "against": party}).to_dicts()
    assert (row["is_named"], row["is_against"]) == (named, armed)


def test_of_reports_that_repeat_each_other_the_most_convincing_counts() -> None:
    weak, strong = {"report_id": "a", "use": 0.6}, {"report_id": "z", "use": 0.9}
    named = {"report_id": "y", "use": 0.6, "by": "organisation", "by_name": "IS"}
    sure = strong | {"this_event": 1.0}
    plainly = {"report_id": "x", "use": 0.9, "by": "organisation", "this_event": 0.6}
    later = {"report_id": "a", "field": "notes", "use": 0.6, "part": 0}
    second = {"report_id": "a", "part": 1, "use": 0.6}
    for rows, chosen in (
        ((weak, strong, named), ("z", "headline", 0)),
        ((weak, named), ("y", "headline", 0)),
        ((later, second, weak), ("a", "headline", 0)),
        ((later, second), ("a", "headline", 1)),
        # What names the user tells more than what is more surely there, if it is likely at all.
        ((sure, strong | {"this_event": 0.9}, plainly), ("x", "headline", 0)),
        ((sure, plainly | {"this_event": 0.5}), ("z", "headline", 0)),
    ):
        for order in (rows, rows[::-1]):
            (row,) = convincing(*order).to_dicts()
            assert (row["report_id"], row["field"], row["part"]) == chosen
    found = convincing(weak, weak | {"incident_id": "j"}, weak | {"technology": "cyber"})
    assert found.select("incident_id", "technology").rows() == [
        ("i", "cyber"), ("i", "uncrewed-aircraft"), ("j", "uncrewed-aircraft"),
    ]  # fmt: skip


def rows_of(*rows: dict[str, Any]) -> pl.DataFrame:
    """Mentions as `candidates.users` gives them: a day apart, of 'Hill', sure and its own."""
    base = {
        "actor_id": "hill", "actor": "Hill", "technology": "cyber", "there": 0.9, "use": 0.8,
        "odds": 20.0, "evident": True, "attributed": 1.0, "is_named": True, "user_third": 0.0,
        "singles": True, "suspected": False,
    }  # fmt: skip
    return pl.DataFrame(
        [
            base | {"incident_id": f"i-{at}", "date_start": date(2020, 1, 1 + at)} | row
            for at, row in enumerate(rows)
        ],
        schema_overrides={"technology": pl.String},
    )


def fought(*who: tuple[str, int]) -> pl.DataFrame:
    """Incidents of organisations in states, a day apart."""
    return pl.DataFrame(
        [(f"i-{at}", name, date(2020, 1, 1 + at), gwno) for at, (name, gwno) in enumerate(who)],
        schema=["incident_id", "actor_id", "date_start", "gwno"],
        orient="row",
    )


def said_of(actor: str, *rows: tuple[int, float], technology: str = "cyber") -> pl.DataFrame:
    return pl.DataFrame(
        [(actor, actor, technology, date(2020, 1, day), log) for day, log in rows],
        schema={"actor_id": pl.String, "actor": pl.String, "technology": pl.String,
                "on_date": pl.Date, "log": pl.Float64},
        orient="row",
    )  # fmt: skip


def by_actor(*args: Any, **more: Any) -> dict[tuple[str, str], Case]:
    return {(one.actor_id, one.technology): one for one in cases.cases(*args, **more)}


def test_a_case_counts_incidents_from_each_day_on_and_what_is_said_by_then(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[Mentions] = []

    def kept(mentions: list[Mentions], *more: Any) -> Prior:
        read.extend(mentions)
        return fit(mentions, *more)

    monkeypatch.setattr(cases, "fit", kept)
    rows = rows_of(
        {}, {"user_third": 0.6}, {"user_third": 0.5},
        {"is_named": False, "user_third": 0.9, "date_start": date(2020, 1, 2)},
    )  # fmt: skip
    own = fought(*[("hill", 652)] * 5)
    own = pl.concat([own, own.tail(1)])
    (case,) = cases.cases(rows, own, said=said_of("hill", (2, 1.0), (6, -0.5)))
    (of,) = read
    assert case.days.to_list() == [date(2020, 1, day) for day in (1, 2, 3, 6)]
    assert of.incidents == 6
    assert of.since.tolist() == [6, 5, 4, 0]
    assert of.said.tolist() == [0.5, 0.5, -0.5, -0.5]
    assert of.day.tolist() == [0, 1, 2, 1]
    assert of.third.tolist() == [False, True, False, False]
    assert case.own == 4
    assert case.is_singled


def test_who_is_singled_out_by_nobody_has_it_by_a_word_from_here_only() -> None:
    rows, own = rows_of({"singles": False}), fought(("hill", 652))
    for log, singled in ((1.0, True), (0.0, False), (-1.0, False)):
        (case,) = cases.cases(rows, own, said=said_of("hill", (1, log)))
        assert (case.own, case.is_singled) == (0, singled)


def test_the_share_of_incidents_that_tell_of_a_class_is_that_of_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told_of: list[tuple[Any, Any]] = []

    def kept(mentions: list[Mentions], regions: Any, share: float, seed: Any) -> Prior:
        told_of.append((regions, share))
        return fit(mentions, regions, share, seed)

    monkeypatch.setattr(cases, "fit", kept)
    rows = rows_of({}, {}, {"actor_id": "lake", "incident_id": "i-1"})
    own = fought(*[("hill", 652)] * 3, *[("lake", 645)] * 2, *[("hill", 660)] * 3)
    by_actor(rows, own)
    assert told_of == [([652, 645], 2 / 8)]
    cases.cases(rows.head(1), own.head(0))
    assert told_of[1] == ([None], 1.0)


def test_what_is_held_before_is_never_more_than_its_bound() -> None:
    """Of a class that nobody is singled out for a tenth, else four tenths."""
    own = fought(*[("hill", 652)] * 31)
    vague = [{"odds": 1.0, "evident": False, "is_named": False, "singles": False}] * 3
    bare = by_actor(rows_of(*vague), own)["hill", "cyber"]
    assert bare.held.possession <= NOBODY + 1e-9
    other = rows_of(*vague, {"actor_id": "lake"})
    known = by_actor(other, own)["hill", "cyber"]
    assert NOBODY < known.held.possession <= MOST
    heard = by_actor(rows_of(*vague), own, said=said_of("lake", (1, 2.0)))["hill", "cyber"]
    assert NOBODY < heard.held.possession <= MOST


def test_partners_and_other_classes_inform_and_strangers_do_not() -> None:
    vague = {"odds": 1.0, "is_named": False, "singles": False}
    rows = rows_of(*[{"actor_id": "lake"}] * 4, vague, {"actor_id": "sea"} | vague)
    own = fought(*[("lake", 652)] * 4, ("hill", 652), ("sea", 652), *[("none", 652)] * 20)
    plain = by_actor(rows, own)
    tied = by_actor(rows, own, ties={"hill": {"lake", "gone"}, "sea": {"none"}})
    assert tied["hill", "cyber"].held.possession > plain["hill", "cyber"].held.possession
    # Of whom no words speak is held what silence says.
    assert tied["sea", "cyber"].held.possession < plain["sea", "cyber"].held.possession
    assert tied["lake", "cyber"].held.possession == plain["lake", "cyber"].held.possession
    more = rows.with_columns(technology=pl.lit("mines"))
    mines = more.filter(pl.col("actor_id") != "hill")
    both = by_actor(
        pl.concat(
            [rows, mines, more.filter(actor_id="lake").with_columns(actor_id=pl.lit("hill"))]
        ),
        own,
    )
    assert both["hill", "cyber"].held.possession > plain["hill", "cyber"].held.possession
    assert list(both) == sorted(both, key=lambda one: one[::-1])
    assert np.isfinite([one.held.possession for one in both.values()]).all()
