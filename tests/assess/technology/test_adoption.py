"""The ledger carries doubt of tags, users and perpetrators, and counts no state and no civilian."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.assess.incidents import incidents
from tocsin.assess.technology.adoption import (
    CEILING,
    ENOUGH,
    KEPT_DRAWS,
    _fought,
    _homes,
    _one_name_a_body,
    _rows_of,
    _state_uses,
    ledger,
)
from tocsin.assess.technology.cases import Case
from tocsin.assess.technology.mentions import statements
from tocsin.assess.technology.possession import SHARES, Posterior
from tocsin.schema import TABLES, empty
from tocsin.schema.tables.assessed.adoption import BELIEVED

Tables = dict[str, pl.DataFrame]


@pytest.fixture(scope="module")
def found(seen: Tables) -> Tables:
    reports = seen["reports"].gather_every(6)
    events, links = incidents(reports)
    return ledger(events, statements(reports, links), seen["actors"])


@pytest.mark.slow
def test_the_ledger_of_the_example(found: Tables, seen: Tables) -> None:
    whole, quarters = found["adoption"], found["adoption_quarters"]
    states = set(seen["actors"].filter(pl.col("kind") == "state")["actor_id"])
    assert not states & set(whole["actor_id"])
    assert "Civilians" not in set(whole["actor"])
    kinds = dict(whole.select("actor", "kind").iter_rows())
    assert (kinds["IS"], kinds["Syrian insurgents"]) == ("organisation", "collective")
    informal = set(seen["actors"].filter(pl.col("kind") == "non-state informal")["name"])
    assert all(kinds[name] == "community" for name in informal & set(kinds))
    assert whole["confidence"].max() <= CEILING
    assert (whole["expected"] <= whole["n_incidents"]).all()
    assert (whole["n_named"] <= whole["n_incidents"]).all()
    assert quarters["expected"].sum() == pytest.approx(whole["expected"].sum())
    for frame in (whole, quarters):
        assert (frame["low"] <= frame["high"]).all()
    inside = (whole["low"] <= whole["expected"] + 1) & (whole["expected"] <= whole["high"] + 1)
    assert inside.mean() == 1.0


def test_the_first_use_is_a_distribution(found: Tables) -> None:
    whole = found["adoption"].filter(pl.col("confidence") >= BELIEVED)
    for early, late in (
        ("first_seen", "first_low"),
        ("first_low", "first_median"),
        ("first_median", "first_high"),
        ("first_high", "last_seen"),
    ):
        assert (whole[early] <= whole[late]).all()
    keys = ["actor_id", "technology", "gwno"]
    rising = found["adoption_onsets"].sort(*keys, "date").select(
        pl.col("probability").diff().over(keys).fill_null(0.0).min()
    )  # fmt: skip
    assert rising.item() >= 0
    assert found["adoption_onsets"].n_unique(keys) == found["adoption"].height


@pytest.mark.slow
def test_what_is_not_believed_has_no_date(found: Tables) -> None:
    whole = found["adoption"]
    for name in ("first_low", "first_median", "first_high"):
        assert whole[name].is_null().to_list() == (whole["confidence"] < BELIEVED).to_list()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("headline", "dated"),
    [("Hill Group drone hits an army post", True), ("A drone strike in the hills", False)],
)
def test_an_entry_says_since_when_only_if_it_is_believed(headline: str, dated: bool) -> None:
    [row] = told(*[headline] * 4)["adoption"].filter(pl.col("actor") == "Hill Group").to_dicts()
    assert (row["confidence"] >= BELIEVED) == dated
    assert (row["first_low"] is not None) == (row["first_high"] is not None) == dated


def told(
    *headlines: str,
    a: str | tuple[str, ...] = "Government of Syria",
    b: str = "Hill Group",
    decisions: pl.DataFrame | None = None,
    deaths: tuple[int, int] = (0, 2),
    known: tuple[str, ...] = (),
    open_ones: pl.DataFrame | None = None,
    doubtful: pl.DataFrame | None = None,
    places: tuple[tuple[int, str], ...] = ((652, "Syria"),),
) -> Tables:
    """The ledger of one headline an incident, a month apart; several sides a come in turn."""
    firsts = (a,) if isinstance(a, str) else a
    reports = pl.DataFrame(
        [
            {
                "report_id": f"r-{i}", "headline": text, "event_type": "one-sided"
                if b == "Civilians" else "state-based", "gwno": places[i % len(places)][0],
                "territory": places[i % len(places)][1],
                "actor_a": firsts[i % len(firsts)], "actor_b": b,
                "deaths_a": deaths[0], "deaths_b": deaths[1],
                "date_start": date(2020, 1 + i % 12, 1), "date_end": date(2020, 1 + i % 12, 1),
            }
            for i, text in enumerate(headlines)
        ],
        schema=empty(TABLES["reports"]).schema,
    )  # fmt: skip
    links = reports.select("report_id", pl.col("report_id").alias("incident_id"))
    schema = empty(TABLES["incidents"]).schema
    events = reports.rename({"report_id": "incident_id"}).select(
        pl.col(name) if name in reports.columns or name == "incident_id" else
        pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items()
    )  # fmt: skip
    said = statements(reports, links)
    actors = pl.DataFrame(
        [{"actor_id": name, "name": name, "kind": "non-state formal"} for name in known],
        schema=empty(TABLES["actors"]).schema,
    )
    return ledger(
        events, said, actors, decisions=decisions, attributions=open_ones, doubtful=doubtful
    )


def confidence(tables: Tables, actor: str = "Hill Group") -> float:
    return float(tables["adoption"].filter(pl.col("actor") == actor)["confidence"][0])


@pytest.mark.slow
def test_who_is_struck_by_a_states_drones_is_no_adopter() -> None:
    struck = told(*["Turkish drones strike a Hill Group post"] * 12)
    assert confidence(struck) < 0.2
    used = struck["state_uses"]
    assert used["actor"].unique().to_list() == ["Government of Turkey"]


@pytest.mark.slow
def test_whose_network_is_broken_into_says_nothing_of_the_other_side() -> None:
    struck = told(*["Hackers hit the army website"] * 8)
    assert confidence(struck) < 0.11


@pytest.mark.parametrize(
    ("text", "users"),
    [
        ("Ministry website hacked by unknown group as two rebels die", []),
        ("Army hackers break into Hill Group website", ["Government of Syria"]),
    ],
)
def test_a_state_is_named_for_a_break_in_only_by_words(text: str, users: list[str]) -> None:
    used = told(*[text] * 4)["state_uses"].filter(technology="cyber")
    assert used["actor"].to_list() == users


@pytest.mark.parametrize(
    ("text", "users"),
    [
        ("Bombing in the hills, Buram bridge blown up", []),
        ("Landmines laid by the army kill two in the hills", ["Government of Syria"]),
    ],
)
def test_a_state_is_named_for_a_laid_device_only_by_words(text: str, users: list[str]) -> None:
    used = told(*[text] * 4)["state_uses"].filter(technology="improvised-explosives")
    assert used["actor"].to_list() == users


@pytest.mark.slow
def test_a_state_is_one_whether_words_or_sides_name_it() -> None:
    """Words call it 'United States', and reports 'Government of United States of America'."""
    strike, america = "US drones strike a Hill Group post", "Government of United States of America"
    used = told(*[strike] * 8, a=("Government of Syria", america))["state_uses"]
    assert "Government of United States" not in set(used["actor"])
    [row] = used.filter(pl.col("actor") == america).to_dicts()
    assert row["n_incidents"] == 8
    # Where no report names it as a side, it is called as the words call it.
    assert "Government of United States" in set(told(*[strike] * 8)["state_uses"]["actor"])


@pytest.mark.slow
def test_one_body_of_a_state_is_one_row() -> None:
    names = ("PNH", "Police nationale", "Police nationale d'Haïti", "Forces armées d'Haïti")
    fire = "Police drones strike a Hill Group post"
    haiti = ((41, "Haiti"),)
    used = told(*[fire] * 16, a=names, places=haiti)["state_uses"]
    assert used["actor"].to_list() == ["Forces armées d'Haïti", "Police nationale d'Haïti"]
    assert used["n_incidents"].to_list() == [4, 12]
    # Without its state's name, the name that stands most often is kept.
    used = told(*[fire] * 6, a=("Police", "Police", "Policía"), places=haiti)["state_uses"]
    assert used.select("actor", "n_incidents").rows() == [("Police", 6)]
    # A body that is told to be another state's stays its own.
    two = told(*[fire] * 8, a=("Police", "Police Forces of Kenya"), places=haiti)["state_uses"]
    assert two.filter(actor="Police")["n_incidents"].to_list() == [4]


def test_doubtful_mentions_do_not_add_up() -> None:
    assert confidence(told(*["A drone strike in the hills"] * 12)) < 0.5


@pytest.mark.slow
def test_an_entry_stands_only_where_something_singles_its_organisation_out() -> None:
    """Landmines where a group and a state fight are somebody's, until words say whose.

    Of such headlines readers seldom can tell the user, whoever died (decision 149).
    """
    bare = ["Landmine blast on a road in the hills"] * 4
    assert confidence(told(*bare, deaths=(0, 0))) < 0.5
    assert confidence(told(*bare, deaths=(3, 0))) < 0.5
    named = "Hill Group landmine kills two soldiers"
    assert confidence(told(*bare, named, deaths=(0, 0))) > 0.5


@pytest.mark.slow
def test_what_a_joint_side_did_is_shared_by_its_members() -> None:
    """Words that name one member speak of it alone; no member is believed for the others' sake."""
    joint = {"b": "Hill Group, River Group", "known": ("Hill Group", "River Group")}
    both = told(*["Explosives kill three soldiers"] * 4, deaths=(3, 0), **joint)["adoption"]
    assert both["actor"].to_list() == ["Hill Group", "River Group"]
    assert (both["confidence"] < 0.5).all()
    assert both["expected"].sum() < 4
    one = told(*["River Group attacks the army with drones"] * 6, **joint)
    assert confidence(one, "River Group") > 0.8
    assert one["adoption"]["actor"].to_list() == ["River Group"]


