"""Two ledgers, side by side where they disagree."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.assess.ties.conflicts import ledger_conflicts
from tocsin.observe import Source, reading
from tocsin.schema import TABLES, empty
from tocsin.schema.vocabulary.folding import seal

DAY = date(2017, 1, 1)
ENTRY = {
    "actor_id": "1", "actor": "Alpha", "technology": "cyber", "territory": "Syria", "gwno": 652,
    "first_seen": DAY, "first_incident": "i", "first_low": DAY, "first_median": DAY,
    "first_high": date(2017, 12, 31), "last_seen": DAY, "n_incidents": 1, "n_named": 1,
    "expected": 1.0, "low": 0.0, "high": 1.0, "confidence": 0.9, "source": "s",
}  # fmt: skip
NAME = {
    "statement_id": "s-1", "actor_id": "1", "weight": 1.0, "dates_weight": 0.0,
    "withdrawn": False, "name": "Alpha", "form": "name", "source": "UCDP Actor 22.1",
}  # fmt: skip


def _found(*told: dict[str, object], confidence: float | None = 0.9) -> pl.DataFrame:
    mine = {"actor": "ALPHA", "technology": "cyber", "confidence": 1.0, "source": "me"}
    adoption = empty(TABLES["adoption"])
    if confidence is not None:
        adoption = pl.DataFrame([ENTRY | {"confidence": confidence}], schema=adoption.schema)
    names = pl.DataFrame([NAME], schema=empty(TABLES["actor_names"]).schema)
    rows = [mine | one for one in told]
    told_table = pl.DataFrame(rows, schema=empty(TABLES["told_adoptions"]).schema)
    return ledger_conflicts(told_table, adoption, names, pl.Series([DAY, date(2019, 5, 1)]))


@pytest.mark.parametrize(
    ("told", "confidence", "words"),
    [
        ({"to_date": date(2016, 12, 1)}, 0.9, "earlier"),
        ({"from_date": date(2018, 2, 1)}, 0.9, "later"),
        ({}, 0.9, "has not"),
        ({"from_date": DAY}, 0.2, "inferred ledger does not"),
        ({"from_date": DAY}, None, "no report here tells of it"),
        ({"from_date": date(2019, 5, 2)}, 0.9, "after 2019-05-01, the last day"),
        ({"actor": "Quite Another", "from_date": DAY}, 0.9, "names nobody known here"),
        ({"actor": "Mali", "from_date": DAY}, 0.9, "state_uses"),
        ({"actor": "Gouvernement du Mali", "from_date": DAY}, 0.9, "state_uses"),
        ({"actor": "Government of Sudan", "from_date": DAY}, 0.9, "state_uses"),
    ],
)
def test_a_conflict_is_told_in_words(
    told: dict[str, object], confidence: float | None, words: str
) -> None:
    [row] = _found(told, confidence=confidence).to_dicts()
    assert words in row["conflict"]
    sealed = seal(str(told.get("actor")))[:23]
    assert row["actor_id"] == (sealed if "actor" in told else "1")
    assert "Quite" not in str(row)
    assert row["inferred_confidence"] == (0.0 if "actor" in told else confidence or 0.0)


def test_a_sentence_says_the_number_of_the_column_beside_it() -> None:
    [row] = _found({"from_date": DAY}, confidence=0.3164).to_dicts()
    assert "(0.31)" in row["conflict"]


@pytest.mark.parametrize(
    ("told", "confidence"),
    [
        ({"from_date": DAY, "to_date": date(2017, 6, 1)}, 0.9),
        ({}, None),
        ({}, 0.3),
        ({"from_date": DAY, "confidence": 0.2}, 0.1),
    ],
)
def test_where_they_agree_nothing_is_listed(
    told: dict[str, object], confidence: float | None
) -> None:
    assert _found(told, confidence=confidence).is_empty()


def test_rows_that_contradict_each_other_are_set_against_each_other() -> None:
    never, has = {"source": "one desk"}, {"from_date": DAY, "to_date": DAY, "source": "other desk"}
    first, second = _found(never, has)["conflict"]
    assert "2017-01-01 to 2017-01-01 (other desk" in first
    assert "never (one desk" in second
    later = {"from_date": date(2018, 1, 1), "to_date": date(2018, 2, 1)}
    assert _found(has, later).height == 2
    assert _found(has, has | {"to_date": date(2018, 1, 1)}).is_empty()


def test_a_name_of_several_is_that_of_the_one_in_the_ledger_or_asked_after() -> None:
    names = pl.DataFrame(
        [NAME, NAME | {"actor_id": "2", "statement_id": "s-2"}],
        schema=empty(TABLES["actor_names"]).schema,
    )
    told = pl.DataFrame(
        [{"actor": "Alpha", "technology": "cyber", "confidence": 1.0, "source": "me"}],
        schema=empty(TABLES["told_adoptions"]).schema,
    )
    adoption = pl.DataFrame([ENTRY], schema=empty(TABLES["adoption"]).schema)
    [row] = ledger_conflicts(told, adoption, names).to_dicts()
    assert row["actor_id"] == "1"
    assert "has not" in row["conflict"]
    [row] = ledger_conflicts(told, adoption.clear(), names).to_dicts()
    assert "give the id" in row["conflict"]


JUSTICE = "Justice and Equality Movement"


@pytest.mark.parametrize(
    ("told", "known", "proposed"),
    [
        (JUSTICE, ["JEM"], "JEM"),
        ("JEM", [JUSTICE], JUSTICE),
        ("JEM", [JUSTICE, "Justice & Equality Movement"], None),
        ("RSF", ["Red Star Front", "Rapid Support Forces"], None),
        ("Musa Hilal", ["MH"], None),
        ("ISIS", ["Islamic State (ISIS)"], "Islamic State (ISIS)"),
        ("Islamic State", ["Islamic State (ISIS)"], "Islamic State (ISIS)"),
    ],
)
def test_a_name_is_proposed_by_its_initials_and_never_assumed(
    told: str, known: list[str], proposed: str | None
) -> None:
    names = pl.DataFrame(
        [
            NAME | {"name": one, "actor_id": str(i), "statement_id": f"s-{i}"}
            for i, one in enumerate(known)
        ],
        schema=empty(TABLES["actor_names"]).schema,
    )
    text = f"actor,technology,from,to\n{told},cyber,2016,2016\n"
    table = reading(Source.of_bytes("a.csv", text.encode())).tables()["told_adoptions"]
    mine = ENTRY | {"actor": known[0], "actor_id": "0", "confidence": 0.89}
    adoption = pl.DataFrame([mine], schema=empty(TABLES["adoption"]).schema)
    [found] = ledger_conflicts(table, adoption, names).to_dicts()
    assert found["actor"] == "row 2 of a.csv: nobody known here"
    assert found["actor_id"] == seal(told)[:23]
    assert found["inferred_confidence"] == 0.0
    if proposed is None:
        assert "names nobody known here" in found["conflict"]
    else:
        # What each of the two says stands there, and neither is moved.
        for words in (f"the same as '{proposed}'", "2016-01-01 to 2016-12-31", "(0.89), since"):
            assert words in found["conflict"]
    # The statement that they are one makes the row that organisation's.
    also = NAME | {"name": told, "actor_id": "0", "statement_id": "s-9", "form": "other name"}
    both = pl.concat([names, pl.DataFrame([also], schema=names.schema)])
    [found] = ledger_conflicts(table, adoption, both).to_dicts()
    assert (found["actor_id"], found["conflict"]) == ("0", "The user's first use is earlier.")
