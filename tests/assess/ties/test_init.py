"""Ties are dated, reversible, and never merged."""

from __future__ import annotations

from datetime import UTC, date, datetime

import polars as pl
import pytest

from tocsin.assess.actors.statements import statements, withdrawal
from tocsin.assess.ties import find_ties
from tocsin.schema import TABLES, empty
from tocsin.schema.vocabulary.folding import seal

A, B, C = "11", "12", "13"
NAMES = {A: "Alpha", B: "Bravo", C: "Charlie", "9": "Government of Syria"}


def _frame(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    blank = empty(TABLES[table])
    return pl.DataFrame(rows, schema=blank.schema) if rows else blank


def _incident(n: int, one: str, two: str, day: date, gwno: int = 652) -> dict[str, object]:
    return {
        "incident_id": f"i{n}", "date_start": day, "date_end": day, "date_prec": 1,
        "place_prec": 1, "territory": "Syria" if gwno == 652 else "Iraq", "gwno": gwno,
        "event_type": "state-based", "target": "combatants",
        "actor_a_id": one, "actor_a": NAMES[one], "actor_b_id": two, "actor_b": NAMES[two],
        "deaths_low": 1, "deaths_best": 1, "deaths_high": 1, "n_reports": 1, "source": "made",
    }  # fmt: skip


INCIDENTS = _frame(
    "incidents",
    [
        _incident(1, A, "9", date(2016, 1, 1)),
        _incident(2, A, "9", date(2017, 6, 1)),
        _incident(3, B, "9", date(2017, 1, 1)),
        _incident(4, B, "9", date(2020, 6, 1)),
        _incident(5, C, "9", date(2019, 1, 1)),
        _incident(6, C, "9", date(2021, 1, 1)),
    ],
)
ACTORS = _frame(
    "actors",
    [
        {"actor_id": one, "name": called, "gwnos": "652", "source": "UCDP Actor 22.1",
         "kind": "state" if one == "9" else "non-state formal"}
        for one, called in NAMES.items()
    ],
)  # fmt: skip
RELATIONS = _frame(
    "actor_relations",
    [
        {"actor_id": B, "relation": "splinter", "related_id": A, "related_name": "Alpha",
         "source": "UCDP Actor 22.1"},
        {"actor_id": C, "relation": "splinter", "related_id": A, "related_name": "Alpha",
         "source": "UCDP Actor 22.1"},
    ],
)  # fmt: skip


def _support(actor: str, year: int, supporter: str, kinds: str) -> dict[str, object]:
    called = NAMES.get(supporter, "Government of Ruritania")
    return {
        "actor_id": actor, "actor": NAMES[actor], "opponent_id": "9", "opponent": NAMES["9"],
        "year": year, "supporter_id": supporter, "supporter": called,
        "by_state": called.startswith("Government"), "kinds": kinds, "source": "support",
    }  # fmt: skip


SUPPORTS = _frame(
    "supports",
    [
        *(_support(A, year, "77", "weapons") for year in (2014, 2015, 2017)),
        *(_support(B, year, "77", "funding") for year in (2014, 2015, 2017)),
        _support(C, 2016, A, "training"),
    ],
)


def _ties(
    decisions: pl.DataFrame | None = None, told: list[dict[str, object]] | None = None
) -> pl.DataFrame:
    none = empty(TABLES["actor_decisions"])
    names, links = statements(
        ACTORS, RELATIONS, empty(TABLES["reports"]), none if decisions is None else decisions
    )
    told_ties = _frame("told_ties", told or [])
    given = {"supports": SUPPORTS, "told_ties": told_ties}
    return find_ties(INCIDENTS, ACTORS, names, links, **given)["ties"]


def _between(ties: pl.DataFrame, one: str, two: str, channel: str) -> pl.DataFrame:
    return ties.filter(actor_id=one, related_id=two, channel=channel)


@pytest.fixture(scope="module")
def ties() -> pl.DataFrame:
    return _ties()


def test_an_undated_split_has_the_time_of_both(ties: pl.DataFrame) -> None:
    for one, two in ((A, B), (B, A)):
        [row] = _between(ties, one, two, "ties").to_dicts()
        assert (row["from_date"], row["to_date"]) == (date(2017, 1, 1), date(2017, 6, 1))
        assert row["dates"] == "activity"


def test_who_was_never_active_at_once_has_the_time_of_the_later(ties: pl.DataFrame) -> None:
    [row] = _between(ties, C, A, "ties").to_dicts()
    # Charlie was active in the last year of the incidents, so it is taken to be there still.
    assert (row["from_date"], row["to_date"]) == (date(2019, 1, 1), None)


def test_a_run_of_years_is_one_tie_of_common_sponsorship(ties: pl.DataFrame) -> None:
    rows = _between(ties, A, B, "sponsor").sort("from_date")
    assert rows.select("from_date", "to_date", "source_ends", "weight").rows() == [
        (date(2014, 1, 1), date(2015, 12, 31), False, 0.5),
        (date(2017, 1, 1), date(2017, 12, 31), True, 0.5),
    ]
    assert rows["because"][0] == "support: common sponsor: Government of Ruritania, 2014 to 2015"


def test_who_trains_exposes_and_is_not_exposed(ties: pl.DataFrame) -> None:
    assert _between(ties, C, A, "training").height == 1
    assert _between(ties, A, C, "training").is_empty()


def test_weights_of_a_territory_are_one_together(ties: pl.DataFrame) -> None:
    mine = ties.filter(pl.col("channel").is_in(["territory", "adversary"]))
    assert mine["actor_id"].is_in(["9"]).sum() == 0
    sums = mine.group_by("actor_id", "channel").agg(pl.col("weight").sum())["weight"]
    assert sums.to_list() == pytest.approx([1.0] * len(sums))


def test_a_withdrawn_statement_makes_no_tie(ties: pl.DataFrame) -> None:
    _, links = statements(
        ACTORS, RELATIONS, empty(TABLES["reports"]), empty(TABLES["actor_decisions"])
    )
    said = links.filter(actor_id=B, relation="splinter")["statement_id"][0]
    gone = _ties(withdrawal(said, source="the desk", reason="no", at=datetime.now(UTC)))
    assert _between(gone, B, A, "ties").is_empty()
    assert gone.height == ties.height - 2


def test_a_users_tie_stands_beside_what_sources_say(ties: pl.DataFrame) -> None:
    mine = {
        "actor": "bravo", "related": "Delta", "both_ways": True, "channel": "ties",
        "from_date": date(2018, 1, 1), "to_date": None, "weight": 2.0, "source": "the desk",
        "row": "row 3 of t.csv",
    }  # fmt: skip
    more = _ties(told=[mine, mine | {"related": "Alpha"}])
    assert more.height == ties.height + 4
    assert _between(more, B, A, "ties").height == 2
    # Nobody knows Delta, so the start of its seal serves as its id, and its name is nowhere.
    assert _between(more, seal("Delta")[:23], B, "ties")["actor"].to_list() == [
        "row 3 of t.csv: nobody known here"
    ]
    assert "Delta" not in str(more.to_dicts())


def test_nothing_makes_no_tie() -> None:
    none = {name: empty(TABLES[name]) for name in ("supports", "told_ties")}
    names = ("incidents", "actors", "actor_names", "actor_links")
    found = find_ties(*(empty(TABLES[name]) for name in names), **none)
    assert found["ties"].is_empty()
    assert found["actor_spells"].is_empty()


def test_spells_tell_who_is_still_there() -> None:
    none = {name: empty(TABLES[name]) for name in ("supports", "told_ties")}
    names = [empty(TABLES[name]) for name in ("actor_names", "actor_links")]
    found = find_ties(INCIDENTS, ACTORS, *names, **none)["actor_spells"]
    still = dict(found.select("actor_id", "still_active").iter_rows())
    assert still == {A: False, B: True, C: True, "9": True}
    assert found.filter(actor_id="9").select("n_incidents", "government").row(0) == (6, True)


def _doubted(*rows: tuple[str, str, str, float]) -> dict[str, pl.DataFrame]:
    """Ties and spells where these sides (incident, side, organisation) are only suspected."""
    none = {name: empty(TABLES[name]) for name in ("supports", "told_ties")}
    names = [empty(TABLES[name]) for name in ("actor_names", "actor_links")]
    doubtful = pl.DataFrame(
        [(*one[:3], NAMES[one[2]], one[3]) for one in rows],
        schema=["incident_id", "side", "actor_id", "actor", "sure"],
        orient="row",
    )
    return find_ties(INCIDENTS, ACTORS, *names, **none, doubtful=doubtful if rows else None)


def test_a_suspect_was_there_as_probably_as_it_was_the_side() -> None:
    spells = _doubted(("i5", "a", C, 0.6), ("i6", "a", C, 0.5))["actor_spells"]
    assert spells.filter(actor_id=C)["probability"].item() == pytest.approx(0.8)
    assert spells.filter(actor_id=C)["n_incidents"].item() == 2
    assert spells.filter(pl.col("actor_id") != C)["probability"].to_list() == [1.0] * 3
    # One incident that names it plainly is enough.
    one = _doubted(("i5", "a", C, 0.6))["actor_spells"].filter(actor_id=C)
    assert one["probability"].item() == 1.0


def test_a_spell_begins_where_it_had_as_likely_as_not() -> None:
    for sure, first in ((0.6, date(2019, 1, 1)), (0.3, date(2021, 1, 1))):
        spell = _doubted(("i5", "a", C, sure))["actor_spells"].filter(actor_id=C)
        assert spell["first_day"].item() == first
    for sure, last in ((0.6, date(2020, 6, 1)), (0.3, date(2017, 1, 1))):
        spell = _doubted(("i4", "a", B, sure))["actor_spells"].filter(actor_id=B)
        assert spell["last_day"].item() == last


def test_who_certainly_was_not_the_side_was_not_there() -> None:
    found = _doubted(("i5", "a", C, 0.0), ("i6", "a", C, 0.0))
    assert C not in found["actor_spells"]["actor_id"]
    assert not {C} & {*found["ties"]["actor_id"], *found["ties"]["related_id"]}


def test_ties_that_rest_on_suspicions_weigh_less() -> None:
    plain, doubt = (
        _doubted(*rows)["ties"] for rows in ((), (("i3", "a", B, 0.6), ("i4", "a", B, 0.5)))
    )
    assert plain.height == doubt.height
    both = plain.join(doubt, on=["actor_id", "related_id", "channel"], suffix="_doubt")
    assert both.height == plain.height
    for row in both.to_dicts():
        less = 0.8 if B in {row["actor_id"], row["related_id"]} else 1.0
        assert row["weight_doubt"] == pytest.approx(less * row["weight"])
    # An adversary that is only suspected makes no sure tie either.
    foe = _doubted(*((f"i{n}", "b", "9", 0.5) for n in range(1, 7)))["ties"]
    for row in foe.filter(channel="adversary", actor_id=A).to_dicts():
        assert row["weight"] < 0.8