@pytest.mark.slow
def test_what_is_only_the_prior_does_not_stand_as_a_belief() -> None:
    """One mention that names nobody, of whatever class, and a gold mine."""
    for text in (
        "Bomb explodes in the village",
        "A village hears hate speech on the radio",
        "Rockets fall on the village",
        "Drone over the village",
        "Clashes over a gold mine; fight at the mine",
    ):
        found = told(text, a="Lake Clan", b="River Clan")["adoption"]
        assert (found["confidence"] < 0.5).all(), text


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "",
        "Ten hacked to death with machetes in village raid",
        "https://news.example/drone-strike-kills-ten.html",
        "Clash_and_IED_Events_Dataset_2018.csv",
        "Misinformation swirls after a clash of militias",
        "drone " * 400,
        "Drone; Le groupe a attaqué; طائرة مسيرة تقصف; ataque con dron",
        ";;|;\x00\u202e",
    ],
)
def test_awkward_texts_make_nobody_adopt(text: str) -> None:
    for sides in (("Lake Clan", "River Clan"), ("Government of Syria", "Hill Group")):
        # Nobody's deaths are counted: what is awkward is the text, and it has to do the work alone.
        found = told(*[text] * 6, a=sides[0], b=sides[1], deaths=(0, 0))["adoption"]
        assert (found["confidence"] < 0.5).all()
        assert "cyber" not in found["technology"]


