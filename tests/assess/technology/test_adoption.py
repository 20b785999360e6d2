"""The ledger carries doubt of tags, users and perpetrators, and counts no state and no civilian."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.assess.incidents import incidents
from tocsin.assess.technology.adoption import CEILING, KEPT_DRAWS, ledger
from tocsin.assess.technology.mentions import statements
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


def test_who_is_struck_by_a_states_drones_is_no_adopter() -> None:
    struck = told(*["Turkish drones strike a Hill Group post"] * 12)
    assert confidence(struck) < 0.2
    used = struck["state_uses"]
    assert used["actor"].unique().to_list() == ["Government of Turkey"]


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
