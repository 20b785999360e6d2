"""Who is named as the user in an incident of two others was there by the words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import polars as pl
import pytest

from tocsin.assess.incidents import incidents
from tocsin.assess.technology.adoption import ledger
from tocsin.assess.technology.candidates import SIDE, third_sides, users
from tocsin.assess.technology.decisions import decision
from tocsin.assess.technology.mentions import statements
from tocsin.assess.technology.reasons import words as words_of
from tocsin.schema import TABLES, empty
from tocsin.schema.tables.assessed.adoption import BELIEVED
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

from .test_adoption import confidence, told

SIDES = pl.DataFrame(
    [
        ("i-1", "state-based", "b", "1", "Hill Group", False),
        ("i-2", "state-based", "b", "2", "River Group", False),
        ("i-3", "state-based", "a", "9", "Government of Hills", True),
        ("i-4", "state-based", "b", "3", "Twins", False),
        ("i-5", "state-based", "b", "4", "Twins", False),
    ],
    schema=["incident_id", "event_type", "side", "actor_id", "actor", "government"],
    orient="row",
).with_columns(
    pl.lit(1.0).alias("share"),
    pl.lit(None, pl.String).alias("coalition"),
    pl.lit(1.0).alias("sure"),
)


def named(incident: str, name: str | None, by: str = "organisation", gwno: int = 1) -> pl.DataFrame:
    return pl.DataFrame(
        [(incident, gwno, "state-based", by, name)],
        schema={"incident_id": pl.String, "gwno": pl.Int64, "event_type": pl.String,
                "by": pl.String, "by_name": pl.String},
        orient="row",
    )  # fmt: skip


PLACES = SIDES.select("incident_id", pl.lit(1, pl.Int64).alias("gwno"))


def test_a_named_organisation_joins_the_incident_once() -> None:
    found = third_sides(pl.concat([named("i-1", "River Group")] * 2), SIDES, PLACES)
    assert found.columns == SIDES.columns
    assert found.rows(named=True) == [
        {
            "incident_id": "i-1", "event_type": "state-based", "side": SIDE, "actor_id": "2",
            "actor": "River Group", "government": False, "share": 1.0, "coalition": None,
            "sure": 1.0,
        }
    ]  # fmt: skip


@pytest.mark.parametrize(
    "mention",
    [
        named("i-1", "Hill Group"),  # it is a side
        named("i-1", "Sea Group"),  # nobody knows it
        named("i-1", "Twins"),  # two have the name
        named("i-1", "Government of Hills"),  # a state
        named("i-1", "River Group", by="described"),
        named("i-9", "River Group", gwno=2),  # known elsewhere only
    ],
)
def test_who_is_a_side_or_not_known_does_not(mention: pl.DataFrame) -> None:
    assert third_sides(mention, SIDES, PLACES).is_empty()


@pytest.mark.slow
def test_a_third_party_that_words_name_has_the_class_and_the_sides_have_not() -> None:
    words = ["Clash in the hills", "Hezbollah drone hits a village"] * 4
    known = told(*words, a="Government of Syria")["adoption"]
    assert "Hezbollah" not in known["actor"].to_list()  # no side of any incident has the name
    sides = ("Hezbollah", "Government of Syria")
    held = dict(told(*words, a=sides)["adoption"].select("actor", "confidence").iter_rows())
    assert held["Hezbollah"] > 0.5 > held.get("Hill Group", 0.0)
    not_it = [
        decision(
            ("Hezbollah",) * 2, "did not use", "uncrewed-aircraft", incident_id=f"r-{n}",
            weight=0.99, source="desk", reason="made", at=datetime(2026, 1, 2),
        )
        for n in (1, 3, 5, 7)
    ]  # fmt: skip
    moved = told(*words, a=sides, decisions=pl.concat(not_it))["adoption"]
    assert moved.filter(actor="Hezbollah")["confidence"].max() < held["Hezbollah"] - 0.2  # type: ignore[operator]


LANDMINES = ["Landmine kills three near the town", "Mine explosion kills four", "Landmine blast"]


@pytest.mark.slow
def test_what_nobody_can_tell_the_user_of_speaks_for_no_one() -> None:
    """Of 'landmine kills three' readers mostly say that nobody can tell whose it was."""
    few = told("Landmine kills two soldiers", *LANDMINES, deaths=(0, 0))["adoption"]
    many = told("Landmine kills two soldiers", *LANDMINES * 6, deaths=(0, 0))["adoption"]
    assert few["confidence"].max() < 0.5  # type: ignore[operator]
    assert many["confidence"].max() < 0.5  # type: ignore[operator]
    three = told("Landmine kills three", *LANDMINES, deaths=(0, 0))["adoption"]
    assert three["n_own"].to_list() == [0]


@pytest.mark.slow
def test_a_belief_rests_on_a_report_that_can_be_read_as_its_own_use() -> None:
    struck = ["Soldiers killed by a roadside bomb in Hill Town"]
    own = ["Hill Group detonates a roadside bomb"]
    for headlines, number in (([], 0), (struck, 1), (own, 1), (own * 3, 3)):
        found = told(*headlines, *LANDMINES, deaths=(0, 0))["adoption"].row(0, named=True)
        assert found["n_own"] == number
        assert (found["confidence"] >= 0.5) <= (found["n_own"] > 0)
    assert confidence(told(*own, *LANDMINES, deaths=(0, 0))) > 0.5


def test_how_often_the_user_can_be_told_draws_the_odds_towards_one() -> None:
    sides = SIDES.head(1)
    row = {
        "incident_id": "i-1", "report_id": "r", "technology": "improvised-explosives",
        "event_type": "state-based", "by": "nobody", "by_name": None, "is_named": False,
        "user_a": 0.1, "user_b": 0.9, "user_third": 0.0, "there": 0.9, "use": 0.9,
        "role_a": 0.1, "role_b": 9.0, "date_start": None, "actor_b": "Hill Group", "target": None,
    }  # fmt: skip
    none = {f"tellable {name}": 0.0 for name in ("named", "against", "facts")} | {
        f"tellable role {name}": 0.0 for name in TECHNOLOGIES
    }
    every = dict.fromkeys(none, 1.0)
    texts = {"by_name": pl.String}
    mention = pl.DataFrame([row | {"is_against": True}], schema_overrides=texts)
    odds = [
        users(mention, sides, None, empty(TABLES["actors"]), weights)["odds"][0]
        for weights in (none, None, every)
    ]
    assert odds[0] == pytest.approx(1.0)
    assert 1.0 < odds[1] < odds[2] == pytest.approx(9.0)
    of_role = pl.DataFrame([row | {"is_against": False}], schema_overrides=texts)
    of_role = users(of_role, sides, None, empty(TABLES["actors"]))
    assert 1.0 < of_role["odds"][0] < odds[1]
    assert not of_role["singles"][0]


EVERY = {f"tellable {name}": 1.0 for name in ("named", "against", "facts")} | {
    f"tellable role {name}": 1.0 for name in TECHNOLOGIES
}
"""The user of every mention can be told."""


def judged(
    sides: pl.DataFrame | None = None,
    attributions: pl.DataFrame | None = None,
    weights: dict[str, float] | None = None,
    **more: Any,
) -> list[dict[str, Any]]:
    """What is held of each that may have used drones in the incident i-1, in their order.

    By default side b is Hill Group, and is named by words that leave it the likely user.
    """
    row = {
        "incident_id": "i-1", "technology": "uncrewed-aircraft", "event_type": "state-based",
        "by": "described", "by_name": None, "is_named": True, "is_against": False, "user_a": 0.1,
        "user_b": 0.8, "user_third": 0.1, "there": 0.9, "use": 0.9, "role_a": 4.0, "role_b": 0.2,
        "date_start": date(2020, 1, 1), "actor_b": "Hill Group", "target": None,
    }  # fmt: skip
    mention = pl.DataFrame([row | more], schema_overrides={"by_name": pl.String})
    told_by = EVERY if weights is None else weights
    some = SIDES.head(1) if sides is None else sides
    actors = pl.DataFrame(
        [{"actor_id": "9", "name": "X", "kind": "state"}], schema=empty(TABLES["actors"]).schema
    )
    return users(mention, some, attributions, actors, told_by).to_dicts()


def side(name: str, **more: Any) -> pl.DataFrame:
    """One more side of the incident i-1, an organisation that is surely there."""
    return SIDES.head(1).with_columns(
        actor=pl.lit(name), actor_id=pl.lit(name), **{key: pl.lit(one) for key, one in more.items()}
    )


@pytest.mark.parametrize(
    ("more", "odds"),
    [
        # Four to one, beside odds of its role of one to five.
        ({}, 4 / 0.2),
        # Of who is the usual user no more than the words' own odds count.
        ({"role_b": 3.0}, 4.0), ({"role_b": 1.0}, 4.0), ({"user_b": 0.5, "role_b": 0.5}, 2.0),
        ({"user_b": 1.0, "role_b": 1.0}, 1e6), ({"user_b": 0.0}, 1e-6), ({"role_b": 0.0}, 4e6),
    ],
)  # fmt: skip
def test_odds_are_those_of_words_beside_a_role_that_seldom_is_the_user(
    more: dict[str, Any], odds: float
) -> None:
    (found,) = judged(**more)
    assert found["odds"] == pytest.approx(odds)


@pytest.mark.parametrize(
    ("more", "evident", "singles"),
    [
        ({}, True, True),
        # Half a use by this side is enough, and less is not.
        ({"there": 0.625}, True, True), ({"there": 0.62}, True, False),
        ({"user_b": 0.56}, True, True), ({"user_b": 0.55}, True, False),
        # Words and deaths count where they lift the odds of the role by a twentieth.
        ({"role_b": 4 / 1.051}, False, True), ({"role_b": 4 / 1.049}, False, False),
        ({"role_b": 4 / 1.06}, True, True), ({"role_b": 8.0}, True, False),
        # Who is far away is singled out by words only.
        ({"technology": "cyber", "is_named": False}, True, False),
        ({"technology": "cyber"}, True, True), ({"is_named": False}, True, True),
    ],
)  # fmt: skip
def test_who_is_singled_out(more: dict[str, Any], evident: bool, singles: bool) -> None:
    (found,) = judged(**more)
    assert (found["evident"], found["singles"]) == (evident, singles)


def test_how_often_a_user_can_be_told_depends_on_what_tells_of_it() -> None:
    shares = {"tellable named": 0.9, "tellable against": 0.8, "tellable facts": 0.7}
    weights = shares | {f"tellable role {name}": 0.6 for name in TECHNOLOGIES}
    plain = {"is_named": False, "role_b": 4.0}
    for more, share in (
        ({"role_b": 4.0}, 0.9), (plain | {"is_against": True}, 0.8), (plain, 0.6),
        ({"is_named": False, "role_b": 1.0}, 0.7),
    ):  # fmt: skip
        (found,) = judged(weights=weights, **more)
        rest = (1 - share) / 2
        assert found["odds"] == pytest.approx((share * 0.8 + rest) / (share * 0.2 + rest))


@pytest.mark.parametrize(
    ("sure", "singles", "suspected"), [(1.0, True, False), (0.5, True, True), (0.49, False, True)]
)
def test_a_suspect_is_singled_out_where_it_is_the_side_more_probably_than_not(
    sure: float, singles: bool, suspected: bool
) -> None:
    (found,) = judged(side("Hill Group", sure=sure))
    assert (found["singles"], found["suspected"]) == (singles, suspected)
    assert found["attributed"] == sure


def test_the_perpetrator_of_one_sided_violence_is_singled_out_and_no_other_side() -> None:
    of_role = {"event_type": "one-sided", "is_named": False, "user_a": 0.8, "role_a": 4.0,
               "role_b": 4.0}  # fmt: skip
    both = pl.concat([side("A", side="a"), side("B", side="b")])
    assert [one["singles"] for one in judged(both, **of_role)] == [True, False]
    fight = of_role | {"event_type": "state-based"}
    assert [one["singles"] for one in judged(both, **fight)] == [False, False]


@pytest.mark.parametrize(
    ("more", "author"),
    [
        ({}, True), ({"target": "government"}, True), ({"target": "civilians"}, False),
        ({"actor_b": "X"}, False), ({"event_type": "state-based"}, False),
        ({"target": None}, False),
        ({"target": "civilians", "technology": "improvised-explosives"}, True),
        ({"target": "armed group", "technology": "improvised-explosives"}, False),
        ({"target": None, "technology": "improvised-explosives"}, False),
    ],
)  # fmt: skip
def test_the_author_of_a_log_is_singled_out_where_others_were_harmed(
    more: dict[str, Any], author: bool
) -> None:
    lone = {"event_type": "other", "actor_b": None, "target": "security forces", "user_a": 0.8,
            "role_a": 4.0, "role_b": 4.0, "is_named": False}  # fmt: skip
    first, second = judged(pl.concat([side("A", side="a"), side("B", side="b")]), **(lone | more))
    assert (first["singles"], first["evident"]) == (author, author)
    assert (second["singles"], second["evident"]) == (False, False)


def test_a_third_party_has_no_role_and_is_that_of_its_own_mention() -> None:
    third = pl.concat([SIDES.head(1), side("Sea Group", side=SIDE)])
    named = {"by": "organisation", "by_name": "Sea Group", "user_third": 0.75}
    hill, sea = judged(third, **named)
    assert (hill["user_third"], sea["user_third"]) == (0.75, 0.0)
    assert sea["odds"] == pytest.approx(3.0)
    assert sea["singles"]
    # Of a mention that names another it is no party.
    assert [one["actor"] for one in judged(third, **(named | {"by_name": "Lake Group"}))] == [
        "Hill Group"
    ]
    assert [one["actor"] for one in judged(third, by="other-state", by_name="Sea Group")] == [
        "Hill Group"
    ]


def test_the_member_of_a_joint_side_that_words_name_is_the_whole_side() -> None:
    joint = pl.concat([side("A Group", share=0.25), side("B Group", share=0.75)])
    shared = judged(joint)
    assert [(one["attributed"], one["singles"]) for one in shared] == [(0.25, False), (0.75, False)]
    (one,) = judged(joint, by="organisation", by_name="A GROUP")
    assert (one["actor"], one["attributed"], one["singles"]) == ("A Group", 1.0, True)
    (doubted,) = judged(joint.with_columns(sure=pl.lit(0.6)), by="organisation", by_name="B Group")
    assert doubted["attributed"] == pytest.approx(0.6)
    assert len(judged(joint, by="organisation", by_name="C Group")) == 2
    assert len(judged(joint, by="described", by_name="A Group")) == 2


def open_side(*who: tuple[str, float], why: str = "missing", of: str = "b") -> pl.DataFrame:
    """What attribution says of a side of the incident i-1, by `coalitions.divide`."""
    return pl.DataFrame(
        [("i-1", of, why, "actor", name, name, None, p, 1.0) for name, p in who],
        schema={"incident_id": pl.String, "side": pl.String, "why": pl.String, "answer": pl.String,
                "actor_id": pl.String, "actor": pl.String, "coalition": pl.String,
                "probability": pl.Float64, "share": pl.Float64},
        orient="row",
    )  # fmt: skip


def test_candidates_of_an_open_side_count_as_they_are_probable_and_states_are_none() -> None:
    open_ones = open_side(
        ("Sea", 0.5), ("Lake", 0.3), ("9", 0.1), ("Government of Chad", 0.1), ("Lake", 0.1)
    )
    none = SIDES.head(0)
    lake, sea = judged(none, open_ones)
    assert [one["actor"] for one in (lake, sea)] == ["Lake", "Sea"]
    # One that is a candidate twice, by itself and in a joint side, is one.
    assert (lake["attributed"], sea["attributed"]) == (pytest.approx(0.4), 0.5)
    for one in (lake, sea):
        assert (one["odds"], one["evident"], one["singles"]) == (1.0, False, False)
        assert not one["suspected"]
    city = judged(none, open_ones.with_columns(answer=pl.lit("nobody known")))
    assert city == []
    (sure,) = judged(none, open_side(("Sea", 0.7), ("Sea", 0.6)))
    assert sure["attributed"] == 1.0


def test_a_suspect_of_attribution_is_a_named_side_and_the_others_are_candidates() -> None:
    hill, sea = judged(
        SIDES.head(1).with_columns(actor_id=pl.lit("Hill Group")),
        open_side(("Hill Group", 0.6), ("Sea", 0.3), why="suspected"),
    )
    assert (hill["actor"], hill["attributed"], hill["suspected"]) == ("Hill Group", 0.6, True)
    assert (hill["odds"], hill["singles"]) == (pytest.approx(20.0), True)
    assert (sea["actor"], sea["attributed"], sea["odds"]) == ("Sea", 0.3, 1.0)
    # That the other side of the incident is suspected leaves this one as it is.
    sides = pl.concat([SIDES.head(1), side("Lake", side="a")])
    found = {
        one["actor"]: one
        for one in judged(sides, open_side(("Lake", 0.6), why="suspected", of="a"))
    }
    assert (found["Hill Group"]["suspected"], found["Lake"]["suspected"]) == (False, True)
    assert found["Hill Group"]["attributed"] == 1.0


def test_states_use_nothing_here() -> None:
    assert judged(side("Army", government=True)) == []


def kept(
    words: str, target: str | None, *, b: str | None = None, kind: str = "other", n: int = 12,
    source: str = "our log",
) -> tuple[float, int]:  # fmt: skip
    """The confidence in Hill Group by n lines of a log that name it first, and `n_own`."""
    schema = empty(TABLES["reports"]).schema
    rows = [
        {
            "report_id": f"r-{i}", "native_id": str(i), "headline": words, "event_type": kind,
            "gwno": 541, "territory": "Mozambique", "actor_a": "Hill Group", "actor_b": b,
            "target": target, "date_start": date(2023, 1 + i % 12, 1), "source": source,
            "date_end": date(2023, 1 + i % 12, 1), "date_prec": 1, "place_prec": 6,
        }
        for i in range(n)
    ]  # fmt: skip
    reports = pl.DataFrame(rows, schema=schema)
    events, links = incidents(reports)
    found = ledger(events, statements(reports, links), empty(TABLES["actors"]))["adoption"]
    held = found.filter(actor="Hill Group")
    return max(held["confidence"], default=0.0), max(held["n_own"], default=0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("Engin explosif improvisé au passage d'une patrouille", "security forces"),
        ("IED explodes on the road", "civilians"),
        ("IED explodes on the road", "other"),
        ("Mortar shell hits the post", "security forces"),
        ("Drone drops grenade on the post", "government"),
    ],
)
def test_an_author_of_harm_to_others_is_the_user(words: str, target: str) -> None:
    confidence, own = kept(words, target)
    assert own == 12
    assert confidence >= 0.8


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "target"),
    [
        # The column may hold the one that was struck, and what the state flew is the state's.
        ("Drone strike on the camp", "armed group"),
        ("Mortar fire on the camp", "armed group"),
        ("IED explodes", "armed group"),
        ("Drone strike on the village", "civilians"),
        ("Mortar fire on the village", "civilians"),
        # Nothing says that the column holds an author.
        ("IED explodes on the road", None),
        # Words say whose it was.
        ("Army drone hits a camp of the insurgents", "security forces"),
        # Readers of words alone could seldom tell; a rumour is no use.
        ("Rumours of drones over the post", "security forces"),
    ],
)
def test_who_is_named_alone_is_not_always_the_user(words: str, target: str | None) -> None:
    confidence, own = kept(words, target)
    assert own == 0
    assert confidence < BELIEVED


@pytest.mark.slow
def test_a_second_side_or_a_kind_of_event_keeps_its_own_rule() -> None:
    mortar = "Mortar shell hits the post", "security forces"
    assert kept(*mortar)[1] == 12
    assert kept(*mortar, b="River Group")[1] == 0
    assert kept(*mortar, kind="state-based")[1] == 0


@pytest.mark.slow
def test_one_line_is_less_than_twelve() -> None:
    one, twelve = (kept("IED hits a patrol", "security forces", n=n)[0] for n in (1, 12))
    assert one < 0.8 < twelve


@pytest.mark.slow
def test_a_headline_of_an_article_may_tell_of_another_event() -> None:
    line = "IED hits a patrol", "security forces"
    assert kept(*line)[1] == 12
    assert kept(*line, source="UCDP GED 24.1")[1] == 0


def suspected(share: float, incidents_of: int, other: str | None = None) -> pl.DataFrame:
    """What attribution says where 'Hill Group?' stands on side b."""
    rest = {"evidence_only": 0.0, "claims_factor": 1.0, "reasons": "{}", "source": "made"}
    rows = [
        {"incident_id": f"r-{n}", "side": "b", "why": "suspected", "answer": "actor",
         "actor_id": who, "actor": who, "probability": p, **rest}
        for n in range(incidents_of)
        for who, p in (("Hill Group", share), (other, 1 - share))
        if who
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=empty(TABLES["attributions"]).schema)


@pytest.mark.slow
def test_a_suspect_has_the_class_as_surely_as_it_is_the_side() -> None:
    words = ["Hill Group drone hits an army post"] * 5
    sure = told(*words)["adoption"].row(0, named=True)
    maybe = told(*words, open_ones=suspected(0.6, 5, "River Group"))
    row = maybe["adoption"].filter(actor="Hill Group").row(0, named=True)
    # Less than 0.6 of it: if another was the side, it may have used the class as well.
    assert 0.3 * sure["expected"] < row["expected"] < 0.6 * sure["expected"]
    # It is named, and can be read as its own: it is no candidate of an open side among others.
    assert (row["n_named"], row["n_own"]) == (5, 5)
    assert row["confidence"] > BELIEVED
    other = maybe["adoption"].filter(actor="River Group").row(0, named=True)
    assert other["confidence"] < row["confidence"]
    assert (other["n_own"], other["expected"] < row["expected"]) == (0, True)
    why = words_of(maybe["adoption_reasons"].filter(actor="Hill Group"))
    assert "where it is only suspected (0.60)" in why[0]
    hardly = told(*words, open_ones=suspected(0.3, 5))["adoption"].row(0, named=True)
    assert (hardly["n_own"], hardly["confidence"] < row["confidence"]) == (0, True)


@pytest.mark.slow
def test_one_member_of_a_suspected_joint_side_is_no_surer_than_the_suspicion() -> None:
    words = ["Hill Group drone hits an army post", "Clash in the hills"] * 2
    known = ("Hill Group", "River Group")
    joint = suspected(0.6, 4).with_columns(
        actor_id=pl.lit("Hill Group, River Group"), actor=pl.lit("Hill Group, River Group")
    )
    held = [
        told(*words, b="Hill Group, River Group", known=known, open_ones=open_ones)["adoption"]
        .filter(actor="Hill Group")
        .row(0, named=True)
        for open_ones in (None, joint)
    ]
    assert held[1]["expected"] < 0.6 * held[0]["expected"]
    assert held[1]["confidence"] < held[0]["confidence"]
    assert (held[0]["n_own"], held[1]["n_own"]) == (2, 2)


def doubted(side: str, actor: str, sure: float, incidents_of: int) -> pl.DataFrame:
    """What `Suspects.weigh` says where one side of each incident is only suspected."""
    return pl.DataFrame(
        [(f"r-{n}", side, actor, actor, sure) for n in range(incidents_of)],
        schema=["incident_id", "side", "actor_id", "actor", "sure"],
        orient="row",
    )


@pytest.mark.slow
def test_the_suspect_that_attribution_does_not_ask_for_is_doubted_too() -> None:
    """'Hill Group?' fights 'River Group?': one side of the two is asked for, here that of River."""
    words = ["Hill Group drone hits a River Group post"] * 5
    asked = suspected(0.7, 5).with_columns(
        side=pl.lit("a"), actor_id=pl.lit("River Group"), actor=pl.lit("River Group")
    )
    of = {"a": "River Group", "open_ones": asked}
    sure = told(*words, **of)["adoption"].filter(actor="Hill Group").row(0, named=True)
    both = told(*words, **of, doubtful=doubted("b", "Hill Group", 0.6, 5))
    row = both["adoption"].filter(actor="Hill Group").row(0, named=True)
    assert row["expected"] < 0.62 * sure["expected"]
    assert row["confidence"] < sure["confidence"]
    why = words_of(both["adoption_reasons"].filter(actor="Hill Group"))
    assert "where it is only suspected (0.60)" in why[0]


@pytest.mark.slow
def test_a_state_that_is_only_suspected_used_as_much_as_it_was_the_side() -> None:
    words = ["Army drone strikes a Hill Group post"] * 6
    state = "Government of Syria"
    sure, maybe, hardly = (
        told(*words, doubtful=None if p == 1 else doubted("a", state, p, 6))["state_uses"]
        for p in (1, 0.7, 0.3)
    )
    assert maybe["expected"].item() == pytest.approx(0.7 * sure["expected"].item())
    # A row is read as an accusation: a state that hardly was the side has none.
    assert hardly.is_empty()


@pytest.mark.slow
def test_an_organisation_is_not_large_by_what_it_hardly_did() -> None:
    """Of large organisations more is believed beforehand; incidents that are hardly its own make
    none of it."""
    words = ["Hill Group drone hits an army post", *["Clash in the hills"] * 30]
    hardly = doubted("b", "Hill Group", 0.3, 31).filter(pl.col("incident_id") != "r-0")
    likely = hardly.with_columns(sure=pl.lit(0.7))
    plain, less, same = (confidence(told(*words, doubtful=one)) for one in (None, hardly, likely))
    assert less < plain
    assert same == plain