@pytest.mark.slow
def test_two_territories_of_one_organisation_are_one_possession() -> None:
    words = ["Hill Group attacks the army with drones"] * 6
    one, two = told(*words), told(*words, places=((652, "Syria"), (660, "Lebanon")))
    assert one["adoption"]["confidence"][0] > 0.8
    assert one["adoption"].height == 1
    assert two["adoption"].height == 2
    assert two["adoption"]["confidence"].n_unique() == 1
    draws = two["adoption_draws"].pivot("gwno", index="draw", values="onset")
    assert draws["652"].equals(draws["660"], null_equal=True)


@pytest.mark.slow
def test_who_is_named_as_the_user_is_one() -> None:
    named = told(*["Hill Group attacks the army with drones"] * 6)
    assert confidence(named) > 0.8
    assert named["adoption"]["n_named"].to_list() == [6]
    assert named["adoption_draws"]["singled"].all()


def test_a_files_title_makes_nobody_adopt() -> None:
    assert told(*["Clash and IED Events Dataset 2018"] * 9)["adoption"].is_empty()


def test_draws_are_joint_and_enough(found: Tables) -> None:
    draws = found["adoption_draws"]
    assert draws["draw"].n_unique() == KEPT_DRAWS >= 200
    assert draws.height == KEPT_DRAWS * found["adoption"].height
    keys = ["actor_id", "technology", "gwno"]
    has = draws.group_by(keys).agg((pl.col("onset").is_not_null()).mean().alias("share"))
    both = has.join(found["adoption"], on=keys)
    assert (both["share"] - both["confidence"]).abs().max() < 0.15


