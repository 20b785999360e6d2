"""Which state had a class when: rows need a source and a year; who lacked it was not the user."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tocsin.assess.technology.mentions import statements
from tocsin.assess.technology.mentions.states import (
    COLUMNS,
    read_states,
    shipped_states,
    states_without,
)
from tocsin.errors import UsageError
from tocsin.schema import TABLES, empty
from tocsin.schema.geography.territory import by_gwno

DRONES = "uncrewed-aircraft"
ROW = f"{DRONES},652,Syria,2018,,3,Invented source"


def table(tmp_path: Path, *rows: str) -> pl.DataFrame:
    path = tmp_path / "states.csv"
    path.write_text("\n".join([",".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return read_states(path)


def test_the_shipped_table_has_known_states_and_sources() -> None:
    for row in shipped_states().iter_rows(named=True):
        assert by_gwno(row["gwno"]).name
        assert len(row["source"]) > 10
        # A row whose source nobody saw says so itself.
        if row["checked"] is None:
            assert "general knowledge" in row["source"]
        else:
            assert date.fromisoformat(row["checked"]) <= date(2026, 11, 26)


def test_before_its_first_year_a_state_lacks_it(tmp_path: Path) -> None:
    never = f"{DRONES},482,Central African Republic,,2019,2,Invented source"
    unsure = f"{DRONES},626,South Sudan,,2019,1,Invented source"
    states = table(tmp_path, ROW, never, unsure)
    assert states_without(states, DRONES, 2017) == {652, 482}
    assert states_without(states, DRONES, 2018) == {482}
    assert states_without(states, DRONES, 2020) == frozenset()
    assert states_without(states, "cyber", 2010) == frozenset()
    assert states["checked"].null_count() == 3  # a table of one's own may leave it out


@pytest.mark.parametrize(
    "row",
    [
        f"{DRONES},652,Syria,,,3,s",
        f"{DRONES},652,Syria,about 2018,,3,s",
        f"{DRONES},652,Syria,2018,,sure,s",
        f"{DRONES},652,Syria,2018,2019,3,s",
        f"{DRONES},652,Syria,2018,,3,",
        f"{DRONES},,Syria,2018,,3,s",
        "sorcery,652,Syria,2018,,3,s",
        f"{DRONES},652,Syria,2018,,9,s",
    ],
)
def test_a_row_that_says_nothing_is_refused_with_its_line(tmp_path: Path, row: str) -> None:
    with pytest.raises(UsageError) as told:
        table(tmp_path, ROW, row)
    assert told.value.where == "states.csv, line 3"


def test_a_table_without_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "states.csv"
    path.write_text("technology,gwno\n", encoding="utf-8")
    with pytest.raises(UsageError, match="as_of"):
        read_states(path)


@pytest.mark.slow
def test_a_state_without_the_class_is_hardly_its_user(tmp_path: Path) -> None:
    report = {
        "report_id": "r", "headline": "A drone strike in the hills", "event_type": "state-based",
        "gwno": 652, "territory": "Syria", "actor_a": "Government of Syria",
        "actor_b": "Hill Group", "date_start": date(2017, 1, 1),
    }  # fmt: skip
    reports = pl.DataFrame([report], schema=empty(TABLES["reports"]).schema)
    links = pl.DataFrame({"report_id": ["r"], "incident_id": ["i"]})
    plain = statements(reports, links)
    told = statements(reports, links, states=table(tmp_path, ROW))
    assert told["user_a"][0] < plain["user_a"][0] / 3
    assert told["user_b"][0] > plain["user_b"][0]


@pytest.mark.parametrize(
    ("row", "year", "lacks"),
    [
        (f"{DRONES},652,Syria,2018,,3,s", 2017, True),
        (f"{DRONES},652,Syria,2018,,3,s", 2018, False),
        (f"{DRONES},652,Syria,,2019,3,s", 2019, True),
        (f"{DRONES},652,Syria,,2019,3,s", 2020, False),
        (f"{DRONES},652,Syria,,2019,2,s", 2019, True),
        (f"{DRONES},652,Syria,,2019,1,s", 2019, False),
        ("cyber,652,Syria,,2019,3,s", 2019, False),
    ],
)
def test_a_state_lacks_a_class_before_its_first_year_and_up_to_the_last_that_is_known(
    tmp_path: Path, row: str, year: int, lacks: bool
) -> None:
    assert (652 in states_without(table(tmp_path, row), DRONES, year)) == lacks


def test_a_row_that_is_not_understood_is_named_by_its_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as refused:
        table(tmp_path, ROW, f"{DRONES},652,Syria,,,3,s")
    assert refused.value.where == "states.csv, line 3"
    for certainty, known in ((0, False), (1, True), (2, True), (3, True), (4, False)):
        row = f"{DRONES},652,Syria,2018,,{certainty},s"
        if known:
            assert table(tmp_path, row)["certainty"].to_list() == [certainty]
        else:
            with pytest.raises(UsageError, match="not understood"):
                table(tmp_path, row)