def test_an_open_perpetrator_is_spread_over_its_candidates() -> None:
    tables = told("Car bomb kills two", a="Unidentified armed group", b="Civilians")
    assert tables["adoption"].is_empty()


def test_candidates_that_are_joint_sides_stand_as_their_members() -> None:
    names = ["Hill Group", "River Group"]
    joint = ", ".join(names)
    row = {
        "incident_id": "r-0", "side": "a", "why": "missing", "answer": "actor", "reasons": "{}",
        "evidence_only": 0.5, "claims_factor": 1.0, "source": "made",
    }  # fmt: skip
    rows = [
        row | {"actor_id": name, "actor": name, "probability": p}
        for name, p in ((joint, 0.6), (names[0], 0.3))
    ]
    open_ones = pl.DataFrame(rows, schema=empty(TABLES["attributions"]).schema)
    texts = ["Car bomb kills two", "Clashes in the hills"]
    tables = told(*texts, a=joint, b="Civilians", known=tuple(names), open_ones=open_ones)
    found = tables["adoption"].sort("actor")
    assert found["actor"].to_list() == names
    assert found["expected"][0] > found["expected"][1] > 0


def test_no_statements_no_ledger(seen: Tables) -> None:
    events, _ = incidents(seen["reports"].head(20))
    none = ledger(events, empty(TABLES["technology_statements"]), seen["actors"])
    assert all(frame.is_empty() for frame in none.values())


DAYS = pl.Series([date(2020, 1, 1), date(2020, 2, 1), date(2020, 5, 1), date(2020, 6, 1)])


def held(
    onset: list[float], possession: float = 0.8, mentions: int = 4, said: list[str] | None = None
) -> Case:
    """A case whose onset is as probable on each of its days, with mentions in two territories."""
    shape = (SHARES.size, mentions)
    joint = np.zeros((SHARES.size, len(onset)))
    joint[2] = onset
    own = np.full(shape, 0.5)
    own[:, -1:] = 1.0
    chance = np.array([possession])
    posterior = Posterior(chance, joint, own, np.arange(mentions), np.zeros(mentions))
    rows = pl.DataFrame(
        {
            "actor_id": "1", "actor": ["Hill Band", "Hill Group", "Hill Band", "Hill Group"],
            "technology": "cyber", "territory": ["Mali", "Mali", "Niger", "Mali"],
            "gwno": [432, 432, 436, 432], "date_start": DAYS,
            "incident_id": ["i-1", "i-2", "i-3", "i-2"], "is_named": [True, True, True, False],
            "singles": [True, False, True, True], "coalition": [None, "B", None, "C"],
        }
    ).head(mentions)  # fmt: skip
    told_here = pl.DataFrame(
        {"actor": said or [], "log": [1.0] * len(said or [])},
        schema={"actor": pl.String, "log": pl.Float64},
    )
    return Case("1", "cyber", rows, told_here, DAYS, posterior)


def test_an_entry_holds_what_its_mentions_hold_territory_by_territory() -> None:
    found = _rows_of(held([0.04, 0.3, 0.46, 0.2]), None)
    mali, niger = found["adoption"]
    assert [mali["territory"], niger["territory"]] == ["Mali", "Niger"]
    # Of several names the last in the alphabet is kept.
    assert (mali["actor"], niger["actor"]) == ("Hill Group", "Hill Band")
    assert (mali["first_seen"], mali["last_seen"]) == (DAYS[0], DAYS[3])
    assert (mali["first_incident"], niger["first_incident"]) == ("i-1", "i-3")
    assert [(one["n_incidents"], one["n_named"]) for one in (mali, niger)] == [(2, 1), (1, 1)]
    assert {one["n_own"] for one in (mali, niger)} == {3}
    assert (mali["coalition"], niger["coalition"]) == ("C", None)
    # By the onset's day: 0.04, 0.34, 0.8 and 1 of 0.8, and a half of each but the last.
    assert mali["expected"] == pytest.approx(0.8 * (0.5 * 0.04 + 0.5 * 0.34 + 1.0))
    assert niger["expected"] == pytest.approx(0.8 * 0.5 * 0.8)
    assert (niger["low"], niger["high"]) == (0, 1)
    # Without possession, as in a fifth of the draws, nothing is used.
    assert (mali["low"], mali["high"]) == (0, 2)
    quarters = [(one["territory"], one["quarter"]) for one in found["adoption_quarters"]]
    first, second = date(2020, 1, 1), date(2020, 4, 1)
    assert quarters == [("Mali", first), ("Mali", second), ("Niger", second)]
    assert [one["expected"] for one in found["adoption_quarters"]] == pytest.approx(
        [0.8 * 0.5 * 0.38, 0.8, 0.8 * 0.4]
    )


@pytest.mark.parametrize(
    ("onset", "possession", "at"),
    [
        ([0.04, 0.3, 0.46, 0.2], 0.8, (1, 2, 3)), ([0.06, 0.45, 0.45, 0.04], 0.5, (0, 1, 2)),
        ([0.6, 0.38, 0.01, 0.01], 0.99, (0, 0, 1)), ([0.2, 0.2, 0.2, 0.2], 0.8, (0, 2, 3)),
        ([0.2, 0.2, 0.2, 0.2], 0.4999, None),
    ],
)  # fmt: skip
def test_since_when_is_the_quantiles_of_the_onset(
    onset: list[float], possession: float, at: tuple[int, ...] | None
) -> None:
    row = _rows_of(held(onset, possession), None)["adoption"][0]
    since = [row[name] for name in ("first_low", "first_median", "first_high")]
    assert since == [None] * 3 if at is None else [DAYS[one] for one in at]
    assert row["confidence"] == min(possession, CEILING)


def test_onsets_rise_to_the_confidence_and_end_where_they_are_as_good_as_sure() -> None:
    curve = _rows_of(held([0.5, 0.4, 0.09, 0.01], 0.9), None)["adoption_onsets"][:4]
    assert [one["date"] for one in curve[:3]] == DAYS.to_list()[:3]
    assert [one["probability"] for one in curve[:3]] == pytest.approx([0.45, 0.81, 0.891])
    assert curve[3]["territory"] == "Niger"
    sure = _rows_of(held([0.5, 0.49 - 1e-6, 0.01, 1e-6], 1.0), None)["adoption_onsets"]
    assert [one["probability"] for one in sure[:3]] == pytest.approx([0.5, CEILING, CEILING])
    (only, *_) = _rows_of(held([ENOUGH, 0.01, 0.0, 0.0], 0.5, 2), None)["adoption_onsets"]
    assert only["probability"] == pytest.approx(0.495)
    assert len(_rows_of(held([ENOUGH, 0.01, 0.0, 0.0], 0.5, 2), None)["adoption_onsets"]) == 1
    assert len(_rows_of(held([0.98, 0.02, 0.0, 0.0], 0.5, 2), None)["adoption_onsets"]) == 2


def test_draws_are_kept_with_their_day_and_none_for_never() -> None:
    found = _rows_of(held([0.0, 1.0, 0.0, 0.0], 0.7), None)["adoption_draws"]
    assert [one["draw"] for one in found] == [*range(KEPT_DRAWS)] * 2
    assert {one["onset"] for one in found} == {DAYS[1], None}
    assert np.mean([one["onset"] is None for one in found]) == pytest.approx(0.3, abs=0.08)
    assert all(one["singled"] for one in found)


def test_of_whom_only_people_here_speak_stands_at_home_with_nothing_seen() -> None:
    case = held([0.1, 0.5, 0.3, 0.1], 0.97, 0, ["Hillmen", "Hill Group"])
    found = _rows_of(case, ("Mali", 432))
    (row,) = found["adoption"]
    assert (row["actor_id"], row["actor"], row["technology"]) == ("1", "Hill Group", "cyber")
    assert (row["territory"], row["gwno"]) == ("Mali", 432)
    assert (row["first_seen"], row["last_seen"]) == (DAYS[0], DAYS[3])
    numbers = ("n_incidents", "n_named", "n_own", "expected", "low", "high")
    assert [row[name] for name in numbers] == [0] * 6
    assert (row["first_incident"], row["coalition"]) == (None, None)
    assert (row["first_low"], row["first_median"]) == (DAYS[0], DAYS[1])
    assert row["confidence"] == CEILING
    assert len(found["adoption_draws"]) == KEPT_DRAWS
    assert len(found["adoption_onsets"]) == 4
    assert found["adoption_quarters"] == []
    # Who has no incidents has no home, and stands nowhere.
    assert not any(_rows_of(case, None).values())


def test_a_home_is_where_most_incidents_are_and_of_two_the_first_number() -> None:
    fought = pl.DataFrame(
        [("1", "Niger", 436), ("1", "Mali", 432), ("1", "Mali", 432), ("2", "Niger", 436),
         ("2", "Mali", 432)],
        schema=["actor_id", "territory", "gwno"], orient="row",
    )  # fmt: skip
    assert _homes(fought) == {"1": ("Mali", 432), "2": ("Mali", 432)}


def test_incidents_count_where_their_reports_have_words() -> None:
    incidents = pl.DataFrame(
        {"incident_id": ["i-2", "i-1", "i-3"], "territory": "Mali", "gwno": 432,
         "date_start": [DAYS[1], DAYS[0], DAYS[0]]}
    )  # fmt: skip
    sides = pl.DataFrame(
        {"incident_id": ["i-1", "i-2", "i-1", "i-3", "i-3"], "actor_id": ["1", "1", "9", "1", "1"],
         "government": [False, False, True, False, False]}
    )  # fmt: skip

    def those(worded: list[str] | None) -> list[tuple[str, str]]:
        kept = None if worded is None else pl.Series(worded, dtype=pl.String)
        return list(_fought(incidents, sides, kept).select("actor_id", "incident_id").iter_rows())

    assert those(None) == [("1", "i-1"), ("1", "i-3"), ("1", "i-2")]
    assert those(["i-2", "i-9"]) == [("1", "i-2")]
    assert those([]) == []


def state_rows(*rows: dict[str, Any], sure: float = 1.0) -> list[dict[str, Any]]:
    """What states used by some mentions, with 'Government of Syria' on side a of each incident."""
    base = {
        "technology": "uncrewed-aircraft", "territory": "Syria", "gwno": 652, "by": "this-state",
        "date_start": date(2020, 1, 1), "is_named": False, "use": 0.9, "user_a": 0.8,
        "user_b": 0.1, "user_third": 0.1, "by_name": None,
    }  # fmt: skip
    mentions = pl.DataFrame(
        [base | {"incident_id": f"i-{at}"} | row for at, row in enumerate(rows)],
        schema_overrides={"by_name": pl.String},
    )
    sides = mentions.select(
        pl.lit(True).alias("government"), "incident_id", pl.lit("a").alias("side"),
        pl.lit("118").alias("actor_id"), pl.lit("Government of Syria").alias("actor"),
        pl.lit(sure).alias("sure"),
    ).unique()  # fmt: skip
    return list(_state_uses(mentions, sides))


def test_what_a_state_used_is_the_sum_over_its_mentions() -> None:
    last = date(2020, 3, 1)
    more = {"is_named": True, "date_start": last, "user_a": 0.5, "incident_id": "i-0"}
    (row,) = state_rows({}, {"use": 0.5}, more, sure=0.9)
    assert row["expected"] == pytest.approx(0.9 * (0.9 * 0.8 + 0.5 * 0.8 + 0.9 * 0.5))
    assert (row["first_seen"], row["last_seen"]) == (date(2020, 1, 1), last)
    # The words of the third name it, but it is less probably the user than not.
    assert (row["n_incidents"], row["n_named"]) == (2, 0)
    assert 0 <= row["low"] <= row["high"] <= 3
    assert (row["actor_id"], row["gwno"]) == ("118", 652)
    (even,) = state_rows({"is_named": True, "use": 1.0, "user_a": 0.5})
    assert even["n_named"] == 0
    (named,) = state_rows({"is_named": True})
    assert named["n_named"] == 1


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        # Half a use is expected, and one is likely.
        ([{"use": 1.0, "user_a": 0.5}], True), ([{"use": 0.99, "user_a": 0.5}], False),
        # Many that were hardly its own do not add up to one.
        ([{"user_a": 0.4}] * 9, False), ([{"use": 0.4}] * 9, False),
        ([{"user_a": 0.4}] * 9 + [{"use": 0.5, "user_a": 0.5}], True),
        # From afar words have to name it.
        ([{"technology": "cyber"}], False), ([{"technology": "cyber", "is_named": True}], True),
    ],
)  # fmt: skip
def test_a_state_is_named_where_a_use_is_likely(rows: list[dict[str, Any]], named: bool) -> None:
    assert len(state_rows(*rows)) == named


def test_another_state_that_words_name_is_one_with_the_side_that_it_is_elsewhere() -> None:
    other = {"by": "other-state", "user_a": 0.0, "user_third": 0.9, "is_named": True}
    (turkey,) = state_rows(other | {"by_name": "Turkey"})
    assert (turkey["actor_id"], turkey["actor"]) == ("Government of Turkey",) * 2
    assert turkey["expected"] == pytest.approx(0.9 * 0.9)
    (syria,) = state_rows(other | {"by_name": "Syria", "gwno": 660, "territory": "Lebanon"})
    assert (syria["actor_id"], syria["gwno"]) == ("118", 660)
    # As probably not, and an organisation, are none.
    assert not state_rows(other | {"by_name": "Turkey", "user_third": 0.5, "use": 1.0})
    assert not state_rows(other | {"by": "organisation", "by_name": "Turkey"})


def test_bodies_of_a_state_get_one_name_and_others_keep_theirs() -> None:
    named = [
        ("1", "PNH", 41), ("1", "PNH", 41), ("2", "Police nationale d'Haïti", 41),
        ("3", "Forces armées d'Haïti", 41), ("4", "Government of Haiti", 41),
        ("5", "Police Forces of Kenya", 41), ("6", "Police", 501), ("6", "Police", 501),
    ]  # fmt: skip
    own = pl.DataFrame(named, schema=["actor_id", "actor", "gwno"], orient="row")
    found = _one_name_a_body(own).select("actor_id", "actor", "gwno").rows()
    police, kenya = ("2", "Police nationale d'Haïti", 41), ("5", "Police Forces of Kenya", 41)
    assert found[:6] == [*[police] * 3, *named[3:5], kenya]
    # Kenya's police have one body, whichever name has the state's stands for it.
    assert found[6:] == [("5", "Police Forces of Kenya", 501)] * 2
    # Of names that stand as often as each other the first of the ids is kept.
    two = [("2", "Police", 41), ("1", "Policía", 41)]
    even = pl.DataFrame(two, schema=["actor_id", "actor", "gwno"], orient="row")
    assert _one_name_a_body(even).select("actor_id", "actor").rows() == [("1", "Policía")] * 2
    alone = own.head(2)
    assert _one_name_a_body(alone).equals(alone)
